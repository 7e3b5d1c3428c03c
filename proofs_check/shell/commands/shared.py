"""What several commands need: progress, output files, versions."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Any

import click

COMPUTES_WITH = ("sympy", "mpmath", "gmpy2", "numpy", "scipy", "python-flint", "hypothesis")
"""The packages on which a verdict may depend; mpmath computes with gmpy2 where that is installed."""


KEPT_IN = Path(".jacspec")
"""Where verdicts of earlier runs are kept."""

LEDGER_WORKERS = "jacspec.proofs_check.shell.ledger_workers"
"""Named only: it imports the ledger, which takes seconds."""

_EVERY = 10.0
"""Seconds after which those who see no bar are told that something goes on."""


class WholeNumber(click.IntRange):
    """A whole number from ``min`` on, refused in words that say so."""

    name = "whole number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Give the number; a usage error names what was given and what was expected."""
        try:
            return int(super().convert(value, param, ctx))
        except click.BadParameter:
            return self.fail(f"{value!r}: expected a whole number of at least {self.min}", param, ctx)


seed_option = click.option(
    "--seed",
    type=WholeNumber(min=0),
    default=0,
    show_default=True,
    metavar="INTEGER",
    help="Of every random choice.",
)
jobs_option = click.option(
    "--jobs", type=WholeNumber(min=1), metavar="INTEGER", help="Processes; default: all processors."
)


def _allow(context: click.Context, _parameter: click.Parameter, amount: str | None) -> None:
    if amount is not None:
        from jacspec.numerics import max_memory

        context.with_resource(max_memory(amount))


memory_option = click.option(
    "--max-memory",
    metavar="SIZE",
    callback=_allow,
    expose_value=False,
    help="What one computation may take, such as '8 GB'; default: three quarters of the memory.",
)


@contextmanager
def progress(what: str, total: int | None, done: int = 0) -> Iterator[Callable[[str], Any]]:
    """Progress on standard error: a bar where that is a terminal, and a line for every step anywhere."""
    with _bar() as bar:
        task = bar.add_task(what, total=total, completed=done)

        def advance(note: str) -> None:
            bar.update(task, advance=1)
            bar.console.print(note, markup=False, soft_wrap=True)

        yield advance


@contextmanager
def counting(what: str, total: int = 0, then: str = "") -> Iterator[Callable[..., None]]:
    """Progress in many small steps: a bar where standard error is a terminal, elsewhere a line now and then.

    A total of 0 is not known yet: a step may say it. After the total, what goes on is called ``then``.
    """
    done = 0
    if not sys.stderr.isatty():

        def count(of: int = 0) -> None:
            nonlocal done, total
            done, total = done + 1, total or of

        def reached() -> str:
            if done < total:
                return f"{what}, {done} of {total}"
            return then if total else what

        with _now_and_then(reached):
            yield count
        return
    with _bar() as bar:
        task = bar.add_task(what, total=total or None)

        def step(of: int = 0) -> None:
            nonlocal done, total
            done, total = done + 1, total or of
            if done == total:
                bar.remove_task(task)
                bar.add_task(then, total=None)
            elif done < total:
                bar.update(task, completed=done, total=total)

        yield step


@contextmanager
def _now_and_then(say: Callable[[], str]) -> Iterator[None]:
    """Within the block every ten seconds a line on standard error, with the time that has passed."""
    over, began = Event(), monotonic()

    def speak() -> None:
        while not over.wait(_EVERY):
            click.echo(f"{say()} ({monotonic() - began:.0f} s)", err=True)

    speaker = Thread(target=speak, daemon=True)
    speaker.start()
    try:
        yield
    finally:
        over.set()
        speaker.join()


def _bar() -> Any:
    """Time spent and time left beside the bar."""
    from rich.progress import (
        BarColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    from jacspec.proofs_check.shell.console import console

    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )


def check_writable(file: str | None, *others: str | Path | None) -> None:
    """Refuse an output file that cannot be written, or is one of the others, before anything is computed."""
    from jacspec.numerics.files.writing import refuse_unwritable
    from jacspec.numerics.support.errors import InputError

    if file is not None and file != "-":
        refuse_unwritable(Path(file))
        named = [str(each) for each in others if each is not None]
        if os.path.realpath(file) in [os.path.realpath(each) for each in named if "\0" not in each]:
            message = f"cannot write {file!r}: another file of this command is there; choose another place"
            raise InputError(message)


def write(file: str, content: str) -> None:
    """Write text and a final newline to a file, or to standard output for ``-``."""
    from jacspec.numerics.files.writing import write_text

    if file == "-":
        click.echo(content)
    else:
        write_text(Path(file), content + "\n")
