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

_SIGNS = st.sampled_from((1, -1))


@remembered
def _lists(entries: st.SearchStrategy[int], length: int) -> st.SearchStrategy[list[int]]:
    return st.lists(entries, min_size=length, max_size=length)


@remembered
def _orders(length: int) -> st.SearchStrategy[list[int]]:
    return st.permutations(range(length))


@remembered
def rank_one(width: int) -> st.SearchStrategy[fmpq_mat]:
    """``u vᵀ``, the zero matrix included."""
    vectors = _lists(small_integers, width)
    return st.tuples(vectors, vectors).map(
        lambda pair: fmpq_mat(width, width, [u * v for u in pair[0] for v in pair[1]])
    )


@remembered
def nilpotent(width: int) -> st.SearchStrategy[fmpq_mat]:
    """Strictly upper triangular, or the transpose of such a one."""
    count = width * (width - 1) // 2
    entries = _lists(small_integers, count)

    def triangular(drawn: tuple[list[int], bool]) -> fmpq_mat:
        values = iter(drawn[0])
        cells = [next(values) if row < column else 0 for row in range(width) for column in range(width)]
        matrix = fmpq_mat(width, width, cells)
        return matrix.transpose() if drawn[1] else matrix

    return st.tuples(entries, st.booleans()).map(triangular)


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
    couplings = draw(_lists(st.integers(0, 1), width - 1))
    matrix = fmpq_mat(width, width)
    for row in range(width):
        matrix[row, row] = eigenvalue
    for row, coupling in enumerate(couplings):
        matrix[row, row + 1] = coupling
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
    cells = draw(_lists(small_integers, width * width))
    matrix = fmpq_mat(width, width, cells)
    row, scale = draw(st.integers(0, width - 1)), draw(st.sampled_from((10, 100)))
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
    order, signs = draw(_orders(width)), draw(_lists(_SIGNS, width))
    matrix = fmpq_mat(width, width)
    for row, (value, column, sign) in enumerate(zip(values, order, signs, strict=True)):
        matrix[row, column] = sign * value
    return matrix
