"""The inequalities on which steps rest, each searched for counterexamples on exact chains.

Every lemma is a claim of its own, evaluated as it stands in its derivation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

from jacspec.numerics import Chain
from jacspec.numerics.spectra.small_exact import singular_decomposition
from jacspec.proofs_check.claims.claim import Claim, Statement, Whose
from jacspec.proofs_check.interpretation import Interpretation
from jacspec.proofs_check.interpretation.points.leading import LeadingPoint
from jacspec.proofs_check.interpretation.points.ordered import SplitPoint
from jacspec.proofs_check.referee.propositions.conclusion import searched
from jacspec.proofs_check.strategies import chains
from jacspec.theory.derivations.derivation import DerivedLemma
from jacspec.theory.derivations.domain import Domain
from jacspec.theory.derivations.lemma import Lemma
from jacspec.theory.derivations.proposition import Proposition
from jacspec.theory.results.alignment.full_rank import LEMMAS
from jacspec.theory.results.alignment.leading_rank import RANK_LEMMAS
from jacspec.theory.results.propositions.alignment import EVERY_PAIR, LEADING_PAIRS


def claim_of(
    lemma: Lemma,
    domain: Domain,
    at: Callable[..., Interpretation],
    hypotheses: Mapping[str, Statement],
    **particulars: Any,
) -> Claim:
    """The claim that a lemma holds on a domain."""
    needed = ", ".join(each.title for each in lemma.hypotheses)
    return Claim(
        label=f"lemma-{lemma.label}",
        **searched([Proposition.of_lemma(lemma, domain)], at, hypotheses),
        derivation=lemma.shown_by if isinstance(lemma, DerivedLemma) else None,
        source=lemma.title + (f"; needs: {needed}" if needed else ""),
        **particulars,
    )


def _determined(chain: Chain) -> bool:
    """M_2, M_1 and their product are nonsingular with simple spectra: every vector is determined."""
    products = (*chain.exact, chain.product())
    return all(
        bool(product.det() != 0)
        and all(count == 1 for count in singular_decomposition(product).multiplicities)
        for product in products
    )


_DETERMINED = {"nonsingular, simple spectra": _determined}

CLAIMS = (
    *(
        claim_of(
            lemma,
            EVERY_PAIR,
            SplitPoint,
            _DETERMINED,
            given={"chain": chains(2, st.integers(2, 3))},
            free=("chain",),
            whose=Whose.CLASSICAL,
        )
        for lemma in LEMMAS
    ),
    *(
        claim_of(
            lemma,
            LEADING_PAIRS,
            LeadingPoint,
            _DETERMINED,
            given={"chain": chains(2, 3)},
            free=("chain",),
            whose=Whose.OURS,
        )
        for lemma in RANK_LEMMAS
    ),
)
"""The lemmas of chapter 2, in the order in which the derivations use them."""
