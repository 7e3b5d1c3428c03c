"""Powers of N by the mean of the log: what is supported, what is left open, and how far intervals reach."""

from dataclasses import replace

import numpy as np
import pytest

from jacspec.proofs_check import Claim, Verdict, verify
from jacspec.proofs_check.claims.effort import EFFORTS
from jacspec.proofs_check.claims.evidence import Status, Trend
from jacspec.proofs_check.referee.powers import Powers


def _heavy(point, count, generator):
    """3 + C N^-2 and C N^-1, C over nine decades, so that its mean is that of a few."""
    heavy = np.exp(3 * generator.standard_normal(count))
    return {"far": 3 + heavy * float(point) ** -2, "near": heavy / point}


POWERS = Powers(points=(10, 20, 40, 80), sample=_heavy, powers={"far": (3.0, -2.0), "near": (0.0, -1.0)})


def gathered(powers, seed=0):
    return powers.gather(effort=EFFORTS["standard"], seed=seed)


def test_powers_are_found_about_any_limit_and_the_same_seed_finds_the_same():
    found = gathered(POWERS)
    assert found.evidence.status is Status.FOR
    for series, power in zip(found.evidence.series, (-2, -1), strict=True):
        assert series.power == pytest.approx(power, abs=3 * series.power_error)
        assert series.reading is Trend.TENDS
    assert found.evidence.series == gathered(POWERS).evidence.series
    assert found.evidence.series != gathered(POWERS, 1).evidence.series


def test_another_power_is_neither_supported_nor_refuted():
    wrong = replace(POWERS, powers={"far": (3.0, -4.0), "near": (0.0, -1.0)})
    assert gathered(wrong).evidence.status is Status.NONE


def test_wrong_powers_are_caught_and_those_in_an_interval_are_named():
    powers = replace(POWERS, mutants={"N^-4": {"far": -4.0}, "N^-2": {"far": -2.0}})
    found = gathered(powers)
    assert (found.mutants.total, found.mutants.killed) == (2, 1)
    (survivor,) = found.mutants.survivors
    assert "N^-2" in survivor
    claim = Claim(label="a", statement="a", further_evidence=[powers])
    assert verify(claim, effort="quick").verdict is not Verdict.SUPPORTED


def test_the_bootstrap_error_is_the_spread_between_samples():
    slopes = [gathered(POWERS, seed).evidence.series[1] for seed in range(40)]
    spread = np.std([each.power for each in slopes], ddof=1)
    assert np.mean([each.power_error for each in slopes]) == pytest.approx(spread, rel=0.35)
