"""Exactly orthogonal rational matrices."""

from __future__ import annotations

from flint import fmpq, fmpq_mat
from hypothesis import strategies as st

__all__ = ["orthogonal"]


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
