"""Singular values of ``J`` while a fixed-gates network learns to read digits.

The data are scikit-learn's 1797 handwritten digits of 8×8 pixels, so that an input has as many
coordinates as the network is wide (64) and no adapter is needed: pixels ``0 … 16`` have their
mean image subtracted and are divided by one number, the root mean square length of what remains,
which makes ``tr Σ_xx = 1``. Targets are one-hot in ``R^64``: digit ``d`` is coordinate ``d``, and
the last 54 coordinates are to be zero.

Initial weights have variance ``1/n``. With half of the gates closed that is below the critical
variance ``2/n``, so ``J`` starts small and its modes have to be amplified, which is where the
dynamics under study act. At the critical variance (``gain=2``) ``J`` starts too *large* for this
loss and training first shrinks it.

The paper trains on larger images, and its exact settings are not given: this reproduces its claim
(the 15 largest log singular values separate during training), not its figure.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Final

import numpy as np

from numerics.errors import InputError
from numerics.training import Record, TrainingConfig, TrainingResult, descend
from proofs_check.experiments.outcome import Outcome, prepared, written
from proofs_check.experiments.progress import Progress
from proofs_check.experiments.training_figure import figure

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from rich.console import Console

    from proofs_check.experiments.report import ExperimentReport

CHAIN_FILE: Final = "digits-fgln.npz"
"""The trained chain, ``M_1 … M_10``, as `numerics.Chain.load` reads it."""

DEFAULT_STEPS: Final = TrainingConfig().steps

_SECONDS_A_STEP: Final = 0.004


def load_digits(width: int = 64) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give inputs and one-hot targets, both of shape ``(1797, 64)``, scaled as the module says.

    Raises
    ------
    InputError
        If scikit-learn is not installed.
    """
    try:
        from sklearn import datasets
    except ImportError as error:
        raise InputError(
            "the training experiment needs the digits of scikit-learn, which is not installed: "
            "pip install 'jacspec[experiments]'"
        ) from error
    pixels, digits = datasets.load_digits(return_X_y=True)
    centred = pixels - pixels.mean(axis=0)
    inputs = centred / np.sqrt(np.mean(np.sum(centred**2, axis=1)))
    return inputs, np.eye(width)[digits]


def least_squares_loss(inputs: NDArray[np.float64], targets: NDArray[np.float64]) -> float:
    """Smallest loss that any matrix ``J`` reaches: what training can be held against."""
    transposed = np.linalg.lstsq(inputs, targets, rcond=None)[0]
    return float(0.5 * np.mean(np.sum((inputs @ transposed - targets) ** 2, axis=1)))


def run(
    out_dir: Path,
    *,
    seed: int = 0,
    steps: int = DEFAULT_STEPS,
    console: Console | None = None,
) -> ExperimentReport:
    """The largest log singular values while a fixed-gates network learns digits.

    Training; then the data, the trained chain and the picture are written into `out_dir`.

    Parameters
    ----------
    out_dir
        Directory for ``training.npz`` (what was recorded), ``training.json`` (parameters,
        findings, versions), ``digits-fgln.npz`` (the trained chain), ``training.svg`` and
        ``training.png``. Made if need be; files of an earlier run are replaced.
    seed, steps
        Of the network and of its training; everything else is `TrainingConfig`'s default. The
        same seed and steps give a bit-identical chain on one machine; another BLAS, or
        another number of its threads, differs by rounding (measured: below 1e-14 in any entry).
    console
        Where the progress bar goes.

    Raises
    ------
    InputError
        If scikit-learn is missing, `seed` or `steps` is out of range, or `out_dir` cannot be made.

    Notes
    -----
    Ctrl-C ends the training, not the experiment: what was computed by then is written, and the
    report says so.
    """
    config = TrainingConfig(seed=seed, steps=steps)
    inputs, targets = load_digits(config.width)
    out_dir = prepared(out_dir)
    progress = Progress(
        "training", total=config.steps, unit="step", estimate=_SECONDS_A_STEP * steps, console=console
    )
    result = _train(config, inputs, targets, progress)
    optimum = least_squares_loss(inputs, targets)
    outcome = Outcome(
        experiment="training",
        seed=seed,
        parameters=asdict(config),
        arrays={
            "steps": result.steps,
            "losses": result.losses,
            "accuracies": result.accuracies,
            "log_singular_values": result.log_singular_values,
            "weights": result.final.weights,
            "gates": result.final.gates,
        },
        summary=_summary(result, optimum),
        findings=_findings(result, optimum),
        seconds=progress.seconds,
        interruption=progress.interruption,
        packages=("scikit-learn",),
    )
    return written(out_dir, outcome, {"": figure(result, optimum)}, {CHAIN_FILE: result.chain()})


def _train(
    config: TrainingConfig,
    inputs: NDArray[np.float64],
    targets: NDArray[np.float64],
    progress: Progress,
) -> TrainingResult:
    records: list[Record] = []
    final = None
    with progress:
        for snapshot in descend(config, inputs, targets):
            record = snapshot.record
            records.append(record)
            final = snapshot
            progress.reached(record.step, f"loss {record.loss:.4f}")
    assert final is not None  # noqa: S101 - a run always yields its step 0
    # An interrupt between the first two assignments above leaves one record too many.
    kept = [record for record in records if record.step <= final.record.step]
    return TrainingResult.of(config, kept, final)


def _summary(result: TrainingResult, optimum: float) -> dict[str, object]:
    last = result.final.record
    return {
        "completed_steps": last.step,
        "open_gates": result.final.gates.sum(axis=1),
        "loss": last.loss,
        "least_squares_loss": optimum,
        "train_accuracy": last.accuracy,
        # What float64 did not resolve is NaN.
        "log_singular_values": last.log_singular_values,
    }


def _findings(result: TrainingResult, optimum: float) -> tuple[str, ...]:
    config, last = result.config, result.final.record
    first, final = result.log_singular_values[0], result.log_singular_values[-1]
    gaps = -np.diff(final)
    widest = int(np.nanargmax(gaps))
    return (
        f"loss {result.losses[0]:.4f} → {last.loss:.4f} (least squares: {optimum:.4f}), "
        f"train accuracy {last.accuracy:.1%} after {last.step} steps",
        f"log s_1 - log s_{config.top}: {first[0] - first[-1]:.2f} → {final[0] - final[-1]:.2f}",
        f"widest gap now after s_{widest + 1}: log s_{widest + 1} - log s_{widest + 2} = "
        f"{first[widest] - first[widest + 1]:.2f} → {gaps[widest]:.2f}",
    )
