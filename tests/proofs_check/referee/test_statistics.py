"""Means against predictions: the level, the correction for skewness, mutants, and a user's own claim."""

import math
from dataclasses import replace

import mpmath
import numpy as np
import pytest

from jacspec.numerics import InputError
from jacspec.proofs_check import Claim, Expectation, Verdict, verify
from jacspec.proofs_check.claims.effort import effort_of
from jacspec.proofs_check.claims.evidence import Status
from jacspec.proofs_check.referee.statistics import Prediction, Statistics, threshold

QUICK = effort_of("quick")


def half_normal(count, generator):
    """|X| of a standard normal X, mean √(2/π)."""
    return {"E|X|": np.abs(generator.standard_normal(count))}


def half_normal_mean(mean, **particulars):
    mutants = {"median": lambda: {"E|X|": 0.6745}, "one": lambda: {"E|X|": 1.0}}
    return Statistics(half_normal, lambda: {"E|X|": mean}, **{"mutants": mutants, "size": 10, **particulars})


def gathered(statistics, seed=0):
    return statistics.gather(effort=QUICK, seed=seed)


# --- a user's claim -------------------------------------------------------------------------------


def test_a_claim_of_twenty_lines():
    """The rate of a one-dimensional chain: E log|X| = -(γ + log 2)/2, γ Euler's constant."""

    def growth(count, generator):
        factors = generator.standard_normal((count, 50))
        return {"growth": np.log(np.abs(factors)).mean(axis=1)}

    claim = Claim(
        label="my-growth-rate",
        statement="(1/N) log|M_N ⋯ M_1| → -(γ + log 2)/2 for Gaussian numbers",
        further_evidence=[
            Statistics(
                sample=growth,
                predicted=lambda: {"growth": -(np.euler_gamma + math.log(2)) / 2},
                mutants={
                    "log E|X|": lambda: {"growth": math.log(2 / math.pi) / 2},
                    "log 2 forgotten": lambda: {"growth": -np.euler_gamma / 2},
                },
            )
        ],
        expected=Expectation.SUPPORTED,
    )
    report = verify(claim)
    assert report.verdict is Verdict.SUPPORTED
    assert (report.mutants.killed, report.mutants.total) == (2, 2)
    (evidence,) = report.evidence
    assert evidence.kind == "statistics"
    assert evidence.false_alarm == 1e-9
    assert evidence.sample_size == 2000
    assert "50" not in str(report.error)


# --- for, against, neither ------------------------------------------------------------------------


def test_a_right_mean_is_supported_and_its_mutants_rejected():
    found = gathered(half_normal_mean(math.sqrt(2 / math.pi)))
    assert found.evidence.status is Status.FOR
    assert (found.mutants.killed, found.mutants.survivors) == (2, ())
    (quantity,) = found.evidence.quantities
    assert quantity.mean == pytest.approx(math.sqrt(2 / math.pi), abs=7 * quantity.standard_error)
    assert abs(quantity.score) < quantity.threshold


def test_a_wrong_mean_is_against():
    found = gathered(half_normal_mean(0.9))
    assert found.evidence.status is Status.AGAINST
    assert "standard errors off" in found.evidence.summary


def test_a_refuted_mean_refutes_the_claim():
    claim = Claim(label="wrong", statement="E|X| = 0.9", further_evidence=[half_normal_mean(0.9)])
    assert verify(claim).verdict is Verdict.REFUTED


def test_a_mutant_within_the_errors_survives_and_makes_the_claim_an_error():
    near = {"nearly": lambda: {"E|X|": math.sqrt(2 / math.pi) + 1e-4}}
    statistics = half_normal_mean(math.sqrt(2 / math.pi), mutants=near)
    assert gathered(statistics).mutants.survivors == ("'nearly' is within the errors of the sample",)
    assert verify(Claim(label="a", statement="a", further_evidence=[statistics])).verdict is Verdict.ERROR


def test_systematic_errors_widen_the_interval_to_their_side_only():
    low = Prediction(0.9, below=0.15)
    high = Prediction(0.9, above=0.15)
    wide_below = gathered(Statistics(half_normal, lambda: {"E|X|": low}, size=10)).evidence
    wide_above = gathered(Statistics(half_normal, lambda: {"E|X|": high}, size=10)).evidence
    assert (wide_below.status, wide_above.status) == (Status.FOR, Status.AGAINST)


def test_too_small_and_skewed_a_sample_is_no_evidence():
    def rare(count, generator):
        return {"rare": (np.arange(count) == 0).astype(float)}

    found = gathered(Statistics(rare, lambda: {"rare": 0.0}))
    assert found.evidence.status is Status.NONE
    assert "too few for their skewness" in found.evidence.summary


