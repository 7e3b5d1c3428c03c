"""Exactly orthogonal rational matrices."""

from __future__ import annotations

from flint import fmpq, fmpq_mat
from hypothesis import strategies as st

from jacspec.numerics.support.factors import identity
from jacspec.proofs_check.strategies.families import permutation
from jacspec.proofs_check.strategies.remembered import remembered


@remembered
@st.composite
def orthogonal(draw: st.DrawFn, width: int) -> fmpq_mat:
    """Rational orthogonal matrices: a signed permutation times plane rotations by Pythagorean angles."""
    return draw(permutation(width)) * draw(rotations(width))


@remembered
@st.composite
def rotations(draw: st.DrawFn, width: int) -> fmpq_mat:
    """Rational rotations: products of those of neighbouring planes, by Pythagorean angles."""
    matrix = identity(width)
    for plane in range(width - 1):
        p, q = draw(st.integers(0, 3)), draw(st.integers(1, 3))
        cosine, sine = fmpq(q * q - p * p, q * q + p * p), fmpq(2 * p * q, q * q + p * p)
        rotation = identity(width)
        rotation[plane, plane] = rotation[plane + 1, plane + 1] = cosine
        rotation[plane, plane + 1], rotation[plane + 1, plane] = -sine, sine
        matrix = matrix * rotation
    return matrix
