"""Moments of minors, and the explicit error at a finite depth, against closed forms and direct integrals."""

import mpmath
import pytest

from jacspec.theory.notation.chance import Law
from jacspec.theory.results.initialisation import finite_depth, gaussian

MINOR = finite_depth.minor_moment().compiled()
VARIANCE = finite_depth.minor_variance().compiled()
ERROR = finite_depth.error_moment().compiled()
MASKED = finite_depth.error_moment_masked().compiled()


def test_a_coordinate_of_a_random_direction_in_space_is_uniform():
    """n = 3, k = 1 (Archimedes): E|p|^t = 1/(t+1), Var log|p| = 1; k = 2 is a cofactor, of the same law."""
    for mode in (1, 2):
        for power in (0.5, 1, 3):
            assert MINOR(3, mode, power) == pytest.approx(1 / (power + 1))
        assert VARIANCE(3, mode) == pytest.approx(1)


def test_a_coordinate_of_a_random_direction_in_the_plane_is_a_cosine():
    for power in (0.5, 2):
        mean = (
            mpmath.quad(lambda angle, t=power: abs(mpmath.cos(angle)) ** t, [0, mpmath.pi / 2])
            * 2
            / mpmath.pi
        )
        assert MINOR(2, 1, power) == pytest.approx(float(mean))


@pytest.mark.parametrize("width", [1, 2, 5])
def test_the_whole_determinant_is_1(width):
    assert MINOR(width, width, 1.5) == pytest.approx(1)
    assert VARIANCE(width, width) == pytest.approx(0, abs=1e-14)


def test_the_minor_s_mean_logarithm_is_the_intercept():
    """-d/dt E|p_k|^t at 0 is δ_1 + … + δ_k."""
    intercepts = gaussian.intercept_by_minors().compiled()
    step = mpmath.mpf("1e-7")
    for width, mode in ((3, 1), (4, 2), (5, 3)):
        slope = (MINOR(width, mode, 2 * step) - MINOR(width, mode, step)) / step
        assert float(-slope) == pytest.approx(float(intercepts(width, mode)), abs=1e-5)


def test_the_error_bound_by_hand():
    """n = 2, k = 1, θ = ½: every factor is a Gamma quotient; δ_1 + δ_2 = 0 and Δ_0 = 0."""
    gamma = mpmath.gamma
    theta = mpmath.mpf(1) / 2

    def moment(size, power):
        return 2 ** (power / 2) * gamma((size + power) / 2) / gamma(mpmath.mpf(size) / 2)

    for depth, order in ((1, 1), (7, 1), (7, 2)):
        expected = (order / theta) ** order * moment(1, -theta) / moment(2, -theta)
        expected *= (moment(1, theta) * moment(2, -theta)) ** depth
        assert float(ERROR(2, 1, depth, theta, order)) == pytest.approx(float(expected))


def test_gates_that_are_almost_surely_open_change_nothing():
    almost = mpmath.mpf(1) - mpmath.mpf(10) ** -14
    assert float(MASKED(3, 1, 20, 0.5, 1, almost, 2)) == pytest.approx(float(ERROR(3, 1, 20, 0.5, 1)))


def test_the_error_vanishes_exponentially():
    bounds = [float(ERROR(3, 1, depth, 0.45, 1)) for depth in (50, 100, 150)]
    assert bounds[1] / bounds[0] == pytest.approx(bounds[2] / bounds[1])
    assert bounds[1] / bounds[0] < 0.03


@pytest.mark.parametrize("values", [(3, 3, 10, 0.5, 1), (3, 1, 10, 1.0, 1), (3, 1, 10, 0, 1)])
def test_outside_the_domain_is_refused(values):
    with pytest.raises(ValueError, match="expected 1 ≤ k < n"):
        ERROR(*values)


def test_the_standardised_law_tends_to_the_normal_one():
    law, limit = finite_depth.standardised().compiled(), float(Law("normal", 1).characteristic(1))
    errors = [abs(law(3, 3, depth, 1.0) - limit) for depth in (100, 400, 1600)]
    # The first correction is the third cumulant's, 1/√N.
    assert float(errors[0] / errors[1]) == pytest.approx(2, rel=0.02)
    assert float(errors[1] / errors[2]) == pytest.approx(2, rel=0.02)


def test_a_dead_layer_becomes_certain():
    chance = gaussian.dead_layer().compiled()
    assert float(chance(2, 0.5, 1)) == pytest.approx(1 / 4)
    assert float(chance(2, 0.5, 3)) == pytest.approx(1 - 27 / 64)
