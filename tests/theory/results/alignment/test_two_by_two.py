"""The turn of two singular vectors: the formula against NumPy, and the bound where it is attained."""

import numpy as np
import pytest
from sympy import lambdify

from jacspec.theory.results.alignment import two_by_two as two


@pytest.mark.parametrize("seed", range(5))
def test_the_turn_is_that_of_the_first_singular_vectors(seed):
    generator = np.random.default_rng(seed)
    A, B = generator.standard_normal((2, 2, 2))
    U, values, Vt = np.linalg.svd(A)
    R = U.T @ np.linalg.svd(A @ B)[0]
    G = Vt @ B @ B.T @ Vt.T / abs(np.linalg.det(B))
    at = {two.x: values[1] / values[0], two.g11: G[0, 0], two.g22: G[1, 1]}
    assert float(two.turn.subs(at)) == pytest.approx(4 * (R[0, 0] * R[1, 0]) ** 2)


@pytest.mark.parametrize(("spread", "ratio"), [(2, 0.1), (3, 0.3), (10, 0.01)])
def test_no_direction_turns_farther_than_the_extremal_one(spread, ratio):
    at = {two.kappa: spread, two.x: ratio}
    turn = lambdify(two.g11, two.turn.subs(two.g22, spread + 1 / spread - two.g11).subs(at))
    turned = turn(np.linspace(1 / spread, spread, 2001))
    (extremal,) = two.EXTREMAL.rules
    best = float(extremal.rhs.subs(at))
    assert 1 / spread < best < spread
    bound = (np.sinh(np.log(spread)) / np.sinh(np.log(1 / ratio))) ** 2
    assert float(two.bound.subs(at)) == pytest.approx(bound)
    assert max(turned) == pytest.approx(bound, rel=1e-3)
    assert max(turned) <= bound * (1 + 1e-12)
    assert turn(best) == pytest.approx(bound)