def test_the_same_seed_gives_the_same_evidence_and_another_does_not():
    first, again, other = (gathered(half_normal_mean(0.8), seed).evidence for seed in (1, 1, 2))
    assert replace(first, seconds=0) == replace(again, seconds=0)
    assert first.quantities != other.quantities


# --- the level ------------------------------------------------------------------------------------


def test_thresholds_are_student_s_quantiles():
    """Against closed forms: with one degree of freedom P(|T| > z) = 1 - (2/π) arctan z, with two √."""
    for level in (0.2, 0.05):
        assert threshold(2, 0.0, level) == pytest.approx(math.tan(math.pi * (1 - level) / 2), abs=2e-3)
        tail = 1 - level
        assert threshold(3, 0.0, level) == pytest.approx(math.sqrt(2 * tail**2 / (1 - tail**2)), abs=2e-3)
    # Normal in the limit: P(|Z| > 6.109410) = 1e-9.
    assert threshold(10**7, 0.0, 1e-9) == pytest.approx(6.10941, abs=2e-3)


def test_a_level_that_float64_hardly_holds_is_kept():
    assert math.log(float(mpmath.erfc(threshold(10**9, 0.0, 1e-300) / math.sqrt(2)))) == pytest.approx(
        math.log(1e-300), abs=0.1
    )
    assert threshold(10**9, 0.0, 5e-324) == math.inf


def test_skewness_raises_the_threshold_and_numbers_lower_it():
    assert threshold(1000, 0.0, 1e-9) < threshold(1000, 1.0, 1e-9) < threshold(1000, -2.0, 1e-9)
    assert threshold(10**6, 2.0, 1e-9) < threshold(10**4, 2.0, 1e-9)
    assert threshold(100, 2.0, 1e-9) == math.inf


@pytest.mark.parametrize("skewed", [False, True])
def test_true_means_are_rejected_no_more_often_than_stated(skewed):
    """At a level that can be seen: 4000 samples of 200 values, exponential or normal, at 1 %."""
    generator = np.random.default_rng(0)
    values = (
        generator.standard_exponential((4000, 200)) - 1 if skewed else generator.standard_normal((4000, 200))
    )
    scores = np.abs(values.mean(axis=1)) / values.std(axis=1, ddof=1) * math.sqrt(200)
    rejected = int((scores > threshold(200, 2.0 if skewed else 0.0, 0.01)).sum())
    # Binomial(4000, 0.01): more than 70 has probability 1e-5.
    assert rejected <= 70


def test_several_quantities_share_the_level():
    def two(count, generator):
        return {"a": generator.standard_normal(count), "b": generator.standard_normal(count)}

    both = gathered(Statistics(two, lambda: {"a": 0.0, "b": 0.0}))
    one = gathered(Statistics(two, lambda: {"a": 0.0}))
    first, second = (found.evidence.quantities[0].threshold for found in (both, one))
    assert first > second
    assert len(both.evidence.quantities) == 2


# --- bad input ------------------------------------------------------------------------------------


def test_a_level_above_the_promised_one_is_refused():
    with pytest.raises(InputError, match=r"level 0\.05: expected .* ≤ 1e-09"):
        half_normal_mean(0.8, level=0.05)


def test_a_prediction_of_nothing_sampled_is_refused():
    with pytest.raises(InputError, match=r"\['other'\].*\['E\|X\|'\]"):
        gathered(Statistics(half_normal, lambda: {"other": 0.0}))


@pytest.mark.parametrize("values", [np.zeros((3, 2)), np.zeros(1), np.array([0.0, np.nan])])
def test_a_sample_that_is_no_row_of_finite_numbers_is_refused(values):
    with pytest.raises(InputError, match="at least two finite numbers in a row"):
        gathered(Statistics(lambda count, generator: {"x": values}, lambda: {"x": 0.0}))


def test_an_impossible_prediction_is_refused():
    with pytest.raises(InputError, match="finite systematic errors"):
        Prediction(1.0, below=-0.1)


def test_a_constant_sample_is_judged_exactly():
    def ones(count, generator):
        return {"x": np.ones(count)}

    right = gathered(Statistics(ones, lambda: {"x": 1.0})).evidence
    wrong = gathered(Statistics(ones, lambda: {"x": 0.5})).evidence
    assert right.status is Status.FOR
    assert right.quantities[0].score == 0
    assert wrong.status is Status.AGAINST
    assert wrong.quantities[0].rejected
