"""Section 3 of the ledger: exponents, gaps and intercepts at Gaussian initialisation, in balls.

Nothing is sampled: the propositions are about numbers, and evaluated at whole ones.
"""

from __future__ import annotations

from flint import arb, fmpq
from hypothesis import strategies as st

from jacspec.proofs_check.claims.claim import Claim, Whose
from jacspec.proofs_check.interpretation.points.numbers import NumbersPoint
from jacspec.proofs_check.referee.propositions.conclusion import searched
from jacspec.proofs_check.strategies import rationals
from jacspec.theory.notation import numbers
from jacspec.theory.notation.symbols import k
from jacspec.theory.results.initialisation import exponents, gap_orders, gaps
from jacspec.theory.results.propositions.initialisation import GAP_ALL_ORDERS, PROPOSITIONS

_WIDEST, _MOST_ORDERS = 4096, 12


@st.composite
def _modes(draw: st.DrawFn, widest: int, beyond: int = 0) -> tuple[int, int]:
    """A width n up to the widest, and a mode k ≤ n - beyond."""
    width = draw(st.integers(1 + beyond, widest))
    return width, draw(st.integers(1, width - beyond))


def _at_mode(size: tuple[int, int]) -> NumbersPoint:
    """Width and mode; σ shifts every exponent alike, and drops out of differences."""
    width, mode = size
    return NumbersPoint({k: mode}, {"sigma": arb(1)}, width=width)


def _at_width(width: int, terms: int = 0) -> NumbersPoint:
    return NumbersPoint({numbers.terms: terms}, width=width)


def _at_freedom(freedom: int, power: fmpq) -> NumbersPoint:
    return NumbersPoint({numbers.count: freedom}, {"a": arb(power)})


CLAIMS = (
    Claim(
        label="chi-cumulants",
        **searched(PROPOSITIONS["chi-cumulants"], _at_freedom),
        given={"freedom": st.integers(1, 64), "power": rationals(1, 8)},
        derivation=exponents.chi_cumulants,
        whose=Whose.CLASSICAL,
        source="the density of $χ_m$",
        remark=(
            "moments of $χ_m$, mean and variance of its logarithm: a column of a Gaussian layer multiplies a "
            "volume by $σ χ_m$, which is what $γ_k$ and $δ_k$ are made of"
        ),
    ),
    Claim(
        label="lyapunov-distinct",
        **searched(PROPOSITIONS["lyapunov-distinct"], _at_mode),
        given={"size": _modes(_WIDEST, 1)},
        derivation=gaps.distinct,
        whose=Whose.POSTER,
    ),
    Claim(
        label="lyapunov-gap",
        **searched(PROPOSITIONS["lyapunov-gap"], _at_width),
        given={"width": st.integers(2, _WIDEST)},
        derivation=gaps.gap,
        whose=Whose.OURS,
        remark=(
            f"partial sums of up to {gaps.MOST_TERMS} terms in $1/(n-1)$, derived without any integral; for "
            "all of them see `lyapunov-gap-all-orders`"
        ),
    ),
    Claim(
        label="lyapunov-gap-all-orders",
        **searched(GAP_ALL_ORDERS, _at_width),
        given={"width": st.integers(2, _WIDEST), "terms": st.integers(0, _MOST_ORDERS)},
        derivation=gap_orders.gap_all_orders,
        whose=Whose.OURS,
        remark="one pole of tanh at a time; their sum is taken in words, so that this is supported",
    ),
    Claim(
        label="intercept-closed-form",
        **searched(PROPOSITIONS["intercept-closed-form"], _at_mode),
        given={"size": _modes(64)},
        derivation=exponents.intercepts,
        whose=Whose.OURS,
    ),
)
"""The claims of section 3 that need no sampling, in the ledger's order."""
