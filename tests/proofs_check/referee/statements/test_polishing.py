"""Descent along differences reaches what random steps do not: least values in valleys, bounds to 1 %."""

import numpy as np
import pytest

from jacspec import matrix, s, scalar, triu
from jacspec.proofs_check.referee.statements.polishing import polished
from jacspec.proofs_check.referee.statements.search_effort import SEARCH_EFFORTS
from jacspec.proofs_check.referee.statements.statement_search import search_statement
from jacspec.theory.statements.statement import statement

A = matrix("A")
x, y, z, t = map(scalar, "xyzt")


def valley(at):
    """Rosenbrock's, of a vector and a number, and without a value below -10."""
    p, q = at["v"][:, 0, 0], at["v"][:, 1, 0]
    value = 100 * (q - p**2) ** 2 + (1 - p) ** 2 + (at["w"] - 3) ** 2
    return np.where(p < -10, np.inf, value)


def test_a_least_value_in_a_curved_valley_is_reached_from_every_start():
    rng = np.random.default_rng(0)
    start = {"v": rng.standard_normal((12, 2, 1)), "w": rng.standard_normal(12)}
    once = polished(start, valley)
    end = polished(once, valley)
    assert (valley(once) <= valley(start)).all()
    assert np.median(valley(once)) < 1e-2
    assert np.median(valley(end)) < 1e-8
    assert end["v"].shape == (12, 2, 1)


def test_where_nothing_is_lower_the_start_stays():
    start = {"w": np.array([3.0, 3.0])}
    assert (polished(start, lambda at: np.abs(at["w"] - 3))["w"] == 3).all()


@pytest.mark.parametrize("seed", range(3))
def test_bounds_that_random_steps_miss_are_refuted(seed):
    truncated = statement(s(1, triu(A)) <= 1.3 * s(1, A), ranges={"n": (4, 5)})
    banana = statement(
        100 * (y - x**2) ** 2 + 100 * (z - y**2) ** 2 + 100 * (t - z**2) ** 2 + (1 - x) ** 2 >= 0.001,
        [x != 1, y != x],
    )
    for said in (truncated, banana):
        assert search_statement(said, seed=seed, effort=SEARCH_EFFORTS["standard"], shrink=False).hit
