"""Depth scaling fits: chains with known exponents, intercepts and residuals."""

import numpy as np
import pytest

from jacspec.numerics import Chain, InputError, depth_scaling

ENGINES = pytest.mark.parametrize("engine", ["float64", "certified"])


@ENGINES
def test_equal_diagonal_factors_scale_exactly(engine):
    """s_k of m factors diag(3, 1/2) is 3^m, 2^-m: γ = log 3, -log 2, and δ = 0."""
    found = depth_scaling(Chain([np.diag([3.0, 0.5])] * 7), engine=engine)
    np.testing.assert_allclose(found.gamma, [np.log(3), -np.log(2)], rtol=1e-13)
    np.testing.assert_allclose(found.delta, 0, atol=1e-12)
    assert found.largest.max() < 1e-12
    np.testing.assert_allclose(found.predicted(4), [4 * np.log(3), -4 * np.log(2)], rtol=1e-12)


def test_an_intercept_is_found_where_both_ends_carry_it():
    """Ends M_1 = M_N = e^δ M and M elsewhere: every partial product but J has one end, hence δ; J has 2δ."""
    M = np.diag([2.0, 0.25])
    depth, factor = 6, 4.0
    chain = Chain([factor * M, *[M] * (depth - 2), factor * M])
    found = depth_scaling(chain)
    # By NumPy's least squares on the same points, per mode.
    m = np.array([*range(1, depth + 1), *range(1, depth)], dtype=float)
    logs = np.log(np.diag(M)) * m[:, None] + np.log(factor) * (1 + (m == depth))[:, None]
    design = np.stack([m, np.ones_like(m)], axis=1)
    (gamma, delta), *_ = np.linalg.lstsq(design, logs)
    residuals = logs - design @ np.array([gamma, delta])
    np.testing.assert_allclose(found.gamma, gamma, rtol=1e-12)
    np.testing.assert_allclose(found.delta, delta, rtol=1e-12)
    np.testing.assert_allclose(found.rms, np.sqrt((residuals**2).mean(axis=0)), rtol=1e-9)
    np.testing.assert_allclose(found.largest, np.abs(residuals).max(axis=0), rtol=1e-9)
    assert found.rms.min() > 0.1


def test_empty_products_draw_the_intercept_to_zero():
    M = np.diag([2.0, 0.25])
    chain = Chain([4 * M, M, M, 4 * M])
    without, within = (depth_scaling(chain, empty_products=flag) for flag in (False, True))
    assert (np.abs(within.delta) < np.abs(without.delta)).all()
    # One factor: the line through (0, 0) and (1, log s).
    single = depth_scaling(Chain([M]), empty_products=True)
    np.testing.assert_allclose(single.gamma, np.log([2, 0.25]))
    np.testing.assert_allclose(single.delta, 0, atol=1e-15)


@ENGINES
def test_modes_that_vanish_are_named(engine):
    chain = Chain([np.diag([3.0, 1.0, 2.0]), np.diag([1.0, 0.0, 0.5]), np.diag([2.0, 1.0, 1.0])])
    found = depth_scaling(chain, engine=engine)
    assert found.zero_modes == (2,)
    assert np.isnan(found.gamma).tolist() == [False, False, True]
    assert "s_3(J) = 0" in str(found)
    dead = depth_scaling(Chain([np.zeros((2, 2))] * 3), engine=engine)
    assert dead.zero_modes == (0, 1)


def test_rectangular_chains_are_fitted_by_the_modes_of_J():
    rng = np.random.default_rng(0)
    chain = Chain([rng.normal(size=shape) for shape in [(4, 3), (5, 4), (2, 5), (6, 2)]])
    found = depth_scaling(chain)
    assert found.gamma.shape == (3,)
    assert found.zero_modes == (2,)


def test_any_depth():
    """s_2 ~ 2^-3000, far below float64's range."""
    found = depth_scaling(Chain([np.diag([2.0, 0.5])] * 3000))
    np.testing.assert_allclose(found.gamma, [np.log(2), -np.log(2)], rtol=1e-10)


def test_one_factor_makes_no_line():
    with pytest.raises(InputError, match="expected depth 2"):
        depth_scaling(Chain([np.eye(2)]))
