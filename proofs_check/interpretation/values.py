"""Scalars, vectors and matrices of balls, and the mixed arithmetic of words of heads.

A scalar among matrices is a multiple of the identity. Everything runs at the ball precision in force.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import prod

from flint import arb, arb_mat

__all__ = ["Value", "as_scalar", "difference", "identity", "norm", "product", "total", "transposed"]

Value = arb | arb_mat


def identity(size: int) -> arb_mat:
    """The identity matrix."""
    return arb_mat([[int(row == column) for column in range(size)] for row in range(size)])


def as_scalar(value: Value) -> arb:
    """The number in a scalar or in a 1×1 matrix."""
    return value[0, 0] if isinstance(value, arb_mat) else value


def transposed(value: Value) -> Value:
    """Xᵀ; a scalar is its own transpose."""
    return value.transpose() if isinstance(value, arb_mat) else value


def product(values: Iterable[Value]) -> Value:
    """The product of scalars and of conformable matrices, in order."""
    values = list(values)
    scalar = prod((value for value in values if isinstance(value, arb)), start=arb(1))
    matrices = [value for value in values if isinstance(value, arb_mat)]
    if not matrices:
        return scalar
    result = matrices[0]
    for matrix in matrices[1:]:
        # A 1×1 result of a row and a column is a scalar in whatever follows.
        if result.ncols() != matrix.nrows() and (result.nrows(), result.ncols()) == (1, 1):
            result = matrix * result[0, 0]
        else:
            result = result * matrix
    return result * scalar


def total(values: Iterable[Value]) -> Value:
    """The sum of scalars, or of matrices and scalars."""
    result: Value = arb(0)
    for value in values:
        if isinstance(result, arb) and isinstance(value, arb_mat):
            result = (
                arb_mat(value.nrows(), value.ncols())
                if result.is_zero()
                else identity(value.nrows()) * result
            )
        elif isinstance(value, arb) and isinstance(result, arb_mat):
            value = identity(result.nrows()) * value
        result = result + value
    return result


def difference(left: Value, right: Value) -> Value:
    """Left - right, where either may be a scalar that stands for a matrix or a vector."""
    if isinstance(left, arb) is not isinstance(right, arb):
        shape = next((v.nrows(), v.ncols()) for v in (left, right) if isinstance(v, arb_mat))
        left, right = (v if isinstance(v, arb_mat) else _spread(v, *shape) for v in (left, right))
    return left - right


def _spread(scalar: arb, rows: int, columns: int) -> arb_mat:
    """Read a scalar as a multiple of the identity; next to a vector, as the vector of that entry."""
    square = rows == columns
    return arb_mat([[scalar * int(r == c or not square) for c in range(columns)] for r in range(rows)])


def norm(value: Value) -> arb:
    """Σ|x_ij|: no square root, which a ball that touches zero would not survive."""
    entries = [value] if isinstance(value, arb) else value.entries()
    return sum((abs(entry) for entry in entries), arb(0))
