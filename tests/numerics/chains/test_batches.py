"""Batches of random chains: their laws, and logs that agree with certified spectra of the same chains."""

import numpy as np
import pytest

from jacspec.numerics import Chain, spectrum
from jacspec.numerics.chains.batches import gaussian_batch, log_singular_values, masked_batch, qr_exponents
from jacspec.numerics.chains.ensembles import gates, open_gate_law

GATED = {"depth": 30, "width": 4, "sigma": 1.0, "p": 0.5, "min_active": 2}


def rng(seed=0):
    return np.random.default_rng(seed)


def chain_of(factors, position):
    return Chain([factor[position] for factor in factors])


def test_logs_of_gaussian_chains_are_those_of_certified_spectra():
    factors = list(gaussian_batch(rng(), 3, depth=60, width=3, sigma=2.0))
    found = log_singular_values(factors)
    assert found.shape == (3, 3)
    for position in range(3):
        expected = spectrum(chain_of(factors, position), digits=15).log_singular_values
        np.testing.assert_allclose(found[position], expected, atol=1e-10)


def test_logs_of_the_modes_that_the_gates_leave():
    """The rank is that of the narrowest layer: two of four modes survive, and are right."""
    factors = list(masked_batch(rng(1), 4, **GATED))
    found = log_singular_values(factors)
    for position in range(4):
        certified = spectrum(chain_of(factors, position), digits=15)
        assert certified.rank == 2
        np.testing.assert_allclose(found[position, :2], certified.log_singular_values[:2], atol=1e-10)


def test_qr_exponents_are_log_volumes_of_frames():
    factors = list(gaussian_batch(rng(2), 2, depth=4, width=3, sigma=1.0))
    found = qr_exponents(factors).cumsum(axis=1)
    for position in range(2):
        product = np.linalg.multi_dot([factor[position] for factor in factors[::-1]])
        for k in (1, 2, 3):
            frame = product[:, :k]
            volume = np.log(np.linalg.det(frame.T @ frame)) / 2
            assert found[position, k - 1] == pytest.approx(volume, abs=1e-10)


def test_variance_and_independence_of_gaussian_entries():
    """160 000 entries: the variance is within 7 standard errors, neighbours within 7/√160 000."""
    (factor,) = gaussian_batch(rng(3), 40000, depth=1, width=2, sigma=3.0)
    assert factor.var() == pytest.approx(9, abs=7 * 9 * np.sqrt(2 / factor.size))
    assert abs(np.corrcoef(factor[:, 0, 0], factor[:, 1, 1])[0, 1]) < 7 / np.sqrt(40000)


def test_the_law_of_the_gates_is_the_conditional_binomial():
    factors = list(masked_batch(rng(4), 20000, **{**GATED, "depth": 1}))
    rows = (factors[0] != 0).any(axis=2)
    assert ((factors[0] != 0).all(axis=2) == rows).all()
    counts, weights = open_gate_law(4, 0.5, 2)
    np.testing.assert_allclose(weights, np.array([6, 4, 1]) / 11)
    for count, weight in zip(counts, weights, strict=True):
        share = (rows.sum(axis=1) == count).mean()
        assert share == pytest.approx(weight, abs=7 * np.sqrt(weight / 20000))
    # No gate is preferred.
    assert np.ptp(rows.mean(axis=0)) < 7 * np.sqrt(0.5 / 20000)


def test_single_gates_and_batches_follow_the_same_law():
    single = np.array([gates(rng(seed), 4, 0.5, 2) for seed in range(2000)])
    batch = (next(iter(masked_batch(rng(5), 2000, **GATED))) != 0).any(axis=2)
    assert single.sum(axis=1).mean() == pytest.approx(batch.sum(axis=1).mean(), abs=7 * np.sqrt(2 / 2000))
