"""Examples of chapter 1: chains whose factors move, at random or down the gradient of a loss."""

from __future__ import annotations

from flint import fmpq_mat
from hypothesis import strategies as st

from jacspec.numerics import Chain, gradient_flow
from jacspec.proofs_check.interpretation.points.chain import ChainPoint
from jacspec.proofs_check.strategies import aligned_chains, diagonal, motions, orthogonal, scalings, square

Moving = tuple[Chain, tuple[fmpq_mat, ...], fmpq_mat]
"""A chain, the velocities of its factors, and G."""

WIDTH = 2
"""Two modes interact in every way that more do; wider chains only take longer."""


def at_moving(moving: Moving) -> ChainPoint:
    """The point of a chain that moves."""
    chain, motion, gradient = moving
    return ChainPoint(chain, motion, 1, gradient)


@st.composite
def moving(draw: st.DrawFn, chain: st.SearchStrategy[Chain]) -> Moving:
    """A chain with integer velocities of its factors; G has nothing to do with them."""
    drawn = draw(chain)
    return drawn, draw(motions(drawn)), draw(square(WIDTH))


@st.composite
def descending(draw: st.DrawFn, chain: st.SearchStrategy[Chain]) -> Moving:
    """A chain whose factors descend a loss with ∂L/∂J = G."""
    drawn, gradient = draw(chain), draw(square(WIDTH))
    return drawn, gradient_flow(drawn, gradient), gradient


@st.composite
def aligned(draw: st.DrawFn, *depths: int) -> Chain:
    """Exactly aligned chains between two depths, whose partial products scale exactly."""
    return draw(aligned_chains(draw(st.integers(*depths)), WIDTH))


@st.composite
def uneven(draw: st.DrawFn) -> Chain:
    """Exactly aligned chains whose factors differ in their singular values: depth scaling fails."""
    depth = draw(st.integers(2, 4))
    frames = [draw(orthogonal(WIDTH)) for _ in range(depth + 1)]
    values = [draw(scalings(WIDTH)) for _ in range(depth)]
    return Chain(
        [frames[layer + 1] * diagonal(values[layer]) * frames[layer].transpose() for layer in range(depth)]
    )


@st.composite
def alike(draw: st.DrawFn) -> Chain:
    """Two factors with the same singular values: they scale, the empty products apart, with any δ."""
    outer, middle, inner = (draw(orthogonal(WIDTH)) for _ in range(3))
    D = diagonal(draw(scalings(WIDTH)))
    return Chain([D * inner, outer * D * middle])
