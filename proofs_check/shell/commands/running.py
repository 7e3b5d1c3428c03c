"""From tasks to verdicts: in parallel, each reported and kept as it is reached; resumed if interrupted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool

import click

from jacspec.numerics.support.parallel import available_cores, process_pool, run
from jacspec.proofs_check.claims.report import Report
from jacspec.proofs_check.shell.claim_tasks import ClaimTask, run_task
from jacspec.proofs_check.shell.commands.shared import interrupts, progress
from jacspec.proofs_check.shell.journal import Journal

__all__ = ["reach_verdicts"]


def reach_verdicts(
    tasks: Sequence[ClaimTask], *, jobs: int | None, fresh: bool, versions: Mapping[str, str]
) -> tuple[dict[ClaimTask, Report], bool, Journal]:
    """The verdicts reached, in the order of the tasks, whether the run was interrupted, and its journal.

    What an interrupted run of the same tasks has left in its journal is not done again, unless ``fresh``. It
    is to be discarded when everything is written that was asked for.
    """
    journal = Journal(tasks, versions)
    if fresh:
        journal.discard()
    reached = journal.kept()
    if reached:
        click.echo(
            f"resuming: {len(reached)} of {len(tasks)} claims are kept from an interrupted run", err=True
        )
    left = [task for task in tasks if task not in reached]
    with interrupts() as interrupted:
        try:
            _reach(left, reached, journal, len(tasks), jobs or available_cores(), interrupted)
        except KeyboardInterrupt:
            interrupted.append(True)
        except BrokenProcessPool:
            click.echo(
                f"jacspec: a worker process died; {len(reached)} of {len(tasks)} verdicts were reached. The "
                f"same command goes on from them; with --jobs 1 it shows which claim ends the process",
                err=True,
            )
    journal.close()
    return {task: reached[task] for task in tasks if task in reached}, bool(interrupted), journal


def _reach(
    left: Sequence[ClaimTask],
    reached: dict[ClaimTask, Report],
    journal: Journal,
    total: int,
    jobs: int,
    interrupted: Sequence[bool],
) -> None:
    keeping = True
    with (
        process_pool(min(jobs, len(left))) as executor,
        progress("verifying", total, done=len(reached)) as advance,
    ):
        for task, report in run(run_task, left, executor):
            if interrupted:  # the exception was lost in a callback; so may this verdict be
                break
            reached[task] = report
            if keeping:
                keeping = _kept(journal, task, report)
            count = f"{len(reached)} of {total}"
            advance(f"{report.label}: {report.verdict.value} ({report.seconds:.1f} s; {count})")


def _kept(journal: Journal, task: ClaimTask, report: Report) -> bool:
    try:
        journal.add(task, report)
    except OSError as error:
        message = f"note: verdicts are not kept ({error.strerror}): an interrupted run would start afresh"
        click.echo(message, err=True)
        return False
    return True
