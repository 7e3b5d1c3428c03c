"""Values of expressions, in balls and exact: their difference and their size."""

from __future__ import annotations

from typing import TypeVar

from flint import arb, arb_mat, fmpq_mat

from jacspec.proofs_check.interpretation.statements.exact import Matrix, Scalar, ball, ball_matrix, is_exact

Value = arb | arb_mat
"""A value in balls."""
Known = Scalar | Matrix
"""A value, exact where it can be."""
_Value = TypeVar("_Value", bound=Known)


def in_balls(value: Known) -> Value:
    """The value in balls."""
    return ball_matrix(value) if isinstance(value, fmpq_mat | arb_mat) else ball(value)


def as_scalar(value: Value) -> arb:
    """The number in a scalar or in a 1×1 matrix."""
    return value[0, 0] if isinstance(value, arb_mat) else value


def transposed(value: _Value) -> _Value:
    """Xᵀ; a scalar is its own transpose."""
    return value.transpose() if isinstance(value, fmpq_mat | arb_mat) else value  # type: ignore[return-value]


def difference(left: Known, right: Known) -> Known:
    """Left - right, where either may be a scalar that stands for a matrix or a vector."""
    matrices = [value for value in (left, right) if isinstance(value, fmpq_mat | arb_mat)]
    if matrices:
        shape = matrices[0].nrows(), matrices[0].ncols()
        left, right = (v if isinstance(v, fmpq_mat | arb_mat) else _spread(v, *shape) for v in (left, right))
    if not is_exact(left, right):
        left, right = in_balls(left), in_balls(right)
    return left - right  # type: ignore[operator]


def _spread(scalar: Scalar, rows: int, columns: int) -> Matrix:
    """Read a scalar as a multiple of the identity; next to a vector, as the vector of that entry."""
    square = rows == columns
    pattern = [int(r == c or not square) for r in range(rows) for c in range(columns)]
    return (fmpq_mat if is_exact(scalar) else arb_mat)(rows, columns, pattern) * scalar  # type: ignore[operator]


def norm(value: Known) -> arb:
    """Σ|x_ij|: no square root, which a ball that touches zero would not survive."""
    entries = value.entries() if isinstance(value, fmpq_mat | arb_mat) else [value]
    return sum((ball(abs(entry)) for entry in entries), arb(0))
