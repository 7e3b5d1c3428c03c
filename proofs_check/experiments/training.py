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

import json
import platform
import time
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from numerics.errors import InputError
from numerics.training import Record, TrainingConfig, TrainingResult, descend
from proofs_check.experiments.report import ExperimentReport
from proofs_check.experiments.training_figure import draw

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from rich.console import Console

CHAIN_FILE: Final = "digits-fgln.npz"
"""The trained chain, ``M_1 … M_10``, as `numerics.Chain.load` reads it."""

DEFAULT_STEPS: Final = TrainingConfig().steps


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
    """Train, and write the data, the trained chain and the picture into `out_dir`.

    Parameters
    ----------
    out_dir
        Directory for ``training.npz`` (what was recorded), ``training.json`` (configuration,
        versions, summary), ``digits-fgln.npz`` (the trained chain), ``training.svg`` and
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
    out_dir = Path(out_dir)
    try:
        # Before the training, so that a place that cannot be written costs no time.
        out_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"out_dir {str(out_dir)!r} cannot be used ({error.strerror}): "
            "expected a directory, or a place to make one"
        ) from error
    started = time.perf_counter()
    result = _train(config, inputs, targets, console)
    seconds = time.perf_counter() - started
    optimum = least_squares_loss(inputs, targets)

    files = tuple(
        out_dir / name
        for name in ("training.npz", "training.json", CHAIN_FILE, "training.svg", "training.png")
    )
    data, summary, chain, *pictures = files
    np.savez_compressed(
        data,
        steps=result.steps,
        losses=result.losses,
        accuracies=result.accuracies,
        log_singular_values=result.log_singular_values,
        weights=result.final.weights,
        gates=result.final.gates,
    )
    summary.write_text(json.dumps(_summary(result, optimum, seconds), indent=2) + "\n")
    result.chain().save(chain)
    draw(result, optimum, pictures)
    return ExperimentReport(
        name="training",
        findings=_findings(result, optimum),
        files=files,
        seconds=seconds,
        complete=result.complete,
    )


def _train(
    config: TrainingConfig,
    inputs: NDArray[np.float64],
    targets: NDArray[np.float64],
    console: Console | None,
) -> TrainingResult:
    records: list[Record] = []
    final = None
    with Progress(
        TextColumn("training"),
        BarColumn(),
        TextColumn("step {task.completed:.0f} of {task.total:.0f}"),
        TextColumn("loss {task.fields[loss]:.4f}"),
        TimeRemainingColumn(),
        console=console,
        disable=console is None,
        transient=True,
    ) as progress:
        task = progress.add_task("training", total=config.steps, loss=float("nan"))
        try:
            for snapshot in descend(config, inputs, targets):
                record = snapshot.record
                records.append(record)
                final = snapshot
                progress.update(task, completed=record.step, loss=record.loss)
        except KeyboardInterrupt:
            if final is None:
                raise  # nothing was computed, so there is nothing to keep
    assert final is not None  # noqa: S101 - a run always yields its step 0
    # An interrupt between the two assignments above leaves one record too many.
    kept = [record for record in records if record.step <= final.record.step]
    return TrainingResult.of(config, kept, final)


def _summary(result: TrainingResult, optimum: float, seconds: float) -> dict[str, object]:
    last = result.final.record
    return {
        "config": asdict(result.config),
        "complete": result.complete,
        "completed_steps": last.step,
        "open_gates": result.final.gates.sum(axis=1).tolist(),
        "loss": last.loss,
        "least_squares_loss": optimum,
        "train_accuracy": last.accuracy,
        # JSON has no NaN: what float64 did not resolve is null.
        "log_singular_values": [
            None if np.isnan(value) else float(value) for value in last.log_singular_values
        ],
        "seconds": round(seconds, 3),
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("jacspec", "numpy", "scikit-learn")},
        },
    }


def _findings(result: TrainingResult, optimum: float) -> tuple[str, ...]:
    config, last = result.config, result.final.record
    first, final = result.log_singular_values[0], result.log_singular_values[-1]
    gaps = -np.diff(final)
    widest = int(np.nanargmax(gaps))
    findings = [
        f"loss {result.losses[0]:.4f} → {last.loss:.4f} (least squares: {optimum:.4f}), "
        f"train accuracy {last.accuracy:.1%} after {last.step} steps",
        f"log s_1 - log s_{config.top}: {first[0] - first[-1]:.2f} → {final[0] - final[-1]:.2f}",
        f"widest gap now after s_{widest + 1}: log s_{widest + 1} - log s_{widest + 2} = "
        f"{first[widest] - first[widest + 1]:.2f} → {gaps[widest]:.2f}",
    ]
    if not result.complete:
        findings.append(
            f"interrupted at step {last.step} of {config.steps}: the files hold what was computed by then"
        )
    return tuple(findings)
