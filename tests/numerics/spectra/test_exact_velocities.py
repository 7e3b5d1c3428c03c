"""Velocities of small exact products against closed forms, and against the formula with singular vectors."""

import pytest
from flint import arb, arb_mat, fmpq_mat
from hypothesis import given, strategies as st

from jacspec.numerics import Chain, InputError, gradient_flow
from jacspec.numerics.spectra.exact_velocities import singular_value_velocities
from jacspec.numerics.spectra.small_exact import singular_decomposition
from jacspec.numerics.support.precision import balls

BITS = 300


@pytest.fixture(autouse=True)
def _precision():
    with balls(BITS):
        yield


def matrix(rows):
    return fmpq_mat(len(rows), len(rows[0]), [entry for row in rows for entry in row])


def narrow(ball, bits=BITS - 40):
    """Whether the radius is below 2^-bits, absolutely for small values and relatively for large ones."""
    return bool(ball.rad() <= arb(2) ** -bits * (1 + abs(ball)).upper())


def contains(ball, value):
    return ball.overlaps(arb(value)) and narrow(ball)


matrices = st.lists(st.integers(-3, 3), min_size=9, max_size=9).map(lambda entries: fmpq_mat(3, 3, entries))


def test_the_velocity_of_a_single_number():
    """J = (2 + t)(3 + 5t): ṡ = 3 + 2·5."""
    (velocity,) = singular_value_velocities(Chain([[[2]], [[3]]]), [matrix([[1]]), matrix([[5]])])
    assert contains(velocity, 13)


def test_balanced_scalars_obey_the_deep_linear_law():
    """N equal scalars m under gradient flow with G = g: ṡ = -N s^{2 - 2/N} g."""
    for depth in (1, 2, 3, 6):
        chain = Chain([[[3]]] * depth)
        (velocity,) = singular_value_velocities(chain, gradient_flow(chain, [[2]]))
        assert contains(velocity, -depth * 3 ** (2 * depth - 2) * 2)


@given(st.lists(matrices, min_size=1, max_size=3), st.data())
def test_velocities_are_u_J_dot_v(factors, data):
    """The formula with singular vectors, which the implicit derivative does not use."""
    chain = Chain(factors)
    motion = [data.draw(matrices) for _ in factors]
    decomposition = singular_decomposition(chain.product())
    J_dot = fmpq_mat(3, 3)
    for layer, velocity in enumerate(motion, 1):
        J_dot += chain.left_partial(layer + 1).product() * velocity * chain.right_partial(layer).product()
    for mode, velocity in enumerate(singular_value_velocities(chain, motion), 1):
        s = decomposition.singular_values[mode - 1]
        if s.is_zero() or decomposition.multiplicity(mode) > 1:
            assert velocity.is_nan()
            continue
        _, u, v = decomposition.simple(mode)
        assert velocity.overlaps((u.transpose() * arb_mat(J_dot) * v)[0, 0])
        assert narrow(velocity, BITS - 150)


def test_velocities_of_rectangular_chains():
    chain = Chain([matrix([[1, 2, 0]]), matrix([[2], [1], [2]])])  # s = 3 √5
    velocities = singular_value_velocities(chain, [matrix([[1, 0, 0]]), matrix([[0], [0], [0]])])
    # s = 3 |(1 + t, 2, 0)|
    assert contains(velocities[0], 3 / arb(5).sqrt())
    assert [v.is_nan() for v in velocities[1:]] == [True, True]


def test_a_motion_of_another_shape_is_refused():
    with pytest.raises(InputError, match=r"motion has shapes .* expected those of the factors"):
        singular_value_velocities(Chain([fmpq_mat(2, 2)]), [fmpq_mat(3, 3)])
