"""``jacspec reproduce``: the experiments of the poster."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from jacspec.interrupts import INTERRUPTED, loading
from jacspec.proofs_check.shell.commands.shared import memory_option, progress, seed_option

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jacspec.proofs_check.experiments import Experiment, ExperimentReport


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
@click.option("--cluster", "address", metavar="ADDRESS", help="Let the workers of a Dask scheduler run them.")
@memory_option
def reproduce(names: Sequence[str], out: str, seed: int, address: str | None) -> int:
    """Run experiments of the poster; write their data and pictures to DIR.

    \b
    jacspec reproduce training
    jacspec reproduce overlap velocities --out results --seed 1
    jacspec reproduce training overlap --cluster tcp://127.0.0.1:8786
    jacspec verify --report results     puts the pictures of that directory on the page

    Of each experiment NAME there will be NAME.npz (what was measured), NAME.json (parameters, findings,
    versions), NAME.svg and NAME.png; what it found is printed. The same seed gives the same files. Ctrl-C
    ends an experiment early: what was computed by then is written, and said to be incomplete.
    """
    with loading():
        from jacspec.numerics import InputError
        from jacspec.numerics.support.arguments import hint
        from jacspec.proofs_check.experiments import EXPERIMENTS
        from jacspec.proofs_check.shell.console import console

    for name in names:
        if name not in EXPERIMENTS:
            meant = hint(name, EXPERIMENTS, f"expected one of {', '.join(EXPERIMENTS)}")
            message = f"unknown experiment {name!r}: {meant}"
            raise InputError(message)
    if address is not None:
        return _on_cluster(address, [_Task(name, seed) for name in names], Path(out))
    for name in names:
        report = EXPERIMENTS[name](Path(out), seed=seed, console=console(stderr=True))
        click.echo(str(report))
        if not report.complete:
            return INTERRUPTED
    return 0


@dataclass(frozen=True)
class _Task:
    name: str
    seed: int


def _run_away(task: _Task) -> tuple[ExperimentReport, Mapping[str, bytes]]:
    """The report of an experiment, and its files by name: a worker may be on another machine."""
    from jacspec.proofs_check.experiments import EXPERIMENTS

    with TemporaryDirectory() as folder:
        report = EXPERIMENTS[task.name](Path(folder), seed=task.seed)
        return report, {file.name: file.read_bytes() for file in report.files}


def _on_cluster(address: str, tasks: Sequence[_Task], out: Path) -> int:
    """Run each on a worker, and write what it found as it arrives."""
    from concurrent.futures import BrokenExecutor

    from jacspec.numerics import InputError
    from jacspec.numerics.files.writing import replacing
    from jacspec.numerics.support.parallel import cluster, run
    from jacspec.proofs_check.experiments.frame.outcome import prepared

    prepared(out)
    left = {task.name for task in tasks}
    try:
        with cluster(address) as executor, progress("experiments", len(left)) as advance:
            for task, (report, contents) in run(_run_away, list(dict.fromkeys(tasks)), executor):
                for name, content in contents.items():
                    with replacing(out / name) as file:
                        file.write(content)
                left.remove(task.name)
                advance(f"{task.name}: {report.seconds:.1f} s; {len(left)} left")
                click.echo(str(replace(report, files=tuple(out / file.name for file in report.files))))
    except BrokenExecutor as error:
        message = (
            f"several workers died at one experiment; expected them to stay: run {', '.join(sorted(left))} "
            f"without --cluster"
        )
        raise InputError(message) from error
    return 0
