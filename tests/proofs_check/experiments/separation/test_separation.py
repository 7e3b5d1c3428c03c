"""The training experiment end to end, and the example file in the tree that it wrote."""

import dataclasses
import io
import itertools
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from jacspec.numerics import Chain
from jacspec.numerics.support.cores import unthreaded_blas
from jacspec.numerics.support.errors import InputError
from jacspec.proofs_check.experiments import EXPERIMENTS
from jacspec.proofs_check.experiments.frame.digits import load_digits
from jacspec.proofs_check.experiments.frame.progress import Progress
from jacspec.proofs_check.experiments.separation import experiment, fixed_runs
from jacspec.proofs_check.experiments.separation.findings import grown
from jacspec.proofs_check.experiments.separation.gate_test import GateTest, HeldJacobians
from jacspec.proofs_check.experiments.training import (
    TrainingConfig,
    TrainingResult,
    absorb,
    descend_moving,
    gates_at,
    initial_network,
    train,
)

EXAMPLE = Path(__file__).parents[4] / "examples" / experiment.CHAIN_FILE


@pytest.fixture(scope="module", autouse=True)
def small_relu_networks():
    """Fewer samples and held inputs than the experiment has: nothing below depends on how many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(experiment, "_SAMPLES", 60)
        patch.setattr(experiment, "_HELD", 2)
        yield


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
        "training.npz", "training.json", "digits-fgln.npz", "training.svg", "training.png",
        "training-gates.svg", "training-gates.png",
    ]  # fmt: skip
    assert all(file.stat().st_size > 0 for file in report.files)
    assert report.complete
    assert "after 60 steps" in str(report)


def test_the_same_seed_writes_the_same_bits(short):
    (first, second), _ = short
    for name in ("training.npz", "digits-fgln.npz", "training.svg", "training.png", "training-gates.svg"):
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


def test_the_data_agree_with_the_summary_and_the_chain(short):
    (place, _), _ = short
    written = json.loads((place / "training.json").read_text())
    assert written["parameters"]["digits"] == dataclasses.asdict(TrainingConfig(seed=3, steps=60))
    assert written["complete"]
    summary = written["summary"]["digits"]
    assert summary["completed_steps"] == 60
    with np.load(place / "training.npz") as data:
        assert data["digits_steps"].tolist() == [0, 25, 50, 60]
        assert data["digits_losses"][-1] == summary["loss"]
        assert data["digits_log_singular_values"][-1].tolist() == summary["log_singular_values"]
        gates = data["digits_gates"]
    assert gates.sum(axis=1).tolist() == summary["open_gates"]
    chain = Chain.load(place / "digits-fgln.npz")
    factors = np.stack(list(chain.factors))
    assert factors.shape == (10, 64, 64)
    J = np.linalg.multi_dot(list(factors)[::-1])
    logs = np.log(np.linalg.svd(J, compute_uv=False)[:15])
    assert logs == pytest.approx(summary["log_singular_values"], abs=1e-6)


def test_inputs_have_unit_second_moment_and_targets_are_one_hot():
    inputs, targets = load_digits()
    assert inputs.shape == targets.shape == (1797, 64)
    assert np.mean(np.sum(inputs**2, axis=1)) == pytest.approx(1, rel=1e-12)
    assert np.abs(inputs.mean(axis=0)).max() < 1e-12
    assert set(targets.argmax(axis=1)) == set(range(10))
    assert (np.sort(targets, axis=1) == np.eye(64)[-1]).all()


def test_an_interrupt_keeps_what_was_computed(tmp_path, monkeypatch):
    real = fixed_runs.descend

    def interrupted(*arguments):
        for snapshot in real(*arguments):
            if snapshot.record.step == 75:
                raise KeyboardInterrupt
            yield snapshot

    monkeypatch.setattr(fixed_runs, "descend", interrupted)
    report = experiment.run(tmp_path, steps=200)
    assert not report.complete
    assert "interrupted at step 50 of 2120" in str(report)
    written = json.loads((tmp_path / "training.json").read_text())
    assert (written["complete"], written["summary"]["digits"]["completed_steps"]) == (False, 50)
    with np.load(tmp_path / "training.npz") as data:
        assert data["digits_steps"].tolist() == [0, 25, 50]
    assert all(file.exists() for file in report.files)


def test_an_interrupt_among_the_relu_networks_keeps_the_rest(tmp_path, monkeypatch):
    real = experiment.descend_moving

    def interrupted(*arguments, frozen):
        for snapshot in real(*arguments, frozen=frozen):
            if frozen and snapshot.step:
                raise KeyboardInterrupt
            yield snapshot

    monkeypatch.setattr(experiment, "descend_moving", interrupted)
    report = experiment.run(tmp_path, steps=30)
    assert "interrupted at step 294 of 318" in str(report)
    assert "frozen gates" not in str(report)
    with np.load(tmp_path / "training.npz") as data:
        assert data["relu_steps"].tolist() == [0, 5, 6]
        assert np.isfinite(data["relu_moving_log_singular_values"]).all()
        frozen = data["relu_frozen_log_singular_values"]
        assert np.array_equal(frozen[0], data["relu_moving_log_singular_values"][0])
        assert np.isnan(frozen[1:]).all()


def test_an_interrupt_before_anything_was_computed_is_an_interrupt(tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(fixed_runs, "descend", interrupted)
    with pytest.raises(KeyboardInterrupt):
        experiment.run(tmp_path)
    assert not list(tmp_path.iterdir())


def test_progress_is_shown_on_the_console_given(tmp_path):
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=120)
    experiment.run(tmp_path, steps=10, console=console)
    assert "step 106 of 106" in stream.getvalue()  # 10 + 40 + 40, and twice 2 that cost as much as 4


def test_a_missing_scikit_learn_is_one_line_with_a_remedy(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(InputError, match=r"pip install 'jacspec\[experiments\]'$"):
        experiment.run(tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_place_that_is_no_directory_is_refused_before_training(tmp_path, monkeypatch):
    monkeypatch.setattr(fixed_runs, "descend", None)
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=r"file' cannot be used \(File exists\): expected a dir"):
        experiment.run(tmp_path / "file")


def test_the_example_in_the_tree_is_what_the_experiment_writes(tmp_path):
    """Retrained in full, with the defaults.

    Rounding differs between BLAS libraries: OpenBLAS kernels from Prescott to Haswell, with one
    thread or two, were measured to differ by less than 1e-14 in any entry. The tolerance leaves
    room for others, and is still far below what any change of the configuration does.
    """
    run = fixed_runs.fixed_runs(0, experiment.DEFAULT_STEPS)[0]
    with unthreaded_blas():
        run.train(Progress("training", total=run.config.steps, unit="step", estimate=0, console=None))
    run.result.chain().save(tmp_path / experiment.CHAIN_FILE)
    written = np.stack(list(Chain.load(tmp_path / experiment.CHAIN_FILE).factors))
    example = np.stack(list(Chain.load(EXAMPLE).factors))
    assert example.shape == written.shape
    assert np.max(np.abs(example - written)) < 1e-11


def test_the_example_separates_and_reads_digits():
    factors = np.stack(list(Chain.load(EXAMPLE).factors))
    inputs, targets = load_digits()
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


# --- the data sets -------------------------------------------------------------------------------


def test_the_three_data_sets_differ_in_what_they_say_they_do():
    digits, permuted, random = fixed_runs.fixed_runs(4, 100)
    assert np.array_equal(permuted.inputs, digits.inputs)
    assert np.array_equal(random.targets, digits.targets)
    assert permuted.targets.sum(axis=0).tolist() == digits.targets.sum(axis=0).tolist()
    # Ten classes: a tenth of the labels stays right by chance, within six standard errors.
    kept = np.mean(permuted.targets.argmax(axis=1) == digits.targets.argmax(axis=1))
    assert kept == pytest.approx(0.1, abs=6 * np.sqrt(0.09 / 1797))
    assert np.mean(np.sum(random.inputs**2, axis=1)) == pytest.approx(1, rel=1e-12)
    # White: 64 equal moments, within the edges of Marchenko and Pastur's law for 1797 samples.
    edge = np.sqrt(64 / 1797)
    moments = 64 * np.linalg.eigvalsh(random.inputs.T @ random.inputs / 1797)
    assert moments.min() > (1 - 1.2 * edge) ** 2
    assert moments.max() < (1 + 1.2 * edge) ** 2
    assert all(
        np.array_equal(initial_network(r.config)[0], initial_network(digits.config)[0])
        for r in (permuted, random)
    )


def test_modes_that_have_grown_are_counted_at_the_step_asked_for(short):
    config = TrainingConfig(top=3, steps=50)
    logs = np.array([[0.0, -1.0, -2.0], [1.5, -0.5, -2.0], [2.0, 0.1, -2.0]])
    whole = train(dataclasses.replace(config, steps=1), *load_digits())
    result = dataclasses.replace(whole, steps=np.array([0, 25, 50]), log_singular_values=logs)
    assert isinstance(result, TrainingResult)
    assert [grown(result, step) for step in (0, 30, 50)] == [0, 1, 2]


def test_held_jacobians_split_a_change_into_weights_and_flips():
    """Each part again from the weights and gates themselves, by LAPACK alone."""
    config = TrainingConfig(depth=3, width=16, gain=2.0, learning_rate=0.1, steps=60, record_every=20, top=2)
    rng = np.random.default_rng(2)
    inputs = rng.standard_normal((40, 16))
    targets = inputs @ rng.standard_normal((16, 16)) / 4
    held = rng.standard_normal((4, 16))
    snapshots = list(descend_moving(config, inputs, targets))
    moving = HeldJacobians(held, config.top, frozen=False)
    frozen = HeldJacobians(held, config.top, frozen=True)
    test = GateTest(
        [moving.record(snapshot) for snapshot in snapshots],
        [frozen.record(snapshot) for snapshot in snapshots[:2]],
    )

    def logs(snapshot, gates):
        factors = [absorb(snapshot.weights, each) for each in gates]
        return np.log([np.linalg.svd(np.linalg.multi_dot(list(each)[::-1]))[1][:2] for each in factors])

    gates = [gates_at(snapshot.weights, held) for snapshot in snapshots]
    own = [logs(snapshot, each) for snapshot, each in zip(snapshots, gates, strict=True)]
    weights = sum(logs(snapshots[t], gates[t - 1]) - own[t - 1] for t in (1, 2, 3))
    flips = sum(own[t] - logs(snapshots[t], gates[t - 1]) for t in (1, 2, 3))
    assert np.abs(flips).max() > 0.01
    assert test.moving_logs == pytest.approx(np.array(own), abs=1e-9)
    assert test.by_weights[-1] == pytest.approx(weights, abs=1e-9)
    assert test.by_gates[-1] == pytest.approx(flips, abs=1e-9)
    assert test.flipped.tolist() == [np.mean(each != gates[0]) for each in gates]
    assert [record.flipping for record in test.moving[1:]] == [
        np.mean(after != before) for before, after in itertools.pairwise(gates)
    ]
    assert test.frozen_logs[1] == pytest.approx(logs(snapshots[1], gates[0]), abs=1e-9)
    assert np.isnan(test.frozen_logs[2:]).all()
    assert test.error[1] == pytest.approx(
        np.abs(own[1] - logs(snapshots[1], gates[0])).mean(axis=0), abs=1e-9
    )
