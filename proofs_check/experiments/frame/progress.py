"""How far an experiment has come: on the console, and for itself when it is interrupted."""

from __future__ import annotations

import math
import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress as Bar, TextColumn, TimeRemainingColumn

_WORTH_SAYING = 2.0
"""Seconds from which on a user wants to know how long it will take."""


class Progress:
    """A bar with the time left, an estimate said beforehand, and an end instead of an exception at Ctrl-C.

    ::

        with Progress("training", total=5000, unit="step", estimate=40, console=console) as progress:
            for snapshot in descend(...):
                kept.append(snapshot)
                progress.reached(snapshot.record.step, f"loss {snapshot.record.loss:.4f}")
        progress.complete, progress.interruption, progress.seconds

    Ctrl-C within the block leaves it quietly once :meth:`reached` or :meth:`advance` was called; before
    that nothing was computed, there is nothing to keep, and KeyboardInterrupt goes on.

    Parameters
    ----------
    what
        Name of the experiment.
    total, unit
        How much there is to do, in units of about equal cost (so that the time left is right), and what to
        call one.
    estimate
        Seconds that the whole takes on two cores of 2024, measured; said at the start unless it is short.
    console
        Where all this goes; nowhere if there is none.
    """

    def __init__(
        self, what: str, *, total: float, unit: str, estimate: float, console: Console | None
    ) -> None:
        self.total, self.unit = total, unit
        self.done: float = 0
        self.seconds = 0.0
        self._started = False
        self._counted_from = 0.0
        if console is not None and estimate >= _WORTH_SAYING:
            console.print(f"{what}: {about(estimate)}")
        self._bar = Bar(
            TextColumn(what),
            BarColumn(),
            TextColumn(f"{unit} {{task.completed:.0f}} of {{task.total:.0f}}"),
            TextColumn("{task.fields[note]}"),
            TimeRemainingColumn(),
            console=console,
            disable=console is None,
            transient=True,
        )
        self._task = self._bar.add_task(what, total=total, note="")

    def reached(self, done: float, note: str = "") -> None:
        """Say that so much of the total is done, and kept; ``note`` is shown beside it."""
        self.done, self._started = done, True
        self._bar.update(self._task, completed=done, note=note)

    def advance(self, by: float = 1, note: str = "") -> None:
        """Say that so much more is done, and kept."""
        self.reached(self.done + by, note)

    @property
    def complete(self) -> bool:
        """Whether everything was done."""
        return self.done >= self.total

    @property
    def interruption(self) -> str | None:
        """The sentence that says where it stopped; None if everything was done."""
        if self.complete:
            return None
        return (
            f"interrupted at {self.unit} {self.done:.0f} of {self.total:.0f}: "
            "the files hold what was computed by then"
        )

    def __enter__(self) -> Progress:
        self._counted_from = time.perf_counter()
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self._bar.stop()
        self.seconds = time.perf_counter() - self._counted_from
        return kind is not None and issubclass(kind, KeyboardInterrupt) and self._started


def about(seconds: float) -> str:
    """A duration in words, with no more precision than an estimate has: "about 40 s", "about 3 min"."""
    if seconds < 10:
        return f"about {math.ceil(seconds)} s"
    if seconds < 95:
        return f"about {10 * round(seconds / 10)} s"
    return f"about {round(seconds / 60)} min"
