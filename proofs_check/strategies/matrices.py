"""Exact matrices: dense ones, square ones with structured families mixed in, and those of a given rank."""

from __future__ import annotations

from flint import fmpq_mat
from hypothesis import strategies as st

from jacspec.numerics import InputError
from jacspec.proofs_check.strategies.families import structured
from jacspec.proofs_check.strategies.pairs import any_integers
from jacspec.proofs_check.strategies.remembered import remembered
from jacspec.proofs_check.strategies.scalars import small_integers
from jacspec.proofs_check.strategies.sizes import Width, checked_width, drawn_width

_TURNS = 4
"""One square matrix in so many is of a structured family."""
_TURN = st.integers(0, _TURNS - 1)


@remembered
@st.composite
def dense(draw: st.DrawFn, rows: int, columns: int, entries: st.SearchStrategy = small_integers) -> fmpq_mat:
    """Matrices of independent entries, by default small integers."""
    return fmpq_mat(rows, columns, [draw(entries) for _ in range(rows * columns)])


def matrices(rows: Width, columns: Width) -> st.SearchStrategy[fmpq_mat]:
    """Integer matrices; rows and columns given, drawn, or tied by name to other sizes of the claim."""
    return any_integers(_of_shape(checked_width("matrices", rows), checked_width("matrices", columns)))


@st.composite
def _of_shape(draw: st.DrawFn, rows: Width, columns: Width) -> fmpq_mat:
    return draw(dense(drawn_width(draw, rows), drawn_width(draw, columns)))


@remembered
def square(width: Width, *, families: bool = True) -> st.SearchStrategy[fmpq_mat]:
    """Square integer matrices of a width, given or drawn; raises InputError for a width below 1.

    One in four is of a structured family known to break theorems (:mod:`.families`), unless
    ``families`` is false. Dense matrices come first, so that examples shrink to small dense ones.
    """
    return any_integers(_square(checked_width("square", width), families))


@st.composite
def _square(draw: st.DrawFn, width: Width, families: bool) -> fmpq_mat:
    n = drawn_width(draw, width)
    return draw(structured(n) if families and draw(_TURN) == _TURNS - 1 else dense(n, n))


@remembered
@st.composite
def of_rank(draw: st.DrawFn, rows: int, columns: int, rank: int) -> fmpq_mat:
    """Integer matrices of exactly the given rank, ``L R`` with an identity block within L and within R.

    Raises InputError for a rank that the shape does not allow.
    """
    if not 0 <= rank <= min(rows, columns):
        message = f"of_rank({rows}, {columns}, {rank}): expected a rank from 0 to {min(rows, columns)}"
        raise InputError(message)
    left = _with_identity(draw, rows, rank)
    right = _with_identity(draw, columns, rank)
    if rank == 0:
        return fmpq_mat(rows, columns)
    return left * right.transpose()


def _with_identity(draw: st.DrawFn, rows: int, rank: int) -> fmpq_mat:
    """A matrix of full column rank: the identity in ``rank`` of its rows, integers in the others."""
    entries = [[int(r == c) for c in range(rank)] for r in range(rank)]
    entries += [draw(st.lists(small_integers, min_size=rank, max_size=rank)) for _ in range(rows - rank)]
    order = draw(st.permutations(range(rows)))
    return fmpq_mat(rows, rank, [entry for row in order for entry in entries[row]])
