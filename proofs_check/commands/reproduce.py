"""``jacspec reproduce``: the experiments of the paper."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING

import click

from proofs_check.commands.shared import INTERRUPTED, loading, seed_option

if TYPE_CHECKING:
    from proofs_check.experiments import Experiment

__all__ = ["reproduce"]


class _Experiments(click.Command):
    """A command whose help names the experiments there are."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the name of each experiment and the first line of what it says of itself."""
        from proofs_check.experiments import EXPERIMENTS

        rows = [(name, _summary(each)) for name, each in EXPERIMENTS.items()]
        with formatter.section("Experiments"):
            formatter.write_dl(rows)
        super().format_epilog(ctx, formatter)


def _summary(experiment: Experiment) -> str:
    """What an experiment says of itself in its first line."""
    return (inspect.getdoc(experiment) or "").partition("\n")[0].replace("`", "")


@click.command("reproduce", cls=_Experiments, short_help="Run an experiment of the paper.")
@click.argument("name", metavar="EXPERIMENT")
@click.option("--out", default="out", show_default=True, metavar="DIR", help="Where results are written.")
@seed_option
def reproduce(name: str, out: str, seed: int) -> int:
    """Run an experiment of the paper; write its data, its chain and its pictures to DIR.

    \b
    jacspec reproduce training --out out
    """
    with loading():
        from numerics import InputError
        from proofs_check.experiments import EXPERIMENTS
        from proofs_check.tables import console

    if name not in EXPERIMENTS:
        message = f"unknown experiment {name!r}: expected one of {', '.join(EXPERIMENTS)}"
        raise InputError(message)
    report = EXPERIMENTS[name](Path(out), seed=seed, console=console(stderr=True))
    click.echo(str(report))
    return 0 if report.complete else INTERRUPTED
