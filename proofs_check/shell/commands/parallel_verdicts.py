"""From tasks to verdicts: in parallel, each reported and kept as it is reached."""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path

import click

from jacspec.interrupts import interrupts
from jacspec.numerics import InputError
from jacspec.numerics.support.cores import available_cores
from jacspec.numerics.support.parallel import cluster, process_pool, run
from jacspec.proofs_check.claims.report import Report
from jacspec.proofs_check.shell.claim_tasks import ClaimTask, run_task
from jacspec.proofs_check.shell.commands.shared import LEDGER_WORKERS, progress
from jacspec.proofs_check.shell.kept_verdicts import KeptVerdicts, made_with
from jacspec.proofs_check.shell.user_sources import imported_sources


def reach_verdicts(
    tasks: Sequence[ClaimTask],
    *,
    jobs: int | None,
    address: str | None,
    fresh: bool,
    versions: Mapping[str, str],
    begun: int,
) -> tuple[dict[ClaimTask, Report], bool]:
    """The verdicts reached, in the order of the tasks, and whether the run was interrupted.

    By so many processes, or by the workers of the cluster at the address. What is kept of earlier runs and
    still counts is not done again, unless ``fresh``. The run ``begun`` at that time.
    """
    kept = KeptVerdicts(tasks, versions, begun=begun)
    reached = {} if fresh else {task: report for task in tasks if (report := kept.of(task)) is not None}
    _say_what_is_kept(len(reached), kept.outdated, len(tasks))
    left = [task for task in tasks if task not in reached]
    with interrupts() as interrupted:
        try:
            if left:
                imported = LEDGER_WORKERS if any(task.file is None for task in left) else __name__
                workers = (
                    process_pool(min(jobs or available_cores(), len(left)), imported)
                    if address is None
                    else cluster(address)
                )
                _reach(left, reached, kept, len(tasks), workers, interrupted)
        except KeyboardInterrupt:
            interrupted.append(True)
        except BrokenExecutor:
            click.echo(
                f"jacspec: a worker process died; {len(reached)} of {len(tasks)} verdicts were reached. The "
                f"same command goes on from them; with --jobs 1 it shows which claim ends the process",
                err=True,
            )
    return {task: reached[task] for task in tasks if task in reached}, bool(interrupted)


def _say_what_is_kept(kept: int, outdated: int, total: int) -> None:
    if kept:
        click.echo(
            f"kept: {kept} of {total} verdicts, from earlier runs (--fresh reaches them again)", err=True
        )
    if outdated:
        changed = "something on which they rest was changed"
        click.echo(f"not kept: {outdated} of {total} verdicts; {changed}", err=True)


def _reach(
    left: Sequence[ClaimTask],
    reached: dict[ClaimTask, Report],
    verdicts: KeptVerdicts,
    total: int,
    workers: AbstractContextManager[Executor | None],
    interrupted: Sequence[bool],
) -> None:
    keeping = True
    with (
        workers as executor,
        progress("verifying", total, done=len(reached)) as advance,
    ):
        for task, (report, sources, with_what) in run(_traced, left, executor):
            if interrupted:  # the exception was lost in a callback; so may this verdict be
                break
            _refuse_another(with_what)
            reached[task] = report
            if keeping:
                keeping = _keep(verdicts, task, report, sources)
            count = f"{len(reached)} of {total}"
            advance(f"{report.label}: {report.verdict.value} ({report.seconds:.1f} s; {count})")
        gc.freeze()  # nor will what was remembered be looked through on the way out


def _traced(task: ClaimTask) -> tuple[Report, tuple[Path, ...], dict[str, str]]:
    """The report of a task, the user's sources that are imported where it was reached, and made with what."""
    task.claim()
    _leave_what_was_imported()
    return run_task(task), tuple(imported_sources()), made_with()


@cache
def _leave_what_was_imported() -> None:
    """Look for garbage no more, in this process, among what is there before its first claim is verified."""
    gc.freeze()


def _refuse_another(theirs: Mapping[str, str]) -> None:
    """Raise InputError for a verdict of a worker, of a cluster most likely, that is another program."""
    ours = made_with()
    for name in {**ours, **theirs}:
        if ours.get(name) != theirs.get(name):
            message = (
                f"a worker computes with {name} {theirs.get(name, 'missing')}, and we with "
                f"{ours.get(name, 'none')}; expected the same everywhere: install it there, start it again"
            )
            raise InputError(message)


def _keep(verdicts: KeptVerdicts, task: ClaimTask, report: Report, sources: Sequence[Path]) -> bool:
    try:
        changed = verdicts.add(task, report, sources)
    except InputError as error:
        click.echo(f"note: verdicts are not kept, and the next run starts afresh: {error}", err=True)
        return False
    if changed:
        click.echo(f"note: {task.label} is not kept, as {changed[0]} was changed meanwhile", err=True)
    return True
