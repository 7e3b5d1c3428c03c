"""What ``jacspec verify`` does with counterexamples: keep them, write them as tests, evaluate them again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from shlex import quote

import click
from rich.console import Console

from jacspec.numerics import InputError
from jacspec.numerics.files.writing import place
from jacspec.numerics.support.versions import versions
from jacspec.proofs_check.claims.report import Report
from jacspec.proofs_check.referee.counterexample_files import file_names, keep, kept_of, load
from jacspec.proofs_check.referee.regression import refuse_no_test, write_regression_test
from jacspec.proofs_check.referee.replay import replay
from jacspec.proofs_check.shell.claim_tasks import ClaimTask, find_claim
from jacspec.proofs_check.shell.commands.shared import COMPUTES_WITH, check_writable


def keep_all(
    reached: Mapping[ClaimTask, Report], folders: Sequence[Path], regression: str | None, out: Console
) -> None:
    """Write every counterexample to each folder, and all of them as one file of tests."""
    refuted = {task: report for task, report in reached.items() if report.counterexample is not None}
    names = file_names([(task.label, task.file) for task in refuted])
    for task, report in refuted.items():
        for folder in folders:
            file = place(folder, names[task.label, task.file])
            keep(file, report, task.file, versions(*COMPUTES_WITH))
            out.print(f"counterexample: {file}", soft_wrap=True)
    if regression is None:
        return
    kept = [(kept_of(report, task.file), task.file) for task, report in refuted.items()]
    if not kept:
        out.print(f"no counterexample: {regression} was not written", soft_wrap=True)
        return
    write_regression_test(Path(regression), kept)
    out.print(f"regression test: {regression}", soft_wrap=True)


def replay_file(path: Path, targets: Sequence[str], regression: str | None) -> int:
    """Evaluate a kept counterexample again; 0 if it still refutes its claim, 1 if not.

    ``targets`` may name the user's file that holds the claim: nothing else is run.
    """
    if regression is not None:
        refuse_no_test(Path(regression))
    check_writable(regression, path, *targets)
    from jacspec.proofs_check.ledger import LEDGER

    kept = load(path)
    if len(targets) > 1 or any(not target.endswith(".py") for target in targets):
        message = f"--replay with {' '.join(targets)}: expected at most one FILE.py, the one with the claim"
        raise InputError(message)
    file = targets[0] if targets else None
    if file is None and (kept.file is not None or kept.label not in LEDGER):
        message = (
            f"{str(path)!r} refutes {kept.label!r} of {kept.file or 'another ledger'}, which is not run "
            f"unless you name it: jacspec verify {quote(kept.file or 'FILE.py')} --replay {quote(str(path))}"
        )
        raise InputError(message)
    found = replay(find_claim(kept.label, file), kept.example(), bits=kept.counterexample.precision_bits)
    click.echo(str(found))
    if regression is not None:
        write_regression_test(Path(regression), [(kept, file)])
        click.echo(f"regression test: {regression}")
    return 0 if found.refutes else 1
