"""Structured families of square integer matrices on which theorems break: each a strategy of its width.

What a dense draw hardly ever meets: rank deficiency, defective eigenvalues, repeated singular values,
zeros in the wrong places, widely different scales.
"""

from __future__ import annotations

from collections.abc import Callable

from flint import fmpq_mat
from hypothesis import strategies as st

from jacspec.proofs_check.strategies.remembered import remembered
from jacspec.proofs_check.strategies.scalars import small_integers

_SIGNS, _SCALES = st.sampled_from((1, -1)), st.sampled_from((10, 100))


@remembered
def _orders(length: int) -> st.SearchStrategy[list[int]]:
    return st.permutations(range(length))


@remembered
@st.composite
def rank_one(draw: st.DrawFn, width: int) -> fmpq_mat:
    """``u vᵀ``, the zero matrix included."""
    u, v = ([draw(small_integers) for _ in range(width)] for _ in range(2))
    return fmpq_mat(width, width, [a * b for a in u for b in v])


@remembered
@st.composite
def nilpotent(draw: st.DrawFn, width: int) -> fmpq_mat:
    """Strictly upper triangular, or the transpose of such a one."""
    places = [(row, column) for row in range(width) for column in range(width)]
    matrix = fmpq_mat(width, width, [draw(small_integers) if row < column else 0 for row, column in places])
    return matrix.transpose() if draw(st.booleans()) else matrix


@remembered
@st.composite
def permutation(draw: st.DrawFn, width: int) -> fmpq_mat:
    """Signed permutations: orthogonal, every singular value 1."""
    return _monomial(draw, [1] * width)


@remembered
@st.composite
def jordan(draw: st.DrawFn, width: int) -> fmpq_mat:
    """Jordan blocks: one eigenvalue, defective where a 1 stands above the diagonal."""
    eigenvalue = draw(small_integers)
    matrix = fmpq_mat(width, width)
    for row in range(width):
        matrix[row, row] = eigenvalue
    for row in range(width - 1):
        matrix[row, row + 1] = draw(st.integers(0, 1))
    return matrix


@remembered
@st.composite
def repeated(draw: st.DrawFn, width: int) -> fmpq_mat:
    """Repeated singular values: a signed permutation scaled by two integers at most."""
    common, other = draw(st.integers(0, 3)), draw(st.integers(0, 3))
    return _monomial(draw, [common] * (width - 1) + [other])


@remembered
@st.composite
def dominant_row(draw: st.DrawFn, width: int) -> fmpq_mat:
    """One row ten or a hundred times the size of the others."""
    matrix = fmpq_mat(width, width, [draw(small_integers) for _ in range(width * width)])
    row, scale = draw(st.integers(0, width - 1)), draw(_SCALES)
    for column in range(width):
        matrix[row, column] *= scale
    return matrix


FAMILIES: tuple[Callable[[int], st.SearchStrategy[fmpq_mat]], ...] = (
    rank_one,
    nilpotent,
    permutation,
    jordan,
    repeated,
    dominant_row,
)
"""Every family, as a function of the width."""


@remembered
def structured(width: int) -> st.SearchStrategy[fmpq_mat]:
    """A matrix of any of the families."""
    return st.one_of([family(width) for family in FAMILIES])


def _monomial(draw: st.DrawFn, values: list[int]) -> fmpq_mat:
    """The values, with drawn signs, in the places of a drawn permutation."""
    width = len(values)
    matrix = fmpq_mat(width, width)
    for row, (value, column) in enumerate(zip(values, draw(_orders(width)), strict=True)):
        matrix[row, column] = draw(_SIGNS) * value
    return matrix
