"""Limits along certified balls: convergence, staying away, rates, and what decides neither."""

from dataclasses import replace

import numpy as np
import pytest
from flint import arb, fmpq

from jacspec.numerics import PrecisionError
from jacspec.numerics.support.precision import balls, current_bits
from jacspec.proofs_check import Claim, Verdict, verify
from jacspec.proofs_check.claims.effort import effort_of
from jacspec.proofs_check.claims.evidence import Status, Trend
from jacspec.proofs_check.referee.limits import Limit, Rate, resolved

QUICK = effort_of("quick")


def noisy(point, generator):
    """A point and a random rational factor between 1/2 and 3/2."""
    return point, fmpq(int(generator.integers(50, 150)), 100)


def algebraic(instance):
    """1 + c/N and e^{-cN}, in balls."""
    point, factor = instance
    return {"algebraic": 1 + arb(factor) / point, "exponential": (-arb(factor) * point).exp()}


LIMIT = Limit(points=(5, 10, 20, 40), draw=noisy, measure=algebraic, limits={"algebraic": 1.0})


def gathered(limit, seed=0):
    return limit.gather(effort=QUICK, seed=seed)


def test_convergence_with_its_power():
    found = gathered(replace(LIMIT, mutants={"2": {"algebraic": 2.0}, "of the other": {"exponential": 1.0}}))
    assert found.evidence.status is Status.FOR
    (series,) = found.evidence.series
    assert series.power == pytest.approx(-1, abs=4 * series.power_error)
    assert series.reading is Trend.TENDS
    assert (found.mutants.killed, found.mutants.total) == (2, 2)


def test_a_contrary_limit_with_its_rate():
    found = gathered(replace(LIMIT, limits={"algebraic": 1.0, "exponential": 1.0}))
    assert found.evidence.status is Status.AGAINST
    assert "exponential falls as $exp((" in found.evidence.summary
    series = found.evidence.series[1]
    assert series.rate == pytest.approx(-1, abs=4 * series.rate_error)


def test_a_wrong_limit_that_is_near_survives():
    found = gathered(replace(LIMIT, mutants={"near": {"algebraic": 1.001}}))
    assert found.mutants.survivors == ("'near' is not shown to stay away from its limit",)


def test_the_verdicts_of_claims():
    claim = Claim(
        label="a", statement="a", further_evidence=[replace(LIMIT, mutants={"2": {"algebraic": 2.0}})]
    )
    assert verify(claim, effort="quick").verdict is Verdict.SUPPORTED
    contrary = replace(claim, further_evidence=[replace(LIMIT, limits={"algebraic": 2.0})])
    assert verify(contrary, effort="quick").verdict is Verdict.REFUTED
    unshown = replace(claim, further_evidence=[LIMIT])
    assert "no mutant" in verify(unshown, effort="quick").error


@pytest.mark.parametrize(
    ("heights", "status"),
    [
        ((1, 1, 1, 1), Status.AGAINST),
        ((10, 1, 10, 1), Status.NONE),
        ((80, 40, 20, 10), Status.FOR),
        ((40, 36, 33, 30), Status.FOR),
    ],
)
def test_a_course_without_a_trend_decides_nothing_and_a_slow_fall_is_one(heights, status):
    points = (5, 10, 20, 40)
    course = dict(zip(points, heights, strict=True))
    limit = Limit(
        points=points,
        draw=lambda point, generator: fmpq(course[point], int(generator.integers(50, 60))),
        measure=lambda instance: {"course": arb(instance)},
        limits={"course": 0.0},
    )
    assert gathered(limit).evidence.status is status


def test_few_instances_cannot_show_that_a_quantity_stays_away():
    limit = replace(LIMIT, limits={"algebraic": 2.0}, least=4)
    assert gathered(limit).evidence.status is Status.NONE
    assert gathered(replace(limit, least=9)).evidence.status is Status.AGAINST


def test_the_same_seed_gives_the_same_series():
    first, again, other = (gathered(LIMIT, seed).evidence.series for seed in (1, 1, 2))
    assert first == again
    assert first != other


# --- fits and balls -------------------------------------------------------------------------------


def test_an_exact_line_has_no_error():
    rate = Rate.fitted([0, 1, 2, 3], [[1, 1], [3, 3], [5, 5], [7, 7]])
    assert (rate.slope, rate.error) == (pytest.approx(2), pytest.approx(0, abs=1e-12))
    assert rate.misfit == pytest.approx(0, abs=1e-12)


def test_the_misfit_of_a_slope_is_the_textbook_s():
    """y = 0, 1, 0 at x = 0, 1, 2: slope 0, residual variance 2/3, Σ(x-x̄)² = 2."""
    rate = Rate.fitted([0, 1, 2], [[0], [1], [0]])
    assert rate.slope == pytest.approx(0)
    assert rate.misfit == pytest.approx((2 / 3 / 2) ** 0.5)
    assert rate.error == pytest.approx(0, abs=1e-12)  # the one instance of each point is drawn again
    assert not Rate.fitted([0, 1, 2], [[2], [0], [2 - 1e-3]]).falls


def test_the_error_of_a_slope_is_its_spread_between_samples():
    def drawn(seed):
        generator = np.random.default_rng(seed)
        return Rate.fitted([0, 1, 2], [generator.normal(-x, 1.0 + x, 30).tolist() for x in range(3)])

    rates = [drawn(seed) for seed in range(60)]
    assert np.mean([each.slope for each in rates]) == pytest.approx(-1, abs=0.15)
    spread = np.std([each.slope for each in rates], ddof=1)
    assert np.mean([each.error for each in rates]) == pytest.approx(spread, rel=0.35)


def test_precision_is_raised_until_a_cancellation_shows():
    values, bits = resolved(lambda: {"tiny": (arb(1) + arb(2) ** -1000) - 1})
    assert bits >= 1024
    with balls(bits):
        assert values["tiny"].contains(arb(2) ** -1000)
        assert values["tiny"].rel_accuracy_bits() >= 64


def test_a_zero_is_never_resolved_and_says_so():
    before = current_bits()
    with pytest.raises(PrecisionError, match="nothing: not resolved within 65536 bits"):
        resolved(lambda: {"nothing": arb(2).sqrt() ** 2 - 2})
    assert current_bits() == before
