"""Exactly aligned chains, whose partial products scale exactly with depth."""

from __future__ import annotations

from hypothesis import strategies as st

from jacspec.numerics import Chain
from jacspec.proofs_check.strategies.orthogonal import orthogonal
from jacspec.proofs_check.strategies.remembered import remembered
from jacspec.proofs_check.strategies.spectra import diagonal, scalings


@remembered
def _rising(width: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(1, 4), min_size=width, max_size=width).map(sorted)


@remembered
@st.composite
def aligned_chains(draw: st.DrawFn, depth: int, width: int, *, intercept: bool = False) -> Chain:
    """Exactly aligned chains M_l = Q_l D Q_{l-1}ᵀ with rational orthogonal Q's and one diagonal D.

    Their partial products scale exactly with depth. With ``intercept`` the first and the last
    factor hold E D for a further diagonal E, so that every non-empty partial product short of J has
    the intercept log E.
    """
    scaling = draw(scalings(width))
    extra = draw(_rising(width)) if intercept else [1] * width
    frames = [draw(orthogonal(width)) for _ in range(depth + 1)]
    factors = []
    for layer in range(1, depth + 1):
        outer = layer in (1, depth)
        values = [d * (e if outer else 1) for d, e in zip(scaling, reversed(extra), strict=True)]
        factors.append(frames[layer] * diagonal(values) * frames[layer - 1].transpose())
    return Chain(factors)
