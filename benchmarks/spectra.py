"""Time, memory and digits of deep spectra: jacspec, mpmath, FLINT, NumPy and Eigen, in one table.

    .venv/bin/python benchmarks/spectra.py [--quick] [--markdown docs/benchmarks.md] [--json FILE [--resume]]

Every measurement runs in a process of its own, one after another. Ctrl-C prints what there is.
"""

from __future__ import annotations

import shlex
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console

from benchmarks.document import document
from benchmarks.eigen import Eigen
from benchmarks.machine import libraries, machine
from benchmarks.measure import Measurement, Runner
from benchmarks.peers import JACSPEC
from benchmarks.plan import GROUPS, Plan, beyond_reach
from benchmarks.store import Store
from benchmarks.tables import grids

__all__ = ["main", "run"]

_COLUMNS = 100
_INTERRUPTED = 130

_PARTS = ("spectra", "slope", "float64")
_FLOAT64_CELLS = (
    *((width, depth) for width in (4, 8, 16) for depth in (20, 100, 1000)),
    *((32, 20), (32, 100), (64, 100), (128, 100), (256, 20), (512, 10), (1024, 4)),
)
_SLOPE_DEPTHS = (250, 500, 1000, 2000, 4000, 8000)

_QUICK = Plan(
    widths=(16,),
    depths=(20, 100),
    peers=tuple(GROUPS),
    slope_depths=(100, 200, 400),
    float64_cells=((64, 100),),
    stream_depths=(1000,),
)
_QUICK_LIMIT = 10.0


def _numbers(_context: click.Context, parameter: click.Parameter, text: str) -> tuple[int, ...]:
    try:
        numbers = tuple(int(part) for part in text.split(","))
    except ValueError:
        numbers = ()
    if not numbers or min(numbers) < 1:
        message = (
            f"{text!r}: expected positive integers with commas between them, such as {parameter.default}"
        )
        raise click.BadParameter(message)
    return numbers


def _choices(known: tuple[str, ...]) -> Callable[[click.Context, click.Parameter, str], tuple[str, ...]]:
    def read(_context: click.Context, _parameter: click.Parameter, text: str) -> tuple[str, ...]:
        chosen = tuple(part for part in text.split(",") if part)
        unknown = [part for part in chosen if part not in known]
        if unknown:
            message = f"{unknown[0]!r}: expected some of {','.join(known)}"
            raise click.BadParameter(message)
        return chosen

    return read


def run(plan: Plan, runner: Runner, store: Store, say: Callable[[str], None]) -> None:
    """Make every measurement of the plan that the store has not; keep each as it arrives."""
    keys = plan.tasks()
    for position, key in enumerate(keys, 1):
        before = store.measurements.get(key)
        if before is not None:
            continue
        reference = store.measurements.get((JACSPEC, *key[1:]))
        reason = beyond_reach(key, store.measurements.values())
        method, width, depth = key
        made = (
            replace(Measurement(*key), status="not tried", note=reason)
            if reason
            else runner.run(key, reference)
        )
        store.add(made)
        spent = f"{made.seconds:.3g} s" if made.seconds is not None else f"{made.status}: {made.note}"
        say(f"[{position}/{len(keys)}] n={width} N={depth} {method}: {spent}")


def _plan(
    parts: tuple[str, ...], widths: tuple[int, ...], depths: tuple[int, ...], peers: tuple[str, ...]
) -> Plan:
    plan = Plan(peers=peers)
    if "spectra" in parts:
        plan = replace(plan, widths=widths, depths=depths)
    if "slope" in parts:
        plan = replace(plan, slope_depths=_SLOPE_DEPTHS)
    if "float64" in parts:
        plan = replace(plan, float64_cells=_FLOAT64_CELLS, batch_cell=(8, 50), stream_depths=(1000, 100_000))
    return plan


def _note_line(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


@click.command(context_settings={"show_default": True})
@click.option(
    "--widths", default="2,3,4,8,16,32,64,128", callback=_numbers, help="Widths n of the main table."
)
@click.option("--depths", default="20,100,1000", callback=_numbers, help="Depths N of the main table.")
@click.option("--peers", default=",".join(GROUPS), callback=_choices(tuple(GROUPS)), help="Who is compared.")
@click.option("--parts", default=",".join(_PARTS), callback=_choices(_PARTS), help="Which tables are made.")
@click.option("--digits", default=50, type=click.IntRange(1, 1000), help="Digits of every singular value.")
@click.option("--limit", default=300.0, type=click.FloatRange(1), help="Seconds that a measurement may take.")
@click.option("--threads", default=1, type=click.IntRange(1), help="Threads of the BLAS, for everyone.")
@click.option("--quick", is_flag=True, help="A subset that takes about a minute.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Keep the measurements here.")
@click.option("--resume", is_flag=True, help="Take up the run that --json holds.")
@click.option("--markdown", type=click.Path(path_type=Path), help="Write the tables as a document.")
def main(
    widths: tuple[int, ...],
    depths: tuple[int, ...],
    peers: tuple[str, ...],
    parts: tuple[str, ...],
    digits: int,
    limit: float,
    threads: int,
    quick: bool,
    json_file: Path | None,
    resume: bool,
    markdown: Path | None,
) -> None:
    """Compare jacspec with the libraries a user would otherwise pick, on products of Gaussian matrices."""
    if resume and json_file is None:
        message = "--resume: expected --json FILE as well, the run to take up"
        raise click.UsageError(message)
    plan = replace(_QUICK, peers=peers) if quick else _plan(parts, widths, depths, peers)
    limit = min(limit, _QUICK_LIMIT) if quick else limit
    with tempfile.TemporaryDirectory() as folder:
        eigen = Eigen(None, "", "not asked for")
        if "eigen" in peers and plan.cells:
            _note_line("building the program for Eigen ...")
            eigen = Eigen.build(Path(folder))
        settings = {
            "digits": digits,
            "limit": limit,
            "threads": threads,
            "machine": machine(),
            "libraries": libraries(),
            "eigen": eigen.version,
        }
        try:
            store = Store.resume(settings, json_file) if resume and json_file else Store(settings, json_file)
        except ValueError as error:
            raise click.UsageError(str(error)) from error
        interrupted = False
        try:
            run(plan, Runner(digits, limit, threads, eigen), store, _note_line)
        except KeyboardInterrupt:
            interrupted = True
            _note_line("interrupted: these are the measurements made so far")
    made = grids(plan, store.measurements, limit)
    console = Console(width=_COLUMNS, highlight=False)
    for grid in made:
        console.print(f"\n{grid.title}\n", style="bold")
        console.print(grid.table())
        for remark in grid.remarks:
            console.print(remark)
    if markdown is not None:
        command = shlex.join([".venv/bin/python", "benchmarks/spectra.py", *sys.argv[1:]])
        markdown.write_text(document(made, store, command))
    if interrupted:
        sys.exit(_INTERRUPTED)


if __name__ == "__main__":
    main()
