"""The inequalities on which steps rest, each searched for counterexamples on exact chains.

Every lemma of chapter 2 is a claim of its own, evaluated as it stands there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from sympy import Expr, sqrt

from jacspec.numerics import Chain
from jacspec.numerics.spectra.small_exact import singular_decomposition
from jacspec.proofs_check.claims.claim import Claim, Whose
from jacspec.proofs_check.claims.margin import Bound, at_most
from jacspec.proofs_check.interpretation import evaluate_scalar
from jacspec.proofs_check.interpretation.points.leading import LeadingPoint
from jacspec.proofs_check.interpretation.points.ordered import SplitPoint
from jacspec.proofs_check.strategies import chains
from jacspec.theory.derivations.derivation import DerivedLemma
from jacspec.theory.derivations.domain import Domain
from jacspec.theory.derivations.lemma import Lemma
from jacspec.theory.derivations.proposition import Proposition
from jacspec.theory.results.alignment.full_rank import LEMMAS
from jacspec.theory.results.alignment.leading_rank import RANK_LEMMAS
from jacspec.theory.results.propositions.alignment import EVERY_PAIR, LEADING_PAIRS

__all__ = ["CLAIMS", "determined", "source_of"]

_WIDTHS, _MODES = st.integers(2, 3), st.integers(1, 3)
_WIDTH_OF_RANK, _MODES_OF_RANK = st.just(3), st.integers(1, 2)
"""Where r = 2 directions lead: width 3, and i, k ≤ 2."""


_SHARES = {"beyond-r": 100}
"""By what the larger side is divided to be refuted, where random chains stay far from equality."""


def determined(chain: Chain) -> bool:
    """M_2, M_1 and their product are nonsingular with simple spectra: every vector is determined."""
    products = (*chain.exact, chain.product())
    return all(
        bool(product.det() != 0)
        and all(count == 1 for count in singular_decomposition(product).multiplicities)
        for product in products
    )


def _ordered(small: Expr, large: Expr, at: type[SplitPoint]) -> Callable[..., Bound]:
    """Small ≤ large at a chain of two factors, A = M_2 and B = M_1."""

    def conclusion(chain: Chain, first: int, second: int) -> Bound:
        width = chain.shape[0]
        point = at(chain, (first - 1) % width + 1, (second - 1) % width + 1, "")
        return at_most(evaluate_scalar(small, point), evaluate_scalar(large, point))

    return conclusion


def _claim(
    lemma: Lemma,
    whose: Whose,
    at: type[SplitPoint] = SplitPoint,
    widths: st.SearchStrategy[int] = _WIDTHS,
    modes: st.SearchStrategy[int] = _MODES,
    domain: Domain = EVERY_PAIR,
) -> Claim:
    small, large = lemma.small, lemma.large
    share = _SHARES.get(lemma.label, 2)
    # Of two wrong powers, the one that integer matrices refute.
    power = (
        {"the square of the larger side": large**2}
        if large.as_numer_denom()[0] == 1
        else {"the root of the larger side": sqrt(large)}
    )
    wrong: dict[str, Any] = {
        f"$1/{share}$ of the larger side": _ordered(small, large / share, at),
        **{name: _ordered(small, altered, at) for name, altered in power.items()},
        "the sides exchanged": _ordered(large, small, at),
    }
    return Claim(
        label=f"lemma-{lemma.label}",
        propositions=(Proposition.of_lemma(lemma, domain),),
        given={"chain": chains(2, widths), "first": modes, "second": modes},
        hypotheses={"nonsingular, simple spectra": lambda chain, **_: determined(chain)},
        conclusion=_ordered(small, large, at),
        mutants=wrong,
        free=("chain",),
        derivation=lemma.shown_by if isinstance(lemma, DerivedLemma) else None,
        whose=whose,
        source=source_of(lemma),
    )


def source_of(lemma: Lemma) -> str:
    """What the lemma is, and under which hypotheses."""
    needed = ", ".join(each.title for each in lemma.hypotheses)
    return lemma.title + (f", needs {needed}" if needed else "")


CLAIMS = (
    *(_claim(lemma, Whose.CLASSICAL) for lemma in LEMMAS),
    *(
        _claim(lemma, Whose.OURS, LeadingPoint, _WIDTH_OF_RANK, _MODES_OF_RANK, LEADING_PAIRS)
        for lemma in RANK_LEMMAS
    ),
)
"""The lemmas, in the order in which the derivations use them."""
