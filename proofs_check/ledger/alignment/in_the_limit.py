"""Section 2 of the ledger: alignment in the limit N → ∞, without what it takes of B.

The chains go on for ever: their last factor, a diagonal matrix, is repeated, and l = 2 is held fixed.
"""

from __future__ import annotations

from typing import Any

from flint import fmpq_mat
from hypothesis import strategies as st
from sympy import Symbol

from jacspec.numerics import Chain
from jacspec.proofs_check.claims.claim import Claim, Expectation, Whose
from jacspec.proofs_check.interpretation.points.leading import LeadingPoint
from jacspec.proofs_check.referee.propositions.conclusion import searched
from jacspec.proofs_check.strategies import diagonal, of_rank
from jacspec.theory.results.propositions.alignment import AS_STATED, WITH_COLUMNS

_DEPTHS = (8, 32)
"""How often the last factor is repeated: the ratio s_2/s_1 of A falls below 2^-32."""


class _Endless(LeadingPoint):
    """A chain whose last factor is repeated."""

    def nearer(self, variable: Symbol) -> tuple[LeadingPoint, ...]:  # noqa: ARG002 -- it is the depth
        """It at two greater depths."""
        first, last = self._chain.exact
        return tuple(LeadingPoint(Chain([first, *[last] * times]), rank=self._rank) for times in _DEPTHS)


def _scaling(width: int) -> st.SearchStrategy[Chain]:
    """M_2 = diag(t^(n-1), …, t, 1), so that A_2 separates; M_1 of rank n-1, as nothing fails if it is n."""
    powers = st.integers(2, 5).map(lambda t: diagonal([t**power for power in reversed(range(width))]))
    return st.tuples(of_rank(width, width, width - 1), powers).map(Chain)


def _leading(matrix: fmpq_mat, rank: int) -> fmpq_mat:
    """The first rows of a matrix."""
    columns = matrix.ncols()
    return fmpq_mat(rank, columns, [matrix[r, c] for r in range(rank) for c in range(columns)])


def _dependent_rows(chain: Chain, rank: int) -> str | None:
    """Why no depth helps: the first rows of V_Aᵀ B are dependent; None if they are not."""
    if _leading(chain.exact[0], rank).rank() == rank:
        return None
    row, minor = _WHY[rank]
    return (
        f"with $M_2$ repeated, $l = 2$ fixed: $s_{{i+1}}/s_i$ of $A_2$ tends to 0 as $N → ∞$, but $u_k$ of "
        f"$J$ is $J v_k/s_k$, and in $J = A_2 M_1$ {row}, so that ${minor} = 0$ at every $N$, exactly; "
        "$R_l → I$ up to signs would need $±1$"
    )


_WHY = {
    1: ("the first row is 0", "R_{11}"),
    2: ("the first two rows are dependent", "R_{11} R_{22} - R_{12} R_{21}"),
}


def _refuted(label: str, width: int, rank: int, **particulars: Any) -> Claim:
    return Claim(
        label=label,
        given={"chain": _scaling(width), "rank": st.just(rank)},
        certify=_dependent_rows,
        expected=Expectation.REFUTED,
        **particulars,
    )


CLAIMS = (
    _refuted(
        "alignment-as-stated",
        2,
        1,
        **searched([AS_STATED], _Endless),
        whose=Whose.POSTER,
        source="as stated there",
    ),
    _refuted(
        "alignment-columns",
        3,
        2,
        **searched([WITH_COLUMNS], _Endless),
        whose=Whose.OURS,
        remark="$n = 3$, $r = 2$; what is needed are independent rows, see `alignment-rank-r`",
    ),
)
"""Statements that are refuted, in the ledger's order."""
