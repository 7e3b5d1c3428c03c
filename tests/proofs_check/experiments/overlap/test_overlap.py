"""The overlap experiment, small: its figures against mpmath, Pearson's formula, and the theory's bound."""

import json

import mpmath
import numpy as np
import pytest

from jacspec.numerics import Chain, left_overlap, spectrum
from jacspec.numerics.support.errors import InputError
from jacspec.proofs_check.experiments import EXPERIMENTS
from jacspec.proofs_check.experiments.overlap import experiment
from jacspec.proofs_check.experiments.overlap.measures import (
    PANELS,
    leading_correlations,
    magnitudes,
    random_factors,
)

SMALL = {"width": 10, "shown": 8, "blocks": (4, 8), "chains": 3}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """The same small run twice, into different directories."""
    return [experiment.run(tmp_path_factory.mktemp(name), seed=5, **SMALL) for name in ("first", "second")]


def read(report):
    arrays, text = report.files[:2]
    with np.load(arrays) as data:
        return dict(data), json.loads(text.read_text())


def test_the_registry_names_it():
    assert EXPERIMENTS["overlap"] is experiment.run


def test_the_overlaps_are_those_of_mpmath(runs):
    """U_Jᵀ U_A of the chain that the seed names, by an engine that shares nothing with the certified one."""
    arrays, _ = read(runs[0])
    for setting in PANELS:
        chain = Chain.gaussian(depth=setting.depth, width=10, seed=5)
        parts = chain, Chain(list(chain.factors)[-setting.factors :])
        J, A = (_columns(spectrum(each, engine="mpmath", vectors=True).left_vectors) for each in parts)
        expected = np.abs(J.T @ A)  # of mpmath's numbers
        logs = np.array([[float(mpmath.log(entry)) for entry in row] for row in expected])
        assert arrays[f"overlap_{setting.depth}"] == pytest.approx(expected.astype(float), rel=1e-6)
        assert arrays[f"log_overlap_{setting.depth}"] == pytest.approx(logs, abs=1e-6)


def _columns(matrix):
    return np.array(matrix.tolist(), dtype=object)


def pearson(weights):
    """Each index pair as often as its weight says."""
    rows, columns = np.indices(weights.shape)
    covariance = np.cov(rows.ravel(), columns.ravel(), aweights=weights.ravel(), ddof=0)
    return covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1])


def test_correlations_of_all_blocks_are_pearsons():
    weights = np.random.default_rng(3).random((9, 9))
    found = leading_correlations(weights)
    assert np.isnan(found[0])
    assert found[1:] == pytest.approx([pearson(weights[:size, :size]) for size in range(2, 10)], abs=1e-13)
    assert leading_correlations(np.eye(6))[1:] == pytest.approx(1)
    assert leading_correlations(np.ones((6, 6)))[1:] == pytest.approx(0, abs=1e-14)


def test_correlations_are_those_of_the_certified_overlap(runs):
    arrays, written = read(runs[0])
    for setting in PANELS:
        chain = Chain.gaussian(depth=setting.depth, width=10, seed=5)
        certified = left_overlap(chain, setting.layer, digits=8)
        figures = written["summary"][str(setting)]["diagonal_correlation"]
        assert list(figures) == ["4", "8", "10"]
        for size, figure in figures.items():
            assert figure == pytest.approx(certified.block(int(size)).diagonal_correlation, abs=1e-6)
        assert figures["10"] == arrays[f"correlations_{setting.depth}"][-1]


def test_the_scatter_is_that_of_the_chains_of_the_seed(runs):
    arrays, written = read(runs[0])
    for setting in PANELS:
        sample = arrays[f"correlations_of_chains_{setting.depth}"]
        assert sample.shape == (3, 10)
        for factors, row in zip(random_factors(setting.depth, 10, 5), sample, strict=False):
            expected = leading_correlations(magnitudes(factors, setting.factors))
            assert row[1:] == pytest.approx(expected[1:], abs=1e-10)
        figures = written["summary"][str(setting)]["chains"]["8"]
        assert figures["mean"] == pytest.approx(sample[:, 7].mean())
        assert figures["deviation"] == pytest.approx(sample[:, 7].std(ddof=1))


def test_every_entry_obeys_the_bound_and_float64_is_judged(runs):
    arrays, written = read(runs[0])
    for setting in PANELS:
        logs = arrays[f"log_singular_values_of_A_{setting.depth}"]
        figures = written["summary"][str(setting)]
        log_bound = np.log(figures["condition_number_of_B"]) - np.abs(logs[:, None] - logs)
        off = ~np.eye(10, dtype=bool)
        slack = (arrays[f"log_overlap_{setting.depth}"] - log_bound)[off]
        assert np.exp(slack.max()) == pytest.approx(figures["largest_entry_over_bound"], rel=1e-6)
        assert figures["largest_entry_over_bound"] < 1
        assert figures["graded_float64_error"] < 1e-10
    deepest = written["summary"]["N = 20, A of 10 factors"]
    assert deepest["plain_float64_error"] > 1000 * deepest["graded_float64_error"]


def test_the_papers_figures_stand_beside_ours(runs):
    _, written = read(runs[0])
    assert [each["poster"] for each in written["summary"].values()] == [0.26, 0.49, 0.84]
    assert all(f"the poster: {each}" in str(runs[0]) for each in (0.26, 0.49, 0.84))
    assert written["seed"] == 5
    assert written["parameters"]["width"] == 10


def test_the_same_seed_writes_the_same_bytes_and_another_does_not(runs, tmp_path):
    first, second = runs
    for one, other in zip(first.files, second.files, strict=True):
        if one.suffix != ".json":
            assert one.read_bytes() == other.read_bytes(), one.name
    changed = read(experiment.run(tmp_path, seed=6, **SMALL))[0]
    assert not np.allclose(changed["overlap_2"], read(first)[0]["overlap_2"])


def test_a_network_too_narrow_for_percentiles_is_drawn_without_them(tmp_path):
    report = experiment.run(tmp_path, **(SMALL | {"width": 8, "shown": 4, "blocks": (4,)}))
    assert report.complete
    assert all(file.stat().st_size for file in report.files)


def test_an_interrupt_leaves_what_there_is(tmp_path, monkeypatch):
    real = experiment.measured

    def interrupted(setting, *arguments):
        if setting.depth == 10:
            raise KeyboardInterrupt
        return real(setting, *arguments)

    monkeypatch.setattr(experiment, "measured", interrupted)
    report = experiment.run(tmp_path, **SMALL)
    arrays, written = read(report)
    assert not report.complete
    assert "interrupted at part 10 of 39" in str(report)
    assert list(written["summary"]) == ["N = 2, A of 1 factor"]
    assert arrays["overlap_2"].shape == (10, 10)
    assert all(file.stat().st_size for file in report.files)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"shown": 11}, "shown 11: expected an integer from 2 to 10, the width"),
        ({"blocks": (1,)}, "block 1: expected an integer from 2 to 10"),
        ({"chains": 1}, "chains 1: expected an integer of at least 2"),
    ],
)
def test_bad_options_are_refused_before_any_work(tmp_path, options, message):
    with pytest.raises(InputError, match=message):
        experiment.run(tmp_path / "out", **(SMALL | options))
    assert not (tmp_path / "out").exists()
