"""Every derivation with what its checks found: status, generality, assumptions, mutants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich import box
from rich.table import Table

from proofs_check.parallel import process_pool, run
from proofs_check.steps import check_derivation
from theory.catalogue import catalogue

__all__ = ["Summary", "derivation_table", "summaries"]


@dataclass(frozen=True)
class Summary:
    """One derivation, checked; the counts include what it rests on."""

    label: str
    holds: bool
    steps: int
    generality: str
    assumptions: tuple[str, ...]
    idle: tuple[str, ...]
    generated: int
    equivalent: int
    rejected: int
    by_form_only: int
    survivors: tuple[str, ...]

    @property
    def mutants(self) -> str:
        """Rejected of those that are not the same expression."""
        return f"{self.rejected + self.by_form_only}/{self.generated - self.equivalent}"


def summaries(*, seed: int = 0, workers: int = 1) -> list[Summary]:
    """Check every derivation of the theory, in the ledger's order."""
    labels = list(catalogue())
    tasks = [(label, seed) for label in labels]
    with process_pool(min(workers, len(tasks))) as executor:
        reached = {label: summary for (label, _), summary in run(_summary, tasks, executor)}
    return [reached[label] for label in labels]


def _summary(task: tuple[str, int]) -> Summary:
    label, seed = task
    derivation = catalogue()[label]
    check = check_derivation(derivation, seed=seed)
    tally = check.mutants
    return Summary(
        label=label,
        holds=check.holds,
        steps=len(check.steps),
        generality=derivation.scope.replace("$", ""),
        assumptions=tuple(assumption.title.replace("$", "") for assumption in derivation.assumptions),
        idle=tuple(f"{used.title} in '{step.rule}'".replace("$", "") for step, used in derivation.idle),
        generated=tally.generated,
        equivalent=tally.equivalent,
        rejected=tally.rejected,
        by_form_only=tally.by_form_only,
        survivors=(*check.troubles, *tally.survivors),
    )


def derivation_table(found: Sequence[Summary]) -> Table:
    """One line for every derivation; what is wrong with it, where something is."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False, show_edge=False)
    table.add_column("derivation", no_wrap=True)
    for heading in ("status", "generality", "assumes"):
        table.add_column(heading, overflow="fold")
    table.add_column("steps", justify="right")
    table.add_column("mutants", justify="right")
    for each in found:
        assumed = "\n".join(each.assumptions) or "nothing"
        idle = "".join(f"\nnot needed: {name}" for name in each.idle)
        trouble = "".join(f"\n{name}" for name in each.survivors)
        table.add_row(
            each.label,
            "holds" if each.holds else "fails",
            each.generality,
            f"{assumed}{idle}{trouble}",
            str(each.steps),
            each.mutants,
        )
    return table
