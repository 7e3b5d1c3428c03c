"""``jacspec list``: the claims of the ledger, or its derivations."""

from __future__ import annotations

import click

from jacspec.interrupts import loading
from jacspec.proofs_check.shell.commands.shared import counting, jobs_option, seed_option


@click.command("list", short_help="List the claims of the ledger, or its derivations.")
@click.option(
    "--derivations",
    is_flag=True,
    help="Check every derivation; list status, generality, assumptions, mutants.",
)
@seed_option
@jobs_option
def list_command(derivations: bool, seed: int, jobs: int | None) -> int:
    """List the claims of the ledger: label, expected verdict, whose it is, whether it is derived, statement.

    With --derivations, check every derivation instead and list what it rests on; --seed and --jobs are
    for that check. The exit status is then 1 if some derivation does not hold.

    \b
    Examples:
      jacspec list
      jacspec list --derivations    two minutes or so on two cores: every step and its mutants are checked
    """
    with loading():
        from jacspec.numerics.support.cores import available_cores
        from jacspec.proofs_check.ledger import LEDGER
        from jacspec.proofs_check.shell.console import console
        from jacspec.proofs_check.shell.derivation_table import derivation_table, summaries
        from jacspec.proofs_check.shell.tables import claims_table
        from jacspec.theory.results.catalogue import catalogue

    if not derivations:
        console().print(claims_table(LEDGER.values()))
        return 0
    with counting("checking", len(catalogue()), then="") as step:
        found = summaries(seed=seed, workers=jobs or available_cores(), step=step)
    console().print(derivation_table(found))
    return 0 if all(summary.holds for summary in found) else 1
