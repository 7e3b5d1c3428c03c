"""Singular values of ``J`` during training: on digits, on what is left without meaning, with moving gates.

Three fixed-gates networks from the same weights and gates learn digits, digits with permuted labels, and
the labels from random inputs (see `digits` for the data). A ReLU network from the same weights learns
digits while its gates move; so does its copy with the gates of initialisation frozen (see `gate_test`).

Initial weights have variance ``1/n``. With half of the gates closed that is below the critical
variance ``2/n``, so ``J`` starts small and its modes have to be amplified, which is where the
dynamics under study act. At the critical variance (``gain=2``) ``J`` starts too *large* for this
loss and training first shrinks it.

The poster trains on larger images, and its exact settings are not given: this reproduces its claims
(the 15 largest log singular values separate during training, whatever the data), not its figures.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from jacspec.numerics.support.cores import unthreaded_blas
from jacspec.proofs_check.experiments.frame.outcome import Outcome, prepared, written
from jacspec.proofs_check.experiments.frame.progress import Progress
from jacspec.proofs_check.experiments.frame.report import ExperimentReport
from jacspec.proofs_check.experiments.separation.figure import figure, gates_figure
from jacspec.proofs_check.experiments.separation.findings import findings, summary
from jacspec.proofs_check.experiments.separation.fixed_runs import FixedRun, fixed_runs
from jacspec.proofs_check.experiments.separation.gate_test import GateTest, HeldJacobians, HeldRecord
from jacspec.proofs_check.experiments.training import TrainingConfig, descend_moving

CHAIN_FILE: Final = "digits-fgln.npz"
"""The chain trained on digits, ``M_1 … M_10``, as `numerics.Chain.load` reads it."""

DEFAULT_STEPS: Final = TrainingConfig().steps

_SHORTER: Final = 5
"""A ReLU network fits 300 digits in a fraction of the steps."""

_SAMPLES, _HELD = 300, 10
_RECORDS: Final = 40
_MOVING_COST: Final = 4
"""A step of a ReLU network on that many samples, in steps of a fixed-gates network."""

_SECONDS_A_STEP: Final = 0.0013


def run(
    out_dir: Path, *, seed: int = 0, steps: int = DEFAULT_STEPS, console: Console | None = None
) -> ExperimentReport:
    """The largest log singular values during training: digits, no meaning, moving gates.

    Writes ``training.npz``, ``.json`` and ``digits-fgln.npz`` (the trained chain), and two pictures,
    ``training`` and ``training-gates``, into `out_dir`.

    Parameters
    ----------
    seed, steps
        Of the networks, and of the training on digits; permuted labels and random inputs get four
        times as many steps, ReLU networks a fifth. The same seed and steps give a bit-identical chain on
        one machine; another BLAS differs by rounding (measured: below 1e-14 in any entry).
    """
    runs = fixed_runs(seed, steps)
    relu = TrainingConfig(
        seed=seed, steps=max(1, steps // _SHORTER), record_every=max(5, steps // _SHORTER // _RECORDS)
    )
    inputs, targets, held = _split(runs[0], seed)
    out_dir = prepared(out_dir)

    total = sum(each.config.steps for each in runs) + 2 * _MOVING_COST * relu.steps
    progress = Progress(
        "training", total=total, unit="step", estimate=_SECONDS_A_STEP * total, console=console
    )
    moving: list[HeldRecord] = []
    frozen: list[HeldRecord] = []
    with progress, unthreaded_blas():
        for each in runs:
            each.train(progress)
        for records, keep, name in ((moving, False, "moving gates"), (frozen, True, "frozen gates")):
            done, jacobians = progress.done, HeldJacobians(held, relu.top, frozen=keep)
            for snapshot in descend_moving(relu, inputs, targets, frozen=keep):
                records.append(jacobians.record(snapshot))
                progress.reached(done + _MOVING_COST * snapshot.step, f"{name}: loss {snapshot.loss:.4f}")
    gates = GateTest(moving, frozen) if moving else None

    digits = runs[0].result
    assert digits is not None  # noqa: S101 - a run always yields its step 0
    pictures = {"": figure(runs, gates)}
    if gates is not None:
        pictures["-gates"] = gates_figure(gates, relu)
    outcome = Outcome(
        experiment="training",
        seed=seed,
        parameters={
            **{each.name: asdict(each.config) for each in runs},
            "relu": {**asdict(relu), "samples": len(inputs), "held_inputs": len(held)},
        },
        arrays=_arrays(runs, gates),
        summary=summary(runs, gates),
        findings=findings(runs, gates),
        seconds=progress.seconds,
        interruption=progress.interruption,
        packages=("scikit-learn",),
    )
    return written(out_dir, outcome, pictures, {CHAIN_FILE: digits.chain()})


def _split(
    digits: FixedRun, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Inputs and targets that the ReLU networks train on, and inputs held back."""
    order = np.random.default_rng((seed, 3)).permutation(len(digits.inputs))
    train, held = order[:_SAMPLES], order[_SAMPLES : _SAMPLES + _HELD]
    return digits.inputs[train], digits.targets[train], digits.inputs[held]


def _arrays(runs: list[FixedRun], gates: GateTest | None) -> dict[str, NDArray[np.generic]]:
    arrays: dict[str, NDArray[np.generic]] = {}
    for each in runs:
        if each.result is not None:
            arrays |= {
                f"{each.name}_steps": each.result.steps,
                f"{each.name}_losses": each.result.losses,
                f"{each.name}_accuracies": each.result.accuracies,
                f"{each.name}_log_singular_values": each.result.log_singular_values,
                f"{each.name}_weights": each.result.final.weights,
                f"{each.name}_gates": each.result.final.gates,
            }
    if gates is not None:
        arrays |= {
            "relu_steps": gates.steps,
            "relu_moving_losses": np.array([record.loss for record in gates.moving]),
            "relu_frozen_losses": np.array([record.loss for record in gates.frozen]),
            "relu_moving_log_singular_values": gates.moving_logs,
            "relu_frozen_log_singular_values": gates.frozen_logs,
            "relu_change_by_gates": gates.by_gates,
            "relu_change_by_weights": gates.by_weights,
            "relu_flipped_since_start": gates.flipped,
            "relu_flipped_since_last_record": np.array([record.flipping for record in gates.moving]),
        }
    return arrays
