"""The inequalities on which steps rest, each searched for counterexamples on exact chains.

Every lemma of ``theory.lemmas`` is a claim of its own, evaluated as it stands there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from sympy import Expr, sqrt

from numerics import Chain
from numerics.exact import singular_decomposition
from proofs_check.chain_points import SplitPoint
from proofs_check.claim import Claim
from proofs_check.interpretation import evaluate_scalar
from proofs_check.margin import Bound, at_most
from proofs_check.strategies import chains
from theory.lemmas import LEMMAS, Lemma
from theory.printing import text

__all__ = ["CLAIMS", "determined"]

_WIDTH = 3


def determined(chain: Chain) -> bool:
    """M_2, M_1 and their product are nonsingular with simple spectra: every vector is determined."""
    products = (*chain.exact, chain.product())
    return all(
        bool(product.det() != 0)
        and all(count == 1 for count in singular_decomposition(product).multiplicities)
        for product in products
    )


def _ordered(small: Expr, large: Expr) -> Callable[..., Bound]:
    """Small ≤ large at a chain of two factors, A = M_2 and B = M_1."""

    def conclusion(chain: Chain, first: int, second: int) -> Bound:
        width = chain.shape[0]
        point = SplitPoint(chain, (first - 1) % width + 1, (second - 1) % width + 1, "")
        return at_most(evaluate_scalar(small, point), evaluate_scalar(large, point))

    return conclusion


def _claim(lemma: Lemma) -> Claim:
    small, large = lemma.small, lemma.large
    wrong: dict[str, Any] = {
        "twice as strong": _ordered(small, large / 2),
        "the root of the larger side": _ordered(small, sqrt(large)),
        "the sides exchanged": _ordered(large, small),
    }
    return Claim(
        label=f"lemma-{lemma.label}",
        statement=f"{text(small)} ≤ {text(large)}, A = A_l, B = B_l",
        given={
            "chain": chains(2, st.integers(2, _WIDTH)),
            "first": st.integers(1, _WIDTH),
            "second": st.integers(1, _WIDTH),
        },
        hypotheses={"nonsingular, simple spectra": lambda chain, **_: determined(chain)},
        conclusion=_ordered(small, large),
        mutants=wrong,
        free=("chain",),
        source=f"{lemma.title}; {lemma.needs}",
    )


CLAIMS = tuple(_claim(lemma) for lemma in LEMMAS)
"""The lemmas, in the order in which the derivations use them."""
