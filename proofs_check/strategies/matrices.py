"""Exact matrices: dense ones, square ones with structured families mixed in, and those of a given rank."""

from __future__ import annotations

from flint import fmpq_mat
from hypothesis import strategies as st

from jacspec.numerics import InputError
from jacspec.proofs_check.strategies.families import structured
from jacspec.proofs_check.strategies.pairs import any_integers
from jacspec.proofs_check.strategies.remembered import remembered
from jacspec.proofs_check.strategies.scalars import small_integers
from jacspec.proofs_check.strategies.sizes import Width, width_strategy

_TURNS = 4
"""One square matrix in so many is of a structured family."""


@remembered
def dense(
    rows: int, columns: int, entries: st.SearchStrategy = small_integers
) -> st.SearchStrategy[fmpq_mat]:
    """Matrices of independent entries, by default small integers."""
    count = rows * columns
    return st.lists(entries, min_size=count, max_size=count).map(lambda drawn: fmpq_mat(rows, columns, drawn))


def matrices(rows: Width, columns: Width) -> st.SearchStrategy[fmpq_mat]:
    """Integer matrices; rows and columns given, drawn, or tied by name to other sizes of the claim."""
    shapes = st.tuples(width_strategy("matrices", rows), width_strategy("matrices", columns))
    return any_integers(shapes.flatmap(lambda shape: dense(*shape)))


@remembered
def square(width: Width, *, families: bool = True) -> st.SearchStrategy[fmpq_mat]:
    """Square integer matrices of a width, given or drawn; raises InputError for a width below 1.

    One in four is of a structured family known to break theorems (:mod:`.families`), unless
    ``families`` is false. Dense matrices come first, so that examples shrink to small dense ones.
    """
    widths = width_strategy("square", width)
    if not families:
        return any_integers(widths.flatmap(lambda n: dense(n, n)))
    turns = st.integers(0, _TURNS - 1)
    mixed = st.tuples(widths, turns).flatmap(
        lambda drawn: structured(drawn[0]) if drawn[1] == _TURNS - 1 else dense(drawn[0], drawn[0])
    )
    return any_integers(mixed)


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
