"""Ctrl-C, while modules load and while verdicts are reached. Nothing is imported here that takes time."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["INTERRUPTED", "interrupts", "loading"]

INTERRUPTED = 130


@contextmanager
def loading() -> Iterator[None]:
    """While modules are imported, let Ctrl-C end the program at once: nothing has been computed yet.

    Raised as an exception, it can get lost in a callback of the import system, and the program would go on.
    """

    def leave(_signal: int, _frame: FrameType | None) -> None:
        os.write(2, b"jacspec: interrupted\n")
        os._exit(INTERRUPTED)

    before = signal.signal(signal.SIGINT, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def interrupts() -> Iterator[list[bool]]:
    """Note every Ctrl-C, besides raising it: an exception raised in a callback from C can get lost."""
    noted: list[bool] = []

    def note(_signal: int, _frame: FrameType | None) -> None:
        noted.append(True)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, note)
    try:
        yield noted
    finally:
        signal.signal(signal.SIGINT, before)
