"""``jacspec verify``: claims, by label or in a Python file, and counterexamples kept from earlier runs."""

from __future__ import annotations

from pathlib import Path

import click

from jacspec.interrupts import loading
from jacspec.proofs_check.claims.effort import EFFORTS
from jacspec.proofs_check.shell.commands.shared import (
    KEPT_IN,
    LEDGER_WORKERS,
    WholeNumber,
    jobs_option,
    memory_option,
    seed_option,
)


@click.command(
    "verify", short_help="Verify claims: the whole ledger, some labels of it, or the claims of a Python file."
)
@click.argument("targets", nargs=-1, metavar="[LABEL… | FILE.py[:NAME]]")
@click.option("--json", "json_file", metavar="FILE", help="Write the reports as JSON; - for stdout.")
@click.option(
    "--report",
    "report_folder",
    metavar="DIR",
    help="Write DIR/index.html with a page for each claim, all in one as single.html, report.md, "
    "appendix.tex and counterexamples.",
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
@click.option("--cluster", "address", metavar="ADDRESS", help="Let the workers of a Dask scheduler verify.")
@click.option(
    "--time-limit",
    "seconds",
    type=WholeNumber(min=1),
    metavar="SECONDS",
    help="What one claim may take; default: by effort, 300, 1200 or 14400.",
)
@click.option("--fresh", is_flag=True, help="Reach every verdict again, whatever is kept.")
@click.option("--keep", "keep_folder", metavar="DIR", help="Write each counterexample to DIR/LABEL.json.")
@click.option("--regression", metavar="TEST.py", help="Write the counterexamples as a pytest file.")
@click.option("--replay", "replayed", metavar="FILE.json", help="Evaluate a kept counterexample again.")
@memory_option
def verify(
    targets: tuple[str, ...],
    json_file: str | None,
    report_folder: str | None,
    experiments_folder: str | None,
    effort: str,
    seed: int,
    jobs: int | None,
    address: str | None,
    seconds: int | None,
    fresh: bool,
    keep_folder: str | None,
    regression: str | None,
    replayed: str | None,
) -> int:
    """Verify claims: the whole ledger, some labels of it, or the claims of a Python file.

    Verdicts are kept in .jacspec/, and count as long as nothing has changed on which they rest.

    \b
    Examples:
      jacspec verify                                  the whole ledger, a minute or more
      jacspec verify alignment alignment-as-stated    one that holds, one that does not
      jacspec verify --report report                  and a page for your co-authors
      jacspec verify my_claims.py --keep found        your own claims; counterexamples are kept
      jacspec verify my_claims.py:mine                one of them, by its name in the file or its label
      jacspec verify my_claims.py --replay found/my-claim.json
    """
    with loading():
        whole = not (targets or replayed or address) and jobs != 1
        if whole and (fresh or not KEPT_IN.exists()):  # else there may be no need of workers
            from jacspec.numerics.support.parallel import import_for_workers

            import_for_workers(LEDGER_WORKERS)
        from jacspec.proofs_check.shell.commands.counterexamples import replay_file
        from jacspec.proofs_check.shell.commands.verify_run import Outputs, verified

    if replayed is not None:
        return replay_file(Path(replayed), targets, regression)
    outputs = Outputs.checked(targets, json_file, report_folder, experiments_folder, keep_folder, regression)
    return verified(
        targets, outputs, effort=effort, seed=seed, jobs=jobs, address=address, seconds=seconds, fresh=fresh
    )
