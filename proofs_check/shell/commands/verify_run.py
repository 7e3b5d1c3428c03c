"""What ``jacspec verify`` does: reach the verdicts, print them, and write what was asked for."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import time_ns
from typing import Any, Self

import click
from rich.console import Console

from jacspec.interrupts import INTERRUPTED
from jacspec.numerics import InputError
from jacspec.numerics.files.writing import made_folder
from jacspec.numerics.support.versions import versions
from jacspec.proofs_check.claims.effort import EFFORTS
from jacspec.proofs_check.claims.report import Report
from jacspec.proofs_check.claims.report_blocks import plain_words
from jacspec.proofs_check.referee.regression import refuse_no_test
from jacspec.proofs_check.reports import Run, experiments_in, found_experiments, write_report
from jacspec.proofs_check.reports.experiments import ShownExperiment
from jacspec.proofs_check.shell.claim_tasks import ClaimTask, select
from jacspec.proofs_check.shell.commands.counterexamples import keep_all
from jacspec.proofs_check.shell.commands.parallel_verdicts import reach_verdicts
from jacspec.proofs_check.shell.commands.shared import COMPUTES_WITH, check_writable, write
from jacspec.proofs_check.shell.console import console
from jacspec.proofs_check.shell.tables import details, verdict_table, weighing
from jacspec.proofs_check.shell.user_files import split_target

_EXPERIMENTS = Path("out")
"""Where ``jacspec reproduce`` writes if it is not told otherwise."""


@dataclass(frozen=True)
class Outputs:
    """What to write beside the verdicts on the terminal; None for what was not asked for."""

    json_file: str | None
    report_folder: Path | None
    experiments: Sequence[ShownExperiment]
    keep_folder: Path | None
    regression: str | None

    @classmethod
    def checked(
        cls,
        targets: Sequence[str],
        json_file: str | None,
        report_folder: str | None,
        experiments_folder: str | None,
        keep_folder: str | None,
        regression: str | None,
    ) -> Self:
        """The outputs by name; raises InputError where one cannot be written: nothing is computed yet."""
        folders = [None if each is None else Path(each) for each in (report_folder, keep_folder)]
        for folder in folders:
            if folder is not None:
                made_folder(folder)
        if regression is not None:
            refuse_no_test(Path(regression))
        read = [place[0] for target in targets if (place := split_target(target)) is not None]
        check_writable(json_file, *read, regression)
        check_writable(regression, *read)
        if experiments_folder is not None and report_folder is None:
            message = f"--experiments {experiments_folder}: expected --report DIR beside it, to show them in"
            raise InputError(message)
        shown = (
            found_experiments([_EXPERIMENTS])
            if experiments_folder is None
            else experiments_in(Path(experiments_folder))
        )
        return cls(json_file, folders[0], shown, folders[1], regression)


def verified(
    targets: tuple[str, ...],
    outputs: Outputs,
    *,
    effort: str,
    seed: int,
    jobs: int | None,
    address: str | None,
    seconds: int | None,
    fresh: bool,
) -> int:
    """Verify what the targets name; returns the exit status."""
    begun = time_ns()
    tasks = select(targets, effort=effort, seed=seed, seconds=seconds or EFFORTS[effort].seconds)
    out = console(stderr=outputs.json_file == "-")
    computed_with = versions(*COMPUTES_WITH)
    reached, interrupted = reach_verdicts(
        tasks, jobs=jobs, address=address, fresh=fresh, versions=computed_with, begun=begun
    )
    reports = list(reached.values())
    _print(reports, out)
    if outputs.json_file is not None:
        claims = [_in_plain_words(report.to_json()) for report in reports]
        write(outputs.json_file, json.dumps({"claims": claims, "versions": computed_with}, indent=2))
    folders = []
    if outputs.report_folder is not None:
        found = [(task.claim(), report) for task, report in reached.items()]
        run = Run(found, computed_with, seed, effort, targets)
        on_ledger = any(task.file is None for task in reached)
        for written in write_report(outputs.report_folder, run, outputs.experiments, on_ledger=on_ledger):
            out.print(f"report: {written}")
        folders.append(outputs.report_folder / "counterexamples")
    if outputs.keep_folder is not None:
        folders.append(outputs.keep_folder)
    keep_all(reached, folders, outputs.regression, out)
    return _status(tasks, reports, interrupted, out)


def _print(reports: Sequence[Report], out: Console) -> None:
    """The verdicts, after what their table has no room for."""
    if not reports:
        return
    parts = (details(reports, out.width), verdict_table(reports, out.width), weighing(reports, out.width))
    for part in filter(None, parts):
        out.print(part)
        out.print()


def _in_plain_words(data: Any) -> Any:
    """JSON data whose prose has lost its marks."""
    if isinstance(data, str):
        return plain_words(data)
    if isinstance(data, dict):
        return {name: _in_plain_words(each) for name, each in data.items()}
    return [_in_plain_words(each) for each in data] if isinstance(data, list) else data


def _status(tasks: Sequence[ClaimTask], reports: Sequence[Report], interrupted: bool, out: Console) -> int:
    """The exit status, and why it is not 0."""
    if interrupted:
        resumes = "; the same command resumes from them" if reports else ""
        reached = f"{len(reports)} of {len(tasks)} verdicts were reached{resumes}"
        click.echo(f"jacspec: interrupted; {reached}", err=True)
        return INTERRUPTED
    unexpected = [report.label for report in reports if not report.as_expected]
    if unexpected:
        out.print(f"not as expected: {', '.join(unexpected)}")
    elif len(reports) > 1 and len(reports) == len(tasks):
        counts = Counter(report.verdict.value for report in reports)
        found = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
        out.print(f"all {len(reports)} verdicts are as expected: {found}")
    return 1 if unexpected or len(reports) < len(tasks) else 0
