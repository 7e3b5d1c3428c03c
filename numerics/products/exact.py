"""Products of chains: exactly in a balanced tree of integers, or in multiprecision floats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from flint import fmpq_mat, fmpz_mat

from jacspec.numerics.support.factors import Factor
from jacspec.numerics.support.progress import done

if TYPE_CHECKING:
    from mpmath.ctx_mp import MPContext


def exact_product(factors: Sequence[fmpq_mat]) -> fmpq_mat:
    """``M_N ⋯ M_1`` exactly; ``factors[0]`` is M_1.

    Every factor is brought over one denominator, and the integer matrices are multiplied in a
    balanced binary tree, in which the entries stay as short as they can.
    """
    numerators, denominator = [], 1
    for factor in factors:
        numerator, common = factor.numer_denom()
        numerators.append(numerator)
        denominator *= int(common)
    return fmpq_mat(_tree(numerators)) / denominator


def _tree(factors: Sequence[fmpz_mat]) -> fmpz_mat:
    if len(factors) == 1:
        return factors[0]
    middle = len(factors) // 2
    return _tree(factors[middle:]) * _tree(factors[:middle])


def mp_matrix(factor: Factor, context: MPContext) -> Any:
    """A factor as an mpmath matrix; each entry is rounded once, to the context's precision."""
    rows, columns = factor.shape
    matrix = context.matrix(rows, columns)
    for row in range(rows):
        for column in range(columns):
            numerator, denominator = factor[row, column].as_integer_ratio()
            matrix[row, column] = context.mpf(int(numerator)) / int(denominator)
    return matrix


def mp_product(factors: Sequence[Factor], context: MPContext) -> Any:
    """``M_N ⋯ M_1`` at the context's precision, from the right; an estimate, not an enclosure."""
    result = mp_matrix(factors[0], context)
    for factor in factors[1:]:
        result = mp_matrix(factor, context) * result
        done()
    return result
