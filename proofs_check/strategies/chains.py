"""Chains of exact square factors, and velocities for them."""

from __future__ import annotations

from flint import fmpq_mat
from hypothesis import strategies as st

from jacspec.numerics import Chain
from jacspec.proofs_check.strategies.matrices import dense, square
from jacspec.proofs_check.strategies.remembered import remembered
from jacspec.proofs_check.strategies.sizes import Width, checked_width, drawn_width


def chains(depth: Width, width: Width, *, families: bool = True) -> st.SearchStrategy[Chain]:
    """Chains of square integer factors; depth and width given, drawn, or tied by name.

    Structured factors are mixed in as in :func:`square`, unless ``families`` is false.
    """
    return _chains(checked_width("chains", depth), checked_width("chains", width), families)


@st.composite
def _chains(draw: st.DrawFn, depth: Width, width: Width, families: bool) -> Chain:
    layers, factors = range(drawn_width(draw, depth)), square(drawn_width(draw, width), families=families)
    return Chain([draw(factors) for _ in layers])


def motions(chain: Chain) -> st.SearchStrategy[tuple[fmpq_mat, ...]]:
    """Integer velocities Ṁ_1, …, Ṁ_N for the factors of a chain."""
    return _like(tuple(factor.shape for factor in chain.factors))


@remembered
@st.composite
def _like(draw: st.DrawFn, shapes: tuple[tuple[int, int], ...]) -> tuple[fmpq_mat, ...]:
    return tuple(draw(dense(*shape)) for shape in shapes)
