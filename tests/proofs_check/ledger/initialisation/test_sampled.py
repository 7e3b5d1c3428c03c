"""Section 3, sampled: verdicts, and the systematic errors of a finite depth against direct simulation."""

import numpy as np
import pytest

from jacspec.numerics.chains.batches import gaussian_batch, log_singular_values, masked_batch, qr_exponents
from jacspec.proofs_check import Verdict
from jacspec.proofs_check.ledger.initialisation import (
    sampled_exponents,
    sampled_fluctuations,
    sampled_scaling,
)
from jacspec.proofs_check.ledger.initialisation.predictions import (
    Ensemble,
    evaluated,
    law,
    mean,
    rate,
    variance,
)
from jacspec.theory.results.initialisation import finite_depth
from tests.proofs_check.ledger.reports import report_of

SUPPORTED = [
    claim
    for section in (sampled_exponents, sampled_scaling, sampled_fluctuations)
    for claim in section.CLAIMS
    if claim.label != "lyapunov-masked-unconditioned"
]


@pytest.mark.parametrize("claim", SUPPORTED, ids=lambda claim: claim.label)
def test_verdict(claim):
    report = report_of(claim.label)
    assert report.verdict is Verdict.SUPPORTED, (report.error, report.evidence)
    assert report.mutants.killed == report.mutants.total >= 20
    *derived, evidence = report.evidence
    assert all(each.lacking for each in derived), "a value is derived, and not the limit"
    assert evidence.false_alarm <= 1e-9
    assert {"sample_size", "quantities", "seed", "assumes"} <= evidence.to_json().keys()


def test_systematic_errors_are_below_what_the_samples_resolve():
    """Where the claim is about a mean; a law and a variance are only asymptotic."""
    for claim in SUPPORTED:
        if claim.label == "lyapunov-fluctuations":
            continue
        *_, evidence = report_of(claim.label).evidence
        for quantity in evidence.quantities:
            resolution = quantity.threshold * quantity.standard_error
            assert max(map(abs, quantity.systematic)) < resolution / 5


def test_a_dead_layer_is_found_and_certified():
    report = report_of("lyapunov-masked-unconditioned")
    assert report.verdict is Verdict.REFUTED
    found = report.counterexample
    assert [0, 0] in found.values["gates"]
    assert "tends to 1" in found.certificate


# --- the systematic errors ------------------------------------------------------------------------


def simulated(ensemble, depth, count=20000):
    generator = np.random.default_rng(depth)
    factors = list(gaussian_batch(generator, count, depth=depth, width=ensemble.width, sigma=ensemble.sigma))
    return log_singular_values(factors)


@pytest.mark.parametrize(("width", "depth"), [(2, 1), (2, 4), (3, 8)])
def test_the_mean_of_shallow_chains_is_off_by_no_more_than_the_bound(width, depth):
    """There the error is visible; the QR exponents, of known mean, take most of the scatter away."""
    ensemble = Ensemble(width, 1.0)
    generator = np.random.default_rng(depth)
    factors = list(gaussian_batch(generator, 20000, depth=depth, width=width, sigma=1.0))
    beyond = log_singular_values(factors)[:, 0] - qr_exponents(factors)[:, 0]
    error = beyond.std() / np.sqrt(len(beyond))
    predicted = mean(ensemble, 1, depth)
    short = predicted.value - depth * ensemble.exponent(1) - beyond.mean()
    assert 6 * error < short < predicted.below + 6 * error


@pytest.mark.parametrize("depth", [3, 40])
def test_gates_leave_the_intercepts_as_they_are(depth):
    """Shallow, where the error shows, and deep, where it does not."""
    ensemble = Ensemble(4, 1.0, 0.5, 2)
    size = {"depth": depth, "width": 4, "sigma": 1.0, "p": 0.5, "min_active": 2}
    factors = list(masked_batch(np.random.default_rng(depth), 10000, **size))
    logs, exponents = log_singular_values(factors), qr_exponents(factors)
    for mode in (1, 2):
        beyond = logs[:, mode - 1] - exponents[:, mode - 1]
        error = beyond.std() / np.sqrt(len(beyond))
        predicted = mean(ensemble, mode, depth)
        over = beyond.mean() - (predicted.value - depth * ensemble.exponent(mode))
        assert -predicted.below - 6 * error < over < predicted.above + 6 * error
        if depth == 3:
            assert abs(over) > 6 * error


def test_the_ledger_s_mean_at_width_8_is_within_the_bound():
    """Measured -1.07 ± 0.02 at n = 8, N = 40, σ² = 1/8, where the limit value is -0.994."""
    predicted = mean(Ensemble(8, 8**-0.5), 1, 40)
    assert predicted.value == pytest.approx(-0.994, abs=5e-4)
    assert predicted.value - predicted.below < -1.07 < predicted.value + predicted.above


@pytest.mark.parametrize(("depth", "moment"), [(1, 1), (7, 1), (60, 2), (180, 1)])
@pytest.mark.parametrize("ensemble", [Ensemble(2, 1.0), Ensemble(5, 1.0), Ensemble(4, 1.0, 0.5, 2)])
def test_the_bound_is_the_least_of_all_that_the_formula_gives(ensemble, depth, moment):
    formula, gates = (
        (finite_depth.error_moment(), ())
        if ensemble.p == 1
        else (finite_depth.error_moment_masked(), (ensemble.p, ensemble.least))
    )
    all_of_them = (
        evaluated(formula, ensemble.width, 1, depth, step / 50, moment, *gates) for step in range(1, 50)
    )
    assert ensemble.error(1, depth, moment) == min(all_of_them)


def test_the_error_of_a_rate_is_that_of_its_two_ends():
    ensemble = Ensemble(3, 1.0)
    early, late, grown = mean(ensemble, 1, 60), mean(ensemble, 1, 120), rate(ensemble, 1, 60, 120)
    assert grown.value == pytest.approx((late.value - early.value) / 60)
    assert 60 * grown.above == pytest.approx(early.below + late.above)


def test_the_variance_falls_short_by_that_of_the_minor():
    """n = 2: Var log s_1 = N v_1 - Var log|cos|, and Var log|cos φ| = π²/12, up to e^{-cN}."""
    depth = 40
    logs = simulated(Ensemble(2, 1.0), depth)[:, 0]
    predicted = variance(Ensemble(2, 1.0), 1, depth)
    error = depth * predicted.value * np.sqrt(2 / len(logs))
    short = depth * predicted.value - logs.var(ddof=1)
    assert predicted.below * depth == pytest.approx(np.pi**2 / 12 + predicted.above * depth)
    assert short == pytest.approx(np.pi**2 / 12, abs=6 * error + predicted.above * depth)


def test_the_characteristic_function_is_within_its_errors():
    ensemble, depth = Ensemble(2, 1.0), 60
    logs = simulated(ensemble, depth)[:, 0]
    standard = logs - depth * ensemble.exponent(1)
    standard /= np.sqrt(depth * variance(ensemble, 1, depth).value)
    for time in (0.5, 1.0, 2.0):
        for predicted, measured in zip(
            law(ensemble, 1, depth, time),
            (np.cos(time * standard).mean(), np.sin(time * standard).mean()),
            strict=True,
        ):
            assert abs(measured - predicted.value) < predicted.above + 6 / np.sqrt(len(logs))
