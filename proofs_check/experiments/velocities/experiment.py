"""Exact ``ṡ_k`` beside the decoupled prediction, mode by mode: against depth, and along training.

Against depth: Gaussian chains of width 3 at initialisation, where theory knows how fast the decoupled sum
falls behind for k > 1: like ``s_k/s_1``, hence like ``e^{-(γ_1-γ_k)N}``. Float64 loses the third mode's
quotient on the way; the certified engine has it at any depth.

Along training: the fixed-gates network of the `training` experiment, depth 10, width 64, on digits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from jacspec.numerics.support.arguments import whole_number
from jacspec.numerics.support.cores import unthreaded_blas
from jacspec.numerics.support.errors import InputError
from jacspec.proofs_check.experiments.frame.digits import load_digits
from jacspec.proofs_check.experiments.frame.outcome import Outcome, prepared, written
from jacspec.proofs_check.experiments.frame.progress import Progress
from jacspec.proofs_check.experiments.frame.report import ExperimentReport
from jacspec.proofs_check.experiments.training import SquaredLoss, TrainingConfig, descend
from jacspec.proofs_check.experiments.velocities.figure import figure
from jacspec.proofs_check.experiments.velocities.fits import Fits, fits, median_sizes, relative_errors
from jacspec.proofs_check.experiments.velocities.measures import (
    LEARNT,
    WIDTH,
    AtDepth,
    AtStep,
    at_depth,
    at_step,
)

_DEPTHS: Final = (5, 10, 15, 20, 30, 40, 50, 60, 80)
_TRAINING: Final = TrainingConfig()
_SECONDS_A_RECORD: Final = 2.0
_SECONDS_A_STEP: Final = 0.004


def run(
    out_dir: Path,
    *,
    seed: int = 0,
    depths: tuple[int, ...] = _DEPTHS,
    chains: int = 21,
    training: TrainingConfig = _TRAINING,
    records: int = 15,
    console: Console | None = None,
) -> ExperimentReport:
    """Exact velocities of singular values beside the decoupled prediction, against depth and in training.

    Writes ``velocities.npz``, ``velocities.json``, ``velocities.svg`` and ``velocities.png`` into `out_dir`.

    Parameters
    ----------
    seed
        Of the chains and of the network; it replaces that of `training`.
    depths, chains
        Depths of the chains at initialisation, at least two, rising; how many chains of each, at least 1.
    training
        The network and its training; its width must be 64, the size of an input.
    records
        At how many of its recorded steps velocities are measured, at least 2; denser in the beginning.
    """
    if len(depths) < 2 or list(depths) != sorted(set(depths)) or depths[0] < 2:
        raise InputError(f"depths are {depths}: expected at least two, of 2 or more, rising")
    for name, value, least in (("chains", chains, 1), ("records", records, 2)):
        whole_number(name, value, least=least)
    config = TrainingConfig(**(asdict(training) | {"seed": seed}))
    inputs, targets = load_digits(config.width)
    out_dir = prepared(out_dir)
    steps = _measured_steps(config, records)
    costs = [chains * (0.05 + 0.008 * depth) for depth in depths]
    total = sum(costs) + len(steps) * _SECONDS_A_RECORD + config.steps * _SECONDS_A_STEP
    progress = Progress("velocities", total=total, unit="part", estimate=total, console=console)
    by_depth: list[AtDepth] = []
    by_step: list[AtStep] = []
    with unthreaded_blas(), progress:
        for depth, cost in zip(depths, costs, strict=True):
            by_depth.append(at_depth(depth, chains, seed))
            progress.advance(cost, f"initialisation, N = {depth}")
        loss, before = SquaredLoss.of(inputs, targets), progress.done
        for snapshot in descend(config, inputs, targets):
            step = snapshot.record.step
            if step in steps:
                by_step.append(at_step(snapshot, _gradient(loss, snapshot.factors), config.top))
            spent = step * _SECONDS_A_STEP + len(by_step) * _SECONDS_A_RECORD
            progress.reached(total if step == config.steps else before + spent, f"training, step {step}")
    found = fits(by_depth)
    outcome = Outcome(
        experiment="velocities",
        seed=seed,
        parameters={
            "depths": depths,
            "chains": chains,
            "width": WIDTH,
            "variance": 1 / WIDTH,
            "training": asdict(config),
            "records": records,
        },
        arrays=dict(_arrays(by_depth, by_step)),
        summary=_summary(found, by_depth, by_step),
        findings=tuple(_findings(found, by_depth, by_step)),
        seconds=progress.seconds,
        interruption=progress.interruption,
        packages=("scikit-learn",),
    )
    return written(out_dir, outcome, {"": figure(by_depth, by_step, found, seed=seed)})


def _measured_steps(config: TrainingConfig, records: int) -> set[int]:
    """Recorded steps, their distances growing from the first to the last."""
    wanted = np.linspace(0, 1, records) ** 2 * config.steps
    on_grid = (np.rint(wanted / config.record_every) * config.record_every).astype(int)
    return {*(int(step) for step in on_grid if step < config.steps), config.steps}


def _gradient(loss: SquaredLoss, factors: NDArray[np.float64]) -> NDArray[np.float64]:
    J = factors[0]
    for factor in factors[1:]:
        J = factor @ J
    return loss.gradient(J)


def _arrays(by_depth: Sequence[AtDepth], by_step: Sequence[AtStep]) -> Iterator[tuple[str, NDArray[Any]]]:
    yield "depths", np.array([each.depth for each in by_depth])
    yield "decoupled_over_exact", np.array([each.decoupled for each in by_depth])
    yield "closed_form_over_exact", np.array([each.closed_form for each in by_depth])
    yield "decoupled_over_exact_in_float64", np.array([each.in_float64 for each in by_depth])
    yield "steps", np.array([each.step for each in by_step])
    for name in ("log_singular_values", "exact", "decoupled", "closed_form"):
        yield f"training_{name}", np.array([getattr(each, name) for each in by_step])
    for name in ("mode_alignment", "subspace_alignment"):
        yield name, np.array([getattr(each, name) for each in by_step])


def _summary(found: Fits | None, by_depth: Sequence[AtDepth], by_step: Sequence[AtStep]) -> dict[str, Any]:
    return {
        "initialisation": {
            each.depth: {
                "decoupled_over_exact": median_sizes(each.decoupled),
                "closed_form_over_exact": median_sizes(each.closed_form),
                "decoupled_over_exact_in_float64": median_sizes(each.in_float64),
            }
            for each in by_depth
        },
        "fits": None if found is None else asdict(found),
        "training": {
            each.step: {
                "relative_error": dict(zip(("decoupled", "closed_form"), relative_errors(each), strict=True)),
                "mode_alignment": each.mode_alignment,
                "subspace_alignment": each.subspace_alignment,
            }
            for each in by_step
        },
    }


def _findings(found: Fits | None, by_depth: Sequence[AtDepth], by_step: Sequence[AtStep]) -> Iterator[str]:
    for each in (by_depth[0], by_depth[-1]) if len(by_depth) > 1 else by_depth:
        decoupled, closed = (
            ", ".join(f"{size:.2g}" for size in median_sizes(sample))
            for sample in (each.decoupled, each.closed_form)
        )
        yield (
            f"$N = {each.depth}$: decoupled over exact in size, $k = 1, 2, 3$: {decoupled}; closed form: "
            f"{closed}"
        )
    if found is not None:
        rates = (
            f"$e^{{({rate})N}}$ for $k = {mode}$ ($s_k/s_1$: $e^{{{theory:.2f}N}}$)"
            for mode, rate, theory in zip((2, 3), found.rates, found.spectral_rates, strict=True)
        )
        yield f"decoupled over exact falls like {', '.join(rates)}"
        yield (
            f"$k = 1$: decoupled over exact differs from 1 like $N^({found.top_power})$, "
            f"closed form over exact goes like $N^({found.closed_power})$"
        )
        seen = (
            f"from $N = {depth}$ on for $k = {mode}$" if depth else f"at no depth here for $k = {mode}$"
            for mode, depth in enumerate(found.float64_lost, 1)
        )
        yield f"float64 is off by more than a factor of two {', '.join(seen)}"
    for at in (by_step[0], by_step[-1]) if len(by_step) > 1 else by_step:
        decoupled_error, closed_error = relative_errors(at)
        yield (
            f"training, step {at.step}: relative error over the {LEARNT} learnt modes "
            f"{decoupled_error:.2f} (decoupled), {closed_error:.2f} (closed form); alignment "
            f"{at.mode_alignment:.2f} mode by mode, {at.subspace_alignment:.2f} of their span"
        )
