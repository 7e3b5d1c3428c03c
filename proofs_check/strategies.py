"""Hypothesis strategies for exact matrices and chains; they shrink to small integers.

Every draw is exact: integers and rationals, never floats. Sizes that must agree are drawn once and
named.
"""

from __future__ import annotations

from collections.abc import Sequence

from flint import fmpq, fmpq_mat
from hypothesis import strategies as st

from numerics import Chain, InputError

__all__ = [
    "aligned_chains",
    "chains",
    "diagonal",
    "motions",
    "orthogonal",
    "scalings",
    "small_integers",
    "square",
]

small_integers = st.integers(-3, 3)
"""Entries: enough for every failure that small matrices show, and quick to shrink."""


def square(width: int | st.SearchStrategy[int]) -> st.SearchStrategy[fmpq_mat]:
    """Square integer matrices of a width, given or drawn; raises InputError for a width below 1."""
    if isinstance(width, int) and width < 1:
        message = f"square({width}): expected a width of at least 1"
        raise InputError(message)
    widths = st.just(width) if isinstance(width, int) else width
    return widths.flatmap(lambda n: _matrices(n, n))


def chains(
    depth: int | st.SearchStrategy[int], width: int | st.SearchStrategy[int]
) -> st.SearchStrategy[Chain]:
    """Chains of square integer factors; depth and width given or drawn."""
    return st.tuples(_fixed(depth), _fixed(width)).flatmap(
        lambda size: st.lists(square(size[1]), min_size=size[0], max_size=size[0]).map(Chain)
    )


def motions(chain: Chain) -> st.SearchStrategy[tuple[fmpq_mat, ...]]:
    """Integer velocities Ṁ_1, …, Ṁ_N for the factors of a chain."""
    return st.tuples(*(_matrices(*factor.shape) for factor in chain.factors))


@st.composite
def orthogonal(draw: st.DrawFn, width: int) -> fmpq_mat:
    """Rational orthogonal matrices: a signed permutation times plane rotations by Pythagorean angles."""
    order = draw(st.permutations(range(width)))
    signs = draw(st.lists(st.sampled_from((1, -1)), min_size=width, max_size=width))
    matrix = fmpq_mat(
        width, width, [signs[r] * int(order[r] == c) for r in range(width) for c in range(width)]
    )
    for plane in range(width - 1):
        p, q = draw(st.integers(0, 3)), draw(st.integers(1, 3))
        cosine, sine = fmpq(q * q - p * p, q * q + p * p), fmpq(2 * p * q, q * q + p * p)
        rotation = fmpq_mat(width, width, [int(r == c) for r in range(width) for c in range(width)])
        rotation[plane, plane] = rotation[plane + 1, plane + 1] = cosine
        rotation[plane, plane + 1], rotation[plane + 1, plane] = -sine, sine
        matrix = matrix * rotation
    return matrix


def scalings(width: int) -> st.SearchStrategy[list[int]]:
    """Strictly decreasing positive integers: the singular values of one factor."""
    return st.lists(st.integers(1, 5), min_size=width, max_size=width, unique=True).map(
        lambda values: sorted(values, reverse=True)
    )


@st.composite
def aligned_chains(draw: st.DrawFn, depth: int, width: int, *, intercept: bool = False) -> Chain:
    """Exactly aligned chains M_l = Q_l D Q_{l-1}ᵀ with rational orthogonal Q's and one diagonal D.

    Their partial products scale exactly with depth. With ``intercept`` the first and the last
    factor hold E D for a further diagonal E, so that every non-empty partial product short of J has
    the intercept log E.
    """
    scaling = draw(scalings(width))
    extra = (
        draw(st.lists(st.integers(1, 4), min_size=width, max_size=width).map(sorted))
        if intercept
        else [1] * width
    )
    frames = [draw(orthogonal(width)) for _ in range(depth + 1)]
    factors = []
    for layer in range(1, depth + 1):
        outer = layer in (1, depth)
        values = [d * (e if outer else 1) for d, e in zip(scaling, reversed(extra), strict=True)]
        factors.append(frames[layer] * diagonal(values) * frames[layer - 1].transpose())
    return Chain(factors)


def diagonal(values: Sequence[int]) -> fmpq_mat:
    """The diagonal matrix of the given values."""
    size = len(values)
    return fmpq_mat(size, size, [values[r] if r == c else 0 for r in range(size) for c in range(size)])


def _matrices(rows: int, columns: int) -> st.SearchStrategy[fmpq_mat]:
    entries = st.lists(small_integers, min_size=rows * columns, max_size=rows * columns)
    return entries.map(lambda drawn: fmpq_mat(rows, columns, drawn))


def _fixed(size: int | st.SearchStrategy[int]) -> st.SearchStrategy[int]:
    return st.just(size) if isinstance(size, int) else size
