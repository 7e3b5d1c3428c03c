"""Passages between ball matrices keep the enclosure, and do not widen it more than they say."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from flint import arb, arb_mat, fmpq, fmpq_mat
from hypothesis import given, strategies as st

from jacspec.numerics.spectra.certified.refine import apply, apply_inverse
from jacspec.numerics.support.enclosures import (
    chopped,
    frobenius,
    from_floats,
    identity,
    narrower_than,
    order_statistics,
)
from jacspec.numerics.support.precision import balls


def graded(size: int, scale: float, seed: int) -> np.ndarray:
    """Entries from ``scale`` down to far below any precision in use, as turns between distant modes have."""
    rng = np.random.default_rng(seed)
    return rng.standard_normal((size, size)) * scale * 2.0 ** -rng.integers(0, 700, (size, size))


def exact(matrix: np.ndarray) -> fmpq_mat:
    entries = [fmpq(*Fraction(x).as_integer_ratio()) for x in matrix.ravel().tolist()]
    return fmpq_mat(*matrix.shape, entries)


def widest(matrix: arb_mat) -> float:
    return max(float(entry.rad()) for entry in matrix.entries())


@pytest.mark.parametrize("bits", [10, 60, 200])
def test_a_chopped_matrix_encloses_the_matrix_and_has_short_midpoints(bits: int) -> None:
    matrix = graded(9, 0.1, 1)
    found = chopped(from_floats(matrix), bits)
    assert found.contains(exact(matrix))
    assert widest(found) <= 2.0**-bits * 2
    for entry in found.entries():
        mantissa, exponent = entry.mid().man_exp()
        assert mantissa == 0 or int(exponent) >= -bits - 1


def test_a_chopped_ball_keeps_its_radius() -> None:
    matrix = arb_mat(1, 2, [arb(0.25, 2.0**-20), arb(0, 2.0**-90)])
    with balls(300):
        found = chopped(matrix, 100)
        assert found.contains(matrix)
    assert widest(found) < 2.0**-19


def test_the_frobenius_norm_is_bounded_from_above_and_closely() -> None:
    matrix = graded(7, 3.0, 2)
    total = sum((Fraction(x) ** 2 for x in matrix.ravel().tolist()), Fraction(0))
    with balls(30):
        found = frobenius(from_floats(matrix))
    with balls(300):
        true = arb(fmpq(*total.as_integer_ratio())).sqrt()
        assert found >= true
        assert found <= true * (1 + arb(2) ** -50)
        assert frobenius(arb_mat(1, 2, [arb(3, 1), arb(0, 3)])) >= 5


def test_radii_are_compared_entry_by_entry() -> None:
    matrix = arb_mat(2, 1, [arb(5, 2.0**-40), arb(-1, 2.0**-30)])
    with balls(200):
        assert narrower_than(matrix, arb(2) ** -29)
        assert not narrower_than(matrix, arb(2) ** -31)
        for above in range(1, 9):  # FLINT's radii have 30 bits: a limit between two of them is not rounded up
            wide = arb(0, arb(1) + above * arb(2) ** -29)
            assert not narrower_than(arb_mat(1, 1, [wide]), wide.rad() - arb(2) ** -40)


@pytest.mark.parametrize("scale", [2.0**-6, 2.0**-45, 2.0**-110])
def test_steps_of_the_refinement_enclose_the_exact_step_and_stay_narrow(scale: float) -> None:
    bits, rng = 200, np.random.default_rng(3)
    A, Z = rng.standard_normal((8, 6)), graded(6, scale, 4)
    plus = fmpq_mat(exact(np.eye(6)) + exact(Z))
    with balls(bits):
        inverted, applied = (
            apply_inverse(from_floats(A), from_floats(Z), bits),
            apply(from_floats(A), from_floats(Z), bits),
        )
    with balls(1000):
        assert inverted.contains(exact(A) * plus.inv())
        assert applied.contains(exact(A) * plus)
    assert max(widest(inverted), widest(applied)) < 2.0 ** -(bits - 16)


def test_a_turn_that_is_too_large_is_refused() -> None:
    half = identity(4) * arb(0.5)
    for step in (apply_inverse, apply):
        with pytest.raises(ArithmeticError, match="the turn is too large"):
            step(identity(4), half, 100)


def test_order_statistics_of_overlapping_balls():
    """The k-th value is between the k-th largest of the ends; balls that overlap none stay as they are."""
    one, near, far, exact = arb(1), arb(1, 0.25), arb(5, 0.5), arb(-2)
    first, second, third, fourth = order_statistics([exact, one, far, near])
    assert (first.mid(), first.rad()) == (far.mid(), far.rad())
    assert fourth.is_exact()
    assert fourth == exact
    for ball, low, high in ((second, 1, 1.25), (third, 0.75, 1)):
        assert ball.contains(low)
        assert ball.contains(high)
        assert ball.rad() < 0.126
    assert order_statistics([]) == []


@given(st.lists(st.tuples(st.integers(-6, 6), st.integers(0, 4), st.integers(-4, 4)), max_size=8))
def test_order_statistics_contain_the_sorted_values(drawn):
    values = [fmpq(middle) + fmpq(radius * place, 8) for middle, radius, place in drawn]
    found = order_statistics([arb(middle, fmpq(radius, 2)) for middle, radius, _ in drawn])
    for ball, value in zip(found, sorted(values, reverse=True), strict=True):
        assert ball.contains(value)
