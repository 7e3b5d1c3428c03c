"""Section 2 of the ledger: overlaps to first order."""

from __future__ import annotations

from flint import arb, fmpq_mat
from hypothesis import strategies as st
from sympy import Symbol

from jacspec.numerics.spectra.small_exact import singular_decomposition
from jacspec.proofs_check.claims.claim import Claim, Whose
from jacspec.proofs_check.interpretation.points.numbers import NumbersPoint
from jacspec.proofs_check.interpretation.points.ordered import SplitPoint
from jacspec.proofs_check.ledger.alignment.full_rank import split_chains
from jacspec.proofs_check.referee.propositions.conclusion import searched
from jacspec.proofs_check.strategies import diagonal, square
from jacspec.theory.notation import numbers
from jacspec.theory.results.alignment import elimination, first_order
from jacspec.theory.results.propositions.alignment import PROPOSITIONS

_SEPARATIONS = (2**20, 2**40)
"""s_i/s_{i+1} of A at the two points on the way to the limit."""


def _grams(B: fmpq_mat) -> dict[Symbol, arb]:
    """The entries of G = B Bᵀ: V_A is the identity."""
    gram, modes = B * B.transpose(), range(1, B.nrows() + 1)
    return {numbers.gram(a, b): arb(gram[a - 1, b - 1]) for a in modes for b in modes if a <= b}


def _separated(B: fmpq_mat, t: int) -> NumbersPoint:
    """A = diag(t^(n-1), …, t, 1), ε = 1/t, and the overlaps of A with A B, R_kk positive."""
    width = B.nrows()
    whole = singular_decomposition(diagonal([t**power for power in reversed(range(width))]) * B)
    values = {**_grams(B), numbers.small: 1 / arb(t)}
    for k in range(2, width + 1):
        u = whole.simple(k)[1]
        for i in range(1, k):
            values[numbers.overlap(i, k)] = u[i - 1, 0] * u[k - 1, 0].sgn()
            values[numbers.ratio(k, i)] = arb(t) ** (1 - (k - i))
    return NumbersPoint({}, {symbol.name: value for symbol, value in values.items()}, width=width)


class _Separating(NumbersPoint):
    """The overlaps for a B, as A separates."""

    def __init__(self, B: fmpq_mat) -> None:
        grams = {symbol.name: value for symbol, value in _grams(B).items()}
        super().__init__({}, grams, width=B.nrows())
        self._B = B

    def nearer(self, variable: Symbol) -> tuple[NumbersPoint, ...]:  # noqa: ARG002 -- it is ε
        """At two separations."""
        return tuple(_separated(self._B, t) for t in _SEPARATIONS)


CLAIMS = (
    Claim(
        label="overlap-elimination",
        **searched(PROPOSITIONS["overlap-elimination"], SplitPoint),
        given={"chain": split_chains()},
        free=("chain",),
        derivation=elimination.overlap_elimination,
        whose=Whose.OURS,
        remark=(
            "at every width: the $R_{ik} s_i(A)/s_k(A)$ are coordinates of a vector that solves, up to the "
            "square of a ratio, what `alignment-first-order-constant` has $η_k$ solve"
        ),
    ),
    Claim(
        label="overlap-first-order",
        **searched(
            PROPOSITIONS["overlap-first-order"],
            _Separating,
            {"$B$ nonsingular": lambda B: abs(B.det())},
        ),
        given={"B": square(st.integers(2, 3))},
        derivation=first_order.overlap_first_order,
        whose=Whose.OURS,
        remark="the derivation takes the $λ_i$ and $μ$ as parameters; the search ran on chains, at ratios of "
        "$2^{20}$ and $2^{40}$ of neighbouring singular values",
    ),
)
"""The claims of this part of section 2."""
