"""The training experiment end to end, and the example file in the tree that it wrote."""

import dataclasses
import io
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from numerics import Chain
from numerics.errors import InputError
from numerics.training import TrainingConfig, initial_network, train
from proofs_check.experiments import EXPERIMENTS
from proofs_check.experiments import training as experiment

EXAMPLE = Path(__file__).parents[2] / "examples" / experiment.CHAIN_FILE


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    """A run of sixty steps, written twice into different directories."""
    places = [tmp_path_factory.mktemp(name) for name in ("first", "second")]
    return places, [experiment.run(place, seed=3, steps=60) for place in places]


def test_the_registry_names_the_experiment():
    assert EXPERIMENTS["training"] is experiment.run


def test_everything_announced_is_written(short):
    _, (report, _) = short
    names = [file.name for file in report.files]
    assert names == [
        "training.npz", "training.json", "digits-fgln.npz", "training.svg", "training.png"
    ]  # fmt: skip
    assert all(file.stat().st_size > 0 for file in report.files)
    assert report.complete
    assert "after 60 steps" in str(report)


def test_the_same_seed_writes_the_same_bits(short):
    (first, second), _ = short
    for name in ("training.npz", "digits-fgln.npz", "training.svg", "training.png"):
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


def test_the_data_agree_with_the_summary_and_the_chain(short):
    (place, _), _ = short
    written = json.loads((place / "training.json").read_text())
    assert written["parameters"] == dataclasses.asdict(TrainingConfig(seed=3, steps=60))
    assert written["complete"]
    summary = written["summary"]
    assert summary["completed_steps"] == 60
    with np.load(place / "training.npz") as data:
        assert data["steps"].tolist() == [0, 25, 50, 60]
        assert data["losses"][-1] == summary["loss"]
        assert data["log_singular_values"][-1].tolist() == summary["log_singular_values"]
        gates = data["gates"]
    assert gates.sum(axis=1).tolist() == summary["open_gates"]
    chain = Chain.load(place / "digits-fgln.npz")
    factors = np.stack(list(chain.factors))
    assert factors.shape == (10, 64, 64)
    J = np.linalg.multi_dot(list(factors)[::-1])
    logs = np.log(np.linalg.svd(J, compute_uv=False)[:15])
    assert logs == pytest.approx(summary["log_singular_values"], abs=1e-6)


def test_inputs_have_unit_second_moment_and_targets_are_one_hot():
    inputs, targets = experiment.load_digits()
    assert inputs.shape == targets.shape == (1797, 64)
    assert np.mean(np.sum(inputs**2, axis=1)) == pytest.approx(1, rel=1e-12)
    assert np.abs(inputs.mean(axis=0)).max() < 1e-12
    assert set(targets.argmax(axis=1)) == set(range(10))
    assert (np.sort(targets, axis=1) == np.eye(64)[-1]).all()


def test_an_interrupt_keeps_what_was_computed(tmp_path, monkeypatch):
    real = experiment.descend

    def interrupted(*arguments):
        for snapshot in real(*arguments):
            if snapshot.record.step == 75:
                raise KeyboardInterrupt
            yield snapshot

    monkeypatch.setattr(experiment, "descend", interrupted)
    report = experiment.run(tmp_path, steps=200)
    assert not report.complete
    assert "interrupted at step 50 of 200" in str(report)
    written = json.loads((tmp_path / "training.json").read_text())
    assert (written["complete"], written["summary"]["completed_steps"]) == (False, 50)
    with np.load(tmp_path / "training.npz") as data:
        assert data["steps"].tolist() == [0, 25, 50]
    assert all(file.exists() for file in report.files)


def test_an_interrupt_before_anything_was_computed_is_an_interrupt(tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(experiment, "descend", interrupted)
    with pytest.raises(KeyboardInterrupt):
        experiment.run(tmp_path)
    assert not list(tmp_path.iterdir())


def test_progress_is_shown_on_the_console_given(tmp_path):
    stream = io.StringIO()
    experiment.run(tmp_path, steps=50, console=Console(file=stream, force_terminal=True, width=100))
    assert "step 50 of 50" in stream.getvalue()


def test_a_missing_scikit_learn_is_one_line_with_a_remedy(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(InputError, match=r"pip install 'jacspec\[experiments\]'$"):
        experiment.run(tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_place_that_is_no_directory_is_refused_before_training(tmp_path, monkeypatch):
    monkeypatch.setattr(experiment, "descend", None)
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=r"file' cannot be used \(File exists\): expected a dir"):
        experiment.run(tmp_path / "file")


def test_the_example_in_the_tree_is_what_the_experiment_writes(tmp_path):
    """Retrained in full, with the defaults.

    Rounding differs between BLAS libraries: OpenBLAS kernels from Prescott to Haswell, with one
    thread or two, were measured to differ by less than 1e-14 in any entry. The tolerance leaves
    room for others, and is still far below what any change of the configuration does.
    """
    experiment.run(tmp_path)
    written = np.stack(list(Chain.load(tmp_path / experiment.CHAIN_FILE).factors))
    example = np.stack(list(Chain.load(EXAMPLE).factors))
    assert example.shape == written.shape
    assert np.max(np.abs(example - written)) < 1e-11


def test_the_example_separates_and_reads_digits():
    factors = np.stack(list(Chain.load(EXAMPLE).factors))
    inputs, targets = experiment.load_digits()
    J = np.linalg.multi_dot(list(factors)[::-1])
    accuracy = np.mean((inputs @ J.T).argmax(axis=1) == targets.argmax(axis=1))
    assert accuracy > 0.9

    config = TrainingConfig()
    start = train(dataclasses.replace(config, steps=1), inputs, targets).log_singular_values[0]
    end = np.log(np.linalg.svd(J, compute_uv=False)[: config.top])
    # With centred inputs ten classes differ in nine directions: nine modes are learnt.
    assert end[8] - end[9] > start[8] - start[9] + 3
    assert end[0] - end[-1] > start[0] - start[-1] + 2
    # An untrained network has the same gates, which are the example's non-zero rows.
    _, gates = initial_network(config)
    assert np.array_equal(factors[:-1].any(axis=2), gates)
