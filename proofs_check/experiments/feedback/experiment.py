"""The feedback loop along training: whether separation brings the alignment that decoupling rests on.

A deep linear network (no gates, so that every B_l is nonsingular and κ(B_l) finite) of depth 10 and width 16
learns digits in their 16 leading principal components. Every record is certified at the middle layer: the
spectra of A_l and J, and every overlap R_ik (see `alignment_budget`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from jacspec.numerics.support.arguments import whole_number
from jacspec.numerics.support.cores import unthreaded_blas
from jacspec.proofs_check.experiments.feedback.alignment_budget import SEPARATED, Budget, budget
from jacspec.proofs_check.experiments.feedback.figure import figure
from jacspec.proofs_check.experiments.frame.digits import principal_digits
from jacspec.proofs_check.experiments.frame.outcome import Outcome, prepared, written
from jacspec.proofs_check.experiments.frame.progress import Progress
from jacspec.proofs_check.experiments.frame.report import ExperimentReport
from jacspec.proofs_check.experiments.training import TrainingConfig, descend

_RECORDS: Final = 50
_SECONDS: Final = 0.3
_CLASSES: Final = 10


def run(
    out_dir: Path,
    *,
    seed: int = 0,
    steps: int = 4000,
    depth: int = 10,
    width: int = 16,
    console: Console | None = None,
) -> ExperimentReport:
    """Separation and alignment along training; what separation gives against what decoupling needs.

    Writes ``feedback.npz``, ``.json``, ``.svg`` and ``.png`` into `out_dir`.

    Parameters
    ----------
    seed, steps, depth, width
        Of the network and its training; at least 3 layers, and a width from 10 to 64.
    """
    whole_number("depth", depth, least=3)  # to have a layer in the middle
    whole_number("width", width, least=_CLASSES, most=64, note="the numbers of classes and of pixels")
    config = TrainingConfig(
        seed=seed,
        steps=steps,
        depth=depth,
        width=width,
        gate_probability=1.0,
        gain=0.5,
        record_every=max(1, steps // _RECORDS),
        top=width,
    )
    samples = principal_digits(width)
    out_dir = prepared(out_dir)
    layer = depth // 2 + 1
    total = len(range(0, steps, config.record_every)) + 1
    progress = Progress(
        "feedback", total=total, unit="record", estimate=_SECONDS * total * (width / 16) ** 3, console=console
    )
    taken: list[int] = []
    losses: list[float] = []
    budgets: list[Budget] = []
    with progress, unthreaded_blas():
        for snapshot in descend(config, *samples):
            budgets.append(budget(snapshot.chain(), layer))
            taken.append(snapshot.record.step)
            losses.append(snapshot.record.loss)
            progress.advance(1, f"step {snapshot.record.step}")
    # An interrupt among the three lines above leaves one budget too many.
    budgets = budgets[: len(losses)]
    taken = taken[: len(losses)]
    leading = _grown(budgets)
    outcome = Outcome(
        experiment="feedback",
        seed=seed,
        parameters={**asdict(config), "layer": layer},
        arrays=_arrays(taken, losses, budgets),
        summary=_summary(budgets, leading),
        findings=tuple(_findings(taken, budgets, leading, layer)),
        seconds=progress.seconds,
        interruption=progress.interruption,
        packages=("scikit-learn",),
    )
    return written(out_dir, outcome, {"": figure(taken, budgets, leading, config, layer)})


def _grown(budgets: Sequence[Budget]) -> int:
    """How many leading modes have grown by a nat at the end."""
    grown = budgets[-1].whole - budgets[0].whole > 1
    return int(np.argmin(grown)) if not grown.all() else len(grown)


def _arrays(
    taken: Sequence[int], losses: Sequence[float], budgets: Sequence[Budget]
) -> dict[str, NDArray[Any]]:
    return {
        "steps": np.array(taken),
        "losses": np.array(losses),
        "log_singular_values": np.stack([each.whole for each in budgets]),
        "log_singular_values_of_A": np.stack([each.outer for each in budgets]),
        "log_overlaps": np.stack([each.overlaps for each in budgets]),
        "log_kappa_of_B": np.array([each.kappa for each in budgets]),
    }


def _summary(budgets: Sequence[Budget], leading: int) -> dict[str, Any]:
    return {
        "leading_modes": leading,
        **{
            name: {
                "median_power": np.median(each.powers) if each.powers.size else float("nan"),
                "share_beyond_the_square": _share(each),
                "fitted_power": _fitted(each),
                "log_kappa_of_B": each.kappa,
            }
            for name, each in (("first", budgets[0]), ("last", budgets[-1]))
        },
    }


def _share(each: Budget) -> float:
    """The share of separated pairs with |R_ik| < (s_k/s_i)²."""
    return float(np.mean(each.powers > 2)) if each.powers.size else float("nan")


def _fitted(each: Budget) -> float:
    """The power p of |R_ik| ~ c (s_k/s_i)^p by least squares over the separated pairs."""
    separated = each.ratios < SEPARATED
    if separated.sum() < 2:
        return float("nan")
    return float(np.polyfit(each.ratios[separated], each.measured[separated], 1)[0])


def _findings(taken: Sequence[int], budgets: Sequence[Budget], leading: int, layer: int) -> list[str]:
    first, last = budgets[0], budgets[-1]
    size = len(first.whole)
    sentences = []
    if 0 < leading < size:
        gap, spread = (
            [float(values[0] - values[1]) for values in ends]
            for ends in (
                [each.whole[[leading - 1, leading]] for each in (first, last)],
                [each.outer[[0, leading - 1]] for each in (first, last)],
            )
        )
        sentences.append(
            f"separation: {leading} modes grew by more than a nat in {taken[-1]} steps, and the gap below "
            f"them from {gap[0]:.2f} to {gap[1]:.2f} nats; at $l = {layer}$ the largest $|R_{{ik}}|$ with "
            f"$i ≤ {leading} < k$ went from {first.leakage(leading):.2g} to {last.leakage(leading):.2g}"
        )
        sentences.append(
            f"alignment: mean $|R_{{kk}}|$ of the {leading} {first.diagonal(0, leading):.2f} → "
            f"{last.diagonal(0, leading):.2f}, while $log s_1 - log s_{{{leading}}}$ of $A_l$ went from "
            f"{spread[0]:.2f} to {spread[1]:.2f}; of the other {size - leading} "
            f"{first.diagonal(leading, size):.2f} → {last.diagonal(leading, size):.2f}"
        )
    slack = [float(np.median(each.bounds - each.measured)) for each in (first, last)]
    violated = sum(int(np.sum(each.measured > each.bounds)) for each in budgets)
    pairs = sum(len(each.measured) for each in budgets)
    kept = f"all {pairs}" if not violated else f"{pairs - violated} of {pairs}"
    sentences.append(
        f"$κ(B) s_k/s_i$ bounds {kept} overlaps with $i < k$; in the median it is too large by a factor of "
        f"$e^{{{slack[0]:.1f}}}$ at the start and $e^{{{slack[1]:.1f}}}$ at the end ($κ(B)$ is "
        f"$e^{{{first.kappa:.1f}}}$, then $e^{{{last.kappa:.1f}}}$)"
    )
    known = [each for each in budgets if each.powers.size]
    if known:
        medians = [float(np.median(each.powers)) for each in known]
        shares, fitted = ([f(known[0]), f(known[-1])] for f in (_share, _fitted))
        sentences.append(
            f"budget, of pairs with $s_k/s_i < 1/e$: $|R_{{ik}}| = (s_k/s_i)^p$ with "
            f"$p = {medians[0]:.2f}$ at the start and {medians[-1]:.2f} at the end, in the median (at most "
            f"{max(medians):.2f}); across pairs $|R_{{ik}}|$ goes like the power {fitted[0]:.2f}, then "
            f"{fitted[1]:.2f}; decoupling needs more than 2, which {shares[0]:.0%} of them have at the start "
            f"and {shares[1]:.0%} at the end"
        )
    return sentences
