"""Chains of exact square factors, and velocities for them."""

from __future__ import annotations

from flint import fmpq_mat
from hypothesis import strategies as st

from jacspec.numerics import Chain
from jacspec.proofs_check.strategies.matrices import dense, square
from jacspec.proofs_check.strategies.remembered import remembered
from jacspec.proofs_check.strategies.sizes import Width, width_strategy


def chains(depth: Width, width: Width, *, families: bool = True) -> st.SearchStrategy[Chain]:
    """Chains of square integer factors; depth and width given, drawn, or tied by name.

    Structured factors are mixed in as in :func:`square`, unless ``families`` is false.
    """
    sizes = st.tuples(width_strategy("chains", depth), width_strategy("chains", width))
    return sizes.flatmap(lambda size: _of_sizes(*size, families))


@remembered
def _of_sizes(depth: int, width: int, families: bool) -> st.SearchStrategy[Chain]:
    return st.lists(square(width, families=families), min_size=depth, max_size=depth).map(Chain)


def motions(chain: Chain) -> st.SearchStrategy[tuple[fmpq_mat, ...]]:
    """Integer velocities Ṁ_1, …, Ṁ_N for the factors of a chain."""
    return _like(tuple(factor.shape for factor in chain.factors))


@remembered
def _like(shapes: tuple[tuple[int, int], ...]) -> st.SearchStrategy[tuple[fmpq_mat, ...]]:
    return st.tuples(*(dense(*shape) for shape in shapes))
