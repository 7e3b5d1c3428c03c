"""What the training experiment says it found, computed from what it recorded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from jacspec.proofs_check.experiments.separation.fixed_runs import FixedRun
from jacspec.proofs_check.experiments.separation.gate_test import GateTest
from jacspec.proofs_check.experiments.training import TrainingResult

_NAT: Final = 1.0
"""By how much log s_k has to grow to be called grown."""


def grown(result: TrainingResult, step: int) -> int:
    """How many modes are a nat above their start at the last record up to a step."""
    record = int(np.flatnonzero(result.steps <= step)[-1])
    logs = result.log_singular_values
    return int(np.sum(logs[record] - logs[0] > _NAT))


def summary(runs: Sequence[FixedRun], gates: GateTest | None) -> dict[str, Any]:
    """The figures behind the findings, by the name of the run."""
    figures: dict[str, Any] = {}
    for each in runs:
        if each.result is not None:
            last = each.result.final.record
            figures[each.name] = {
                "completed_steps": last.step,
                "open_gates": each.result.final.gates.sum(axis=1),
                "loss": last.loss,
                "least_squares_loss": each.optimum,
                "train_accuracy": last.accuracy,
                # What float64 did not resolve is NaN.
                "log_singular_values": last.log_singular_values,
            }
    if gates is not None:
        last_record = gates.moving[-1]
        figures["relu"] = {
            "completed_steps": last_record.step,
            "loss": last_record.loss,
            "frozen_loss": gates.frozen[-1].loss if gates.frozen else float("nan"),
            "train_accuracy": last_record.accuracy,
            "flipped_gates": last_record.flipped,
            "log_singular_values": gates.moving_logs[-1].mean(axis=0),
            "frozen_log_singular_values": gates.frozen_logs[-1].mean(axis=0),
        }
    return figures


def findings(runs: Sequence[FixedRun], gates: GateTest | None) -> tuple[str, ...]:
    """Sentences on each data set, on what they have in common, and on the gates."""
    sentences = [_on_data(each, each.result) for each in runs if each.result is not None]
    results = {each.title: each.result for each in runs if each.result is not None}
    if len(results) == len(runs):
        sentences.append(_compared(results))
    if gates is not None:
        sentences += _on_gates(gates)
    return tuple(sentences)


def _on_data(run: FixedRun, result: TrainingResult) -> str:
    top, last = result.config.top, result.final.record
    first, final = result.log_singular_values[0], result.log_singular_values[-1]
    gaps = -np.diff(final)
    text = (
        f"{run.title}: loss {result.losses[0]:.4f} → {last.loss:.4f} (least squares: {run.optimum:.4f}), "
        f"train accuracy {last.accuracy:.1%} after {last.step} steps; "
        f"$log s_1 - log s_{{{top}}}$: {first[0] - first[-1]:.2f} → {final[0] - final[-1]:.2f}"
    )
    if np.isfinite(gaps).any():
        widest = int(np.nanargmax(gaps))
        text += (
            f"; widest gap now after $s_{{{widest + 1}}}$: {first[widest] - first[widest + 1]:.2f} → "
            f"{gaps[widest]:.2f}"
        )
    return text


def _compared(results: dict[str, TrainingResult]) -> str:
    """How many modes took off, at the same step and at the end."""
    common = min(int(result.steps[-1]) for result in results.values())
    longest = max(int(result.steps[-1]) for result in results.values())
    text = f"modes that grew by more than a nat, after {common} steps: " + ", ".join(
        f"{title} {grown(result, common)}" for title, result in results.items()
    )
    if longest > common:
        later = {title: result for title, result in results.items() if result.steps[-1] == longest}
        text += f"; after {longest}: " + ", ".join(
            f"{title} {grown(result, longest)}" for title, result in later.items()
        )
    return text


def _on_gates(gates: GateTest) -> list[str]:
    logs, last = gates.moving_logs.mean(axis=1), gates.moving[-1]
    inputs, top = gates.moving_logs.shape[1:]
    weights, flips = gates.by_weights[-1].mean(axis=0), gates.by_gates[-1].mean(axis=0)
    sentences = [
        f"ReLU, moving gates: loss {gates.moving[0].loss:.4f} → {last.loss:.4f}, train accuracy "
        f"{last.accuracy:.1%} after {last.step} steps; at {inputs} held inputs {last.flipped:.1%} of the "
        f"gates have flipped, and on average $log s_1 - log s_{{{top}}}$: {logs[0, 0] - logs[0, -1]:.2f} → "
        f"{logs[-1, 0] - logs[-1, -1]:.2f}",
        "of the change of $log s_k$, moving weights and flipping gates account for "
        + ", ".join(
            f"{weights[mode - 1]:+.2f} and {flips[mode - 1]:+.2f} ($k = {mode}$)"
            for mode in sorted({1, 2, 5, top})
            if mode <= top
        ),
    ]
    if len(gates.frozen) == len(gates.moving) > 1:
        frozen, errors = gates.frozen_logs.mean(axis=1), gates.error.mean(axis=1)
        changes = np.abs(gates.moving_logs - gates.moving_logs[0]).mean(axis=(1, 2))
        sentences.append(
            f"frozen gates: loss {gates.frozen[-1].loss:.4f} at the end, $log s_1 - log s_{{{top}}}$ now "
            f"{frozen[-1, 0] - frozen[-1, -1]:.2f}; they miss $log s_k$ by {errors[1]:.2f} nats, on average "
            f"over modes and inputs, where it has changed by {changes[1]:.2f} (step {gates.moving[1].step}, "
            f"{gates.flipped[1]:.1%} of the gates flipped), and by {errors[-1]:.2f} at the end, where it has "
            f"changed by {changes[-1]:.2f}"
        )
    return sentences
