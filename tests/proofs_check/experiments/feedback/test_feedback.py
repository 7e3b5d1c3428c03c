"""The feedback experiment: overlaps, ratios, the bound and the budget, computed again in float64."""

import json

import numpy as np
import pytest

from jacspec.numerics import Chain
from jacspec.numerics.support.errors import InputError
from jacspec.proofs_check.experiments import EXPERIMENTS
from jacspec.proofs_check.experiments.feedback import experiment as experiment
from jacspec.proofs_check.experiments.feedback.alignment_budget import SEPARATED, budget
from jacspec.proofs_check.experiments.frame.digits import load_digits, principal_digits


def test_a_budget_is_that_of_the_singular_vectors_themselves():
    """A moderate chain, on which LAPACK's vectors are good to 1e-10."""
    chain = Chain.gaussian(depth=4, width=4, seed=5)
    factors = [np.array(factor, dtype=float) for factor in chain.factors]
    B = factors[1] @ factors[0]
    A = factors[3] @ factors[2]
    (U, s, _), (W, t, _) = np.linalg.svd(A), np.linalg.svd(A @ B)
    R = np.abs(U.T @ W)
    found = budget(chain, 3)
    assert np.exp(found.overlaps) == pytest.approx(R, abs=1e-9)
    assert found.outer == pytest.approx(np.log(s), abs=1e-9)
    assert found.whole == pytest.approx(np.log(t), abs=1e-9)
    assert found.kappa == pytest.approx(np.log(np.linalg.cond(B)), abs=1e-9)
    i, k = np.triu_indices(4, 1)
    assert found.measured == pytest.approx(np.log(R[i, k]), abs=1e-7)
    assert found.ratios == pytest.approx(np.log(s[k] / s[i]), abs=1e-9)
    assert found.bounds == pytest.approx(np.log(np.linalg.cond(B) * s[k] / s[i]), abs=1e-9)
    assert np.all(found.measured <= found.bounds)
    far = np.log(s[k] / s[i]) < SEPARATED
    assert 0 < far.sum() < len(far)
    assert found.powers == pytest.approx((np.log(R[i, k]) / np.log(s[k] / s[i]))[far], abs=1e-7)
    assert found.leakage(2) == pytest.approx(R[:2, 2:].max(), abs=1e-9)
    assert found.diagonal(1, 3) == pytest.approx((R[1, 1] + R[2, 2]) / 2, abs=1e-9)


def test_an_aligned_chain_has_no_pairs_to_measure():
    """Diagonal factors: every overlap off the diagonal is exactly zero."""
    found = budget(Chain([np.diag([4.0, 2.0, 1.0])] * 3), 2)
    assert len(found.measured) == len(found.powers) == 0
    assert found.diagonal(0, 3) == pytest.approx(1, abs=1e-9)


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    places = [tmp_path_factory.mktemp(name) for name in ("first", "second")]
    return places, [experiment.run(place, seed=1, steps=1500, depth=4, width=10) for place in places]


def test_it_writes_the_same_for_the_same_seed(short):
    (first, second), (report, _) = short
    assert EXPERIMENTS["feedback"] is experiment.run
    assert [file.name for file in report.files] == [
        f"feedback.{suffix}" for suffix in ("npz", "json", "svg", "png")
    ]
    for name in ("feedback.npz", "feedback.svg", "feedback.png"):
        assert (first / name).read_bytes() == (second / name).read_bytes()


def test_the_findings_are_those_of_the_data(short):
    (place, _), (report, _) = short
    with np.load(place / "feedback.npz") as data:
        arrays = dict(data)
    assert arrays["steps"].tolist() == list(range(0, 1501, 30))
    assert arrays["losses"][-1] < 0.9 * arrays["losses"][0]
    i, k = np.triu_indices(10, 1)
    outer, overlaps = arrays["log_singular_values_of_A"], arrays["log_overlaps"]
    ratios, measured = outer[:, k] - outer[:, i], overlaps[:, i, k]
    assert np.all(measured <= arrays["log_kappa_of_B"][:, None] + ratios)  # claim `alignment`
    said = " ".join(str(report).split())
    assert f"bounds all {measured.size} overlaps" in said
    far = ratios[-1] < SEPARATED
    powers = measured[-1][far] / ratios[-1][far]
    assert f"and {np.median(powers):.2f} at the end, in the median" in said
    assert f"{np.mean(powers > 2):.0%} at the end" in said
    slope = np.polyfit(ratios[-1][far], measured[-1][far], 1)[0]
    written = json.loads((place / "feedback.json").read_text())
    assert written["summary"]["last"]["fitted_power"] == pytest.approx(slope)
    growth = arrays["log_singular_values"][-1] - arrays["log_singular_values"][0]
    leading = written["summary"]["leading_modes"]
    assert np.all(growth[:leading] > 1)
    assert growth[leading] <= 1


def test_principal_digits_keep_the_leading_moments():
    inputs, targets = principal_digits(12)
    assert inputs.shape == targets.shape == (1797, 12)
    moments = inputs.T @ inputs / len(inputs)
    assert np.trace(moments) == pytest.approx(1, rel=1e-12)
    whole, _ = load_digits()
    leading = np.linalg.eigvalsh(whole.T @ whole / len(whole))[::-1][:12]
    assert moments == pytest.approx(np.diag(leading / leading.sum()), abs=1e-12)


def test_an_interrupt_keeps_the_records(tmp_path, monkeypatch):
    real = experiment.budget
    calls = []

    def interrupted(*arguments):
        calls.append(arguments)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(experiment, "budget", interrupted)
    report = experiment.run(tmp_path, steps=100, depth=3, width=10)
    assert "interrupted at record 2 of 51" in str(report)
    with np.load(tmp_path / "feedback.npz") as data:
        assert data["steps"].tolist() == [0, 2]


@pytest.mark.parametrize(
    ("options", "message"),
    [({"depth": 2}, "depth 2"), ({"width": 9}, "width 9"), ({"width": 65}, "64")],
)
def test_a_bad_option_is_refused(tmp_path, options, message):
    with pytest.raises(InputError, match=message):
        experiment.run(tmp_path, **options)
