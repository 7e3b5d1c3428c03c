"""``jacspec reproduce``: the experiments of the poster."""

from __future__ import annotations

import difflib
import inspect
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jacspec.interrupts import INTERRUPTED, loading
from jacspec.proofs_check.shell.commands.shared import memory_option, seed_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jacspec.proofs_check.experiments import Experiment


class _Experiments(click.Command):
    """A command whose help names the experiments there are."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the name of each experiment and the first line of what it says of itself."""
        from jacspec.proofs_check.experiments import EXPERIMENTS

        rows = [(name, _summary(each)) for name, each in EXPERIMENTS.items()]
        with formatter.section("Experiments"):
            formatter.write_dl(rows)
        super().format_epilog(ctx, formatter)


def _summary(experiment: Experiment) -> str:
    """What an experiment says of itself in its first line."""
    return (inspect.getdoc(experiment) or "").partition("\n")[0].replace("`", "")


@click.command("reproduce", cls=_Experiments, short_help="Run experiments of the poster.")
@click.argument("names", metavar="EXPERIMENT...", nargs=-1, required=True)
@click.option("--out", default="out", show_default=True, metavar="DIR", help="Where results are written.")
@seed_option
@memory_option
def reproduce(names: Sequence[str], out: str, seed: int) -> int:
    """Run experiments of the poster; write their data and pictures to DIR.

    \b
    jacspec reproduce training
    jacspec reproduce overlap velocities --out results --seed 1
    jacspec verify --report results     puts the pictures of that directory on the page

    Of each experiment NAME there will be NAME.npz (what was measured), NAME.json (parameters, findings,
    versions), NAME.svg and NAME.png; what it found is printed. The same seed gives the same files. Ctrl-C
    ends an experiment early: what was computed by then is written, and said to be incomplete.
    """
    with loading():
        from jacspec.numerics import InputError
        from jacspec.proofs_check.experiments import EXPERIMENTS
        from jacspec.proofs_check.shell.console import console

    for name in names:
        if name not in EXPERIMENTS:
            near = difflib.get_close_matches(name, EXPERIMENTS, n=1)
            hint = f"did you mean {near[0]}?" if near else f"expected one of {', '.join(EXPERIMENTS)}"
            message = f"unknown experiment {name!r}: {hint}"
            raise InputError(message)
    for name in names:
        report = EXPERIMENTS[name](Path(out), seed=seed, console=console(stderr=True))
        click.echo(str(report))
        if not report.complete:
            return INTERRUPTED
    return 0
