"""Every derivation with what its checks found: status, generality, assumptions, mutants."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich import box
from rich.table import Table

from jacspec.numerics import InputError
from jacspec.numerics.support.parallel import process_pool, run
from jacspec.proofs_check.claims.mutants import Mutants
from jacspec.proofs_check.derivation_check.check import check_derivation
from jacspec.proofs_check.ledger.derivations import derivation_of
from jacspec.theory import Derivation
from jacspec.theory.results.catalogue import catalogue

_LABEL = 32
"""Columns for a label; the few that are longer go on in a second line."""


@dataclass(frozen=True)
class Summary:
    """One derivation, checked; the counts include what it rests on."""

    label: str
    holds: bool
    steps: int
    generality: str
    assumptions: tuple[str, ...]
    unneeded: tuple[str, ...]
    mutants: Mutants
    rejections: tuple[str, ...]
    moves: int = 0
    """The moves of their traces, which an independent checker accepts."""

    @property
    def sentence(self) -> str:
        """What the checks found, in words."""
        if not self.holds:
            return f"The derivation does not hold: {'; '.join(self.rejections)}."
        kinds = (
            (self.mutants.equivalent, "are the same statement"),
            (self.mutants.weaker, "are true but weaker"),
            (self.mutants.unrefuted, "do not follow from the inequality but were refuted by no point"),
        )
        others = "".join(f"; {count} {what}" for count, what in kinds if count)
        return (
            f"{self.steps} steps, with those of what this rests on, hold by normal form and in balls. "
            f"An independent checker accepts them all ({self.moves} moves). "
            f"Of {self.mutants.generated} wrong variants of them, both checks reject {self.mutants.killed}"
            f"{others}; none survives."
        )


def summaries(
    labels: Sequence[str] = (), *, seed: int = 0, workers: int = 1, step: Callable[[], None] | None = None
) -> list[Summary]:
    """Check derivations of the theory, all in the ledger's order unless labels are given.

    ``step`` is called after each.
    """
    labels = labels or list(catalogue())
    tasks = [(label, seed) for label in labels]
    with process_pool(min(workers, len(tasks)), __name__) as executor:
        reached = {}
        for (label, _), summary in run(_summary, tasks, executor):
            reached[label] = summary
            if step is not None:
                step()
    return [reached[label] for label in labels]


def _summary(task: tuple[str, int]) -> Summary:
    label, seed = task
    try:
        derivation = derivation_of(label)
    except InputError as error:
        return Summary(label, False, 0, "", (), (), Mutants(), (str(error),))
    return summary_of(derivation, seed=seed)


def summary_of(derivation: Derivation, *, seed: int = 0) -> Summary:
    """Check a derivation, and what it rests on."""
    check = check_derivation(derivation, seed=seed)
    return Summary(
        label=derivation.label,
        holds=check.holds,
        steps=len(check.steps),
        generality=derivation.scope.replace("$", ""),
        assumptions=tuple(assumption.title.replace("$", "") for assumption in derivation.assumptions),
        unneeded=tuple(f"{name}: {why}".replace("$", "") for name, why in derivation.explained),
        mutants=check.mutants,
        rejections=(*check.rejections, *check.mutants.survivors),
        moves=sum(each.moves for each in check.steps),
    )


def derivation_table(found: Sequence[Summary]) -> Table:
    """One line for every derivation; what is wrong with it, where something is.

    Mutants: how many of the wrong variants of the steps both checks reject. Variants of inequalities have
    two columns of their own: the true but weaker ones, and those that only the normal form rejects.
    """
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False, show_edge=False)
    table.add_column("derivation", no_wrap=True)  # the others give way
    for heading in ("status", "generality; assumptions"):
        table.add_column(heading, overflow="fold")
    table.add_column("steps", justify="right", no_wrap=True)
    for heading in ("mutants", "weaker", "form only"):
        table.add_column(heading, justify="right", no_wrap=True)
    for each in found:
        assumed = "".join(f"\n· {name}" for name in each.assumptions) or "\n· nothing"
        unneeded = "".join(f"\nnamed, not needed: {name}" for name in each.unneeded)
        rejected = "".join(f"\n{name}" for name in each.rejections)
        table.add_row(
            "\n".join(textwrap.wrap(each.label, _LABEL)),
            "holds" if each.holds else "fails",
            f"{each.generality}{assumed}{unneeded}{rejected}",
            str(each.steps),
            f"{each.mutants.killed}/{each.mutants.total}",
            str(each.mutants.weaker or ""),
            str(each.mutants.unrefuted or ""),
        )
    return table
