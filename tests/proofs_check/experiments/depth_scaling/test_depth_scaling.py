"""The depth-scaling experiment: fits, alignment and closed forms, each computed again by other means."""

import functools
import json

import mpmath
import numpy as np
import pytest

from jacspec.numerics import Chain, left_overlap, right_overlap
from jacspec.numerics.support.errors import InputError
from jacspec.proofs_check.experiments import EXPERIMENTS
from jacspec.proofs_check.experiments.depth_scaling import experiment as experiment
from jacspec.proofs_check.experiments.depth_scaling.measures import (
    beyond_exponents,
    random_chain,
    trained_chain,
)
from jacspec.proofs_check.experiments.frame.digits import principal_digits
from jacspec.proofs_check.experiments.training import TrainingConfig, descend

SMALL = TrainingConfig(depth=4, width=10, gate_probability=0.8, steps=20, record_every=20, top=3)


def singular_values(factors):
    return np.linalg.svd(np.linalg.multi_dot(list(factors)[::-1]) if len(factors) > 1 else factors[0])[1]


def test_a_trained_chain_is_fitted_and_aligned_as_its_partial_products_are():
    """γ_k and δ_k by NumPy's polynomial fit over LAPACK's singular values, ε from single overlaps."""
    *_, last = descend(SMALL, *principal_digits(10))
    found = trained_chain(last, top=3)
    factors = last.factors
    depth = len(factors)
    parts = [factors[:m] for m in range(1, depth + 1)] + [factors[depth - m :] for m in range(1, depth)]
    m = [len(part) for part in parts]
    logs = np.log([singular_values(part)[:3] for part in parts])
    gamma, delta = np.polyfit(m, logs, 1)
    assert found.fit.gamma[:3] == pytest.approx(gamma, abs=1e-9)
    assert found.fit.delta[:3] == pytest.approx(delta, abs=1e-9)
    residuals = logs - np.outer(m, gamma) - delta
    assert found.fit.rms[:3] == pytest.approx(np.sqrt(np.mean(residuals**2, axis=0)), abs=1e-9)
    assert found.log_singular_values == pytest.approx(np.log(singular_values(factors)[:3]), abs=1e-9)

    chain = Chain(list(factors))
    overlaps = [
        side(chain, layer).values for side in (left_overlap, right_overlap) for layer in range(2, depth + 1)
    ]
    assert found.epsilon == pytest.approx(max(np.abs(R - np.eye(*R.shape)).max() for R in overlaps))
    assert found.modes.max() <= found.epsilon


def test_what_goes_beyond_the_exponents_by_lapack():
    generator = np.random.default_rng(3)
    chains = [random_chain(5, 3, generator) for _ in range(4)]
    found = beyond_exponents(chains, [1, 2, 5])
    assert found.shape == (4, 3, 3)
    for chain, values in zip(chains, found, strict=True):
        for count, row in zip((1, 2, 5), values, strict=True):
            frame, exponents = np.eye(3), np.zeros(3)
            for factor in chain.factors[:count]:
                frame, triangle = np.linalg.qr(factor @ frame)
                exponents += np.log(np.abs(np.diag(triangle)))
            expected = np.log(singular_values(chain.factors[:count])) - exponents
            assert row == pytest.approx(expected, abs=1e-9)
            assert row.sum() == pytest.approx(0, abs=1e-9)  # both add up to log |det|


@pytest.fixture
def small(monkeypatch):
    """The experiment with a small network: nothing in it depends on the size."""
    smaller = functools.partial(TrainingConfig, depth=3, width=10, top=5, gate_probability=0.9)
    monkeypatch.setattr(experiment, "TrainingConfig", smaller)
    monkeypatch.setattr(experiment, "load_digits", principal_digits)
    monkeypatch.setattr(experiment, "_RECORDS", 5)
    return functools.partial(experiment.run, steps=40, depth=12, width=3, chains=40)


def test_it_writes_what_it_measured_and_the_closed_forms(small, tmp_path):
    assert EXPERIMENTS["depth-scaling"] is experiment.run
    report = small(tmp_path, seed=2)
    assert [file.name for file in report.files] == [
        f"depth-scaling.{suffix}" for suffix in ("npz", "json", "svg", "png")
    ]
    assert report.complete
    with np.load(tmp_path / "depth-scaling.npz") as data:
        arrays = dict(data)
    assert arrays["steps"].tolist() == list(range(0, 41, 8))
    assert arrays["epsilon_of_mode"].shape == (6, 5)
    expected = [(mpmath.psi(0, (4 - k) / 2) - mpmath.psi(0, k / 2)) / 2 for k in (1, 2, 3)]
    assert arrays["theory_delta"] == pytest.approx([float(value) for value in expected], abs=1e-14)
    expected = [(mpmath.log(mpmath.mpf(2) / 3) + mpmath.psi(0, (4 - k) / 2)) / 2 for k in (1, 2, 3)]
    assert arrays["theory_gamma"] == pytest.approx([float(value) for value in expected], abs=1e-14)
    # Five standard errors, of 40 chains, and what is exponentially small at 12 factors.
    off = arrays["random_beyond_exponent"][-1] - arrays["theory_delta"]
    assert np.all(np.abs(off) < 5 * arrays["random_beyond_exponent_error"][-1] + 0.05)
    written = json.loads((tmp_path / "depth-scaling.json").read_text())
    assert written["summary"]["last"]["delta"] == arrays["delta"][-1].tolist()
    assert written["parameters"]["random"]["chains"] == 40
    assert any("strong alignment" in finding for finding in report.findings)
    assert any("40 Gaussian chains" in finding for finding in report.findings)

    again = tmp_path / "again"
    small(again, seed=2)
    for name in ("depth-scaling.npz", "depth-scaling.svg"):
        assert (tmp_path / name).read_bytes() == (again / name).read_bytes()


def test_an_interrupt_in_training_keeps_the_records(small, tmp_path, monkeypatch):
    real = experiment.descend

    def interrupted(*arguments):
        for snapshot in real(*arguments):
            if snapshot.record.step == 16:
                raise KeyboardInterrupt
            yield snapshot

    monkeypatch.setattr(experiment, "descend", interrupted)
    report = small(tmp_path)
    assert not report.complete
    with np.load(tmp_path / "depth-scaling.npz") as data:
        assert data["steps"].tolist() == [0, 8]
        assert "random_gamma" not in data


@pytest.mark.parametrize(("option", "value", "least"), [("depth", 1, 2), ("width", 0, 1), ("chains", 1, 2)])
def test_a_bad_option_is_refused(tmp_path, option, value, least):
    with pytest.raises(InputError, match=f"{option} {value}: expected an integer of at least {least}"):
        experiment.run(tmp_path, **{option: value})
