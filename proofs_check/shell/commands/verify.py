"""``jacspec verify``: claims, by label or in a Python file, and counterexamples kept from earlier runs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jacspec.numerics.support.versions import versions
from jacspec.proofs_check.claims.effort import EFFORTS
from jacspec.proofs_check.shell.commands.shared import (
    COMPUTES_WITH,
    INTERRUPTED,
    check_writable,
    jobs_option,
    loading,
    seed_option,
    write,
)

if TYPE_CHECKING:
    from rich.console import Console

    from jacspec.proofs_check.claims.report import Report
    from jacspec.proofs_check.shell.sources import ClaimTask

__all__ = ["verify"]

_EXPERIMENTS = "out"
"""Where ``jacspec reproduce`` writes if it is not told otherwise."""


@click.command(
    "verify", short_help="Verify claims: the whole ledger, some labels of it, or the claims of a Python file."
)
@click.argument("targets", nargs=-1, metavar="[LABEL… | FILE.py]")
@click.option("--json", "json_file", metavar="FILE", help="Write the reports as JSON; - for stdout.")
@click.option(
    "--report",
    "report_folder",
    metavar="DIR",
    help="Write DIR/index.html, report.md, appendix.tex, and counterexamples.",
)
@click.option(
    "--experiments",
    "experiments_folder",
    metavar="DIR",
    help="Show in the report what 'jacspec reproduce' wrote to DIR; default: out, if it is there.",
)
@click.option(
    "--effort",
    type=click.Choice(list(EFFORTS)),
    default="standard",
    show_default=True,
    help="How long to search for counterexamples.",
)
@seed_option
@jobs_option
@click.option("--fresh", is_flag=True, help="Do not resume an interrupted run.")
@click.option("--keep", "keep_folder", metavar="DIR", help="Write each counterexample to DIR/LABEL.json.")
@click.option("--regression", metavar="TEST.py", help="Write the counterexamples as a pytest file.")
@click.option("--replay", "replayed", metavar="FILE.json", help="Evaluate a kept counterexample again.")
def verify(
    targets: tuple[str, ...],
    json_file: str | None,
    report_folder: str | None,
    experiments_folder: str | None,
    effort: str,
    seed: int,
    jobs: int | None,
    fresh: bool,
    keep_folder: str | None,
    regression: str | None,
    replayed: str | None,
) -> int:
    """Verify claims: the whole ledger, some labels of it, or the claims of a Python file.

    An interrupted run, repeated, resumes from the verdicts that it had reached (kept in .jacspec/).

    \b
    Examples:
      jacspec verify                                  the whole ledger, a few minutes
      jacspec verify alignment alignment-as-stated    one that holds, one that does not
      jacspec verify --report report                  and a page for your co-authors
      jacspec verify my_claims.py --keep found        your own claims; counterexamples are kept
      jacspec verify my_claims.py --replay found/my-claim.json
    """
    with loading():
        from jacspec.numerics import InputError
        from jacspec.proofs_check.reports import (
            Run,
            experiments_in,
            found_experiments,
            make_folder,
            write_report,
        )
        from jacspec.proofs_check.shell.commands.counterexamples import keep_all, replay_file
        from jacspec.proofs_check.shell.commands.running import reach_verdicts
        from jacspec.proofs_check.shell.sources import select
        from jacspec.proofs_check.shell.tables import console, report_details, verdict_table, weighing_table

    if replayed is not None:
        return replay_file(Path(replayed), targets, regression)
    for folder in (report_folder, keep_folder):
        if folder is not None:
            make_folder(Path(folder))
    for file in (json_file, regression):
        check_writable(file)
    if experiments_folder is not None and report_folder is None:
        message = f"--experiments {experiments_folder}: expected --report DIR beside it, to show them in"
        raise InputError(message)
    shown = (
        found_experiments([Path(_EXPERIMENTS)])
        if experiments_folder is None
        else experiments_in(Path(experiments_folder))
    )
    tasks = select(targets, effort=effort, seed=seed)
    out = console(stderr=json_file == "-")
    reached, interrupted = reach_verdicts(tasks, jobs=jobs, fresh=fresh, versions=versions(*COMPUTES_WITH))
    reports = list(reached.values())
    for report in reports:
        out.print(report_details(report), end="")
    if reports:
        out.print(verdict_table(reports))
        weighed = weighing_table(reports)
        if weighed is not None:
            out.print()
            out.print(weighed)
    if json_file is not None:
        claims = [report.to_json() for report in reports]
        write(json_file, json.dumps({"claims": claims, "versions": versions(*COMPUTES_WITH)}, indent=2))
    if report_folder is not None:
        pairs = [(task.claim(), report) for task, report in reached.items()]
        run = Run(pairs, versions(*COMPUTES_WITH), seed, effort)
        on_ledger = any(task.file is None for task in reached)
        for written in write_report(Path(report_folder), run, shown, on_ledger=on_ledger):
            out.print(f"report: {written}")
    folders = [Path(report_folder) / "counterexamples"] if report_folder is not None else []
    folders += [Path(keep_folder)] if keep_folder is not None else []
    keep_all(reached, folders, regression, out)
    return _status(tasks, reports, interrupted, out)


def _status(tasks: Sequence[ClaimTask], reports: Sequence[Report], interrupted: bool, out: Console) -> int:
    """The exit status, and why it is not 0."""
    if interrupted:
        click.echo(
            f"jacspec: interrupted; {len(reports)} of {len(tasks)} verdicts were reached; the same command "
            f"resumes from them",
            err=True,
        )
        return INTERRUPTED
    unexpected = [report.label for report in reports if not report.as_expected]
    if unexpected:
        out.print(f"not as expected: {', '.join(unexpected)}")
    elif len(reports) > 1 and len(reports) == len(tasks):
        counts = Counter(report.verdict.value for report in reports)
        found = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
        out.print(f"all {len(reports)} verdicts are as expected: {found}")
    return 1 if unexpected or len(reports) < len(tasks) else 0
