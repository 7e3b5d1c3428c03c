"""Ctrl-C, while modules load and while verdicts are reached.

Nothing is imported here that takes time: this comes first when the program starts.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 130


def leave_at_once() -> None:
    """Let Ctrl-C end the program at once, unless it is ignored, or somebody else sees to it."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _leave)


def _leave(_signal: int, _frame: FrameType | None) -> None:
    os.write(2, b"jacspec: interrupted\n")
    os._exit(INTERRUPTED)


@contextmanager
def loading() -> Iterator[None]:
    """While modules are imported, Ctrl-C ends the program at once: nothing has been computed yet.

    Raised as an exception, it can get lost in a callback of the import system, and the program would go on.
    """
    leave_at_once()
    try:
        yield
    finally:
        if signal.getsignal(signal.SIGINT) is _leave:
            signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def ending_with_parent() -> Iterator[None]:
    """While modules are imported, look ten times a second whether the parent is there, and end if it is not.

    For a process that is to be forked, and may have no thread that waits for that.
    """
    parent = os.getppid()

    def look(_signal: int, _frame: FrameType | None) -> None:
        if os.getppid() != parent:
            os._exit(INTERRUPTED)

    before = signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, 0.1, 0.1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def interrupts() -> Iterator[list[bool]]:
    """Note every Ctrl-C, besides raising it: an exception raised in a callback from C can get lost.

    Python would say so, with a traceback; that is left out.
    """
    noted: list[bool] = []

    def note(_signal: int, _frame: FrameType | None) -> None:
        noted.append(True)
        raise KeyboardInterrupt

    def say(lost: sys.UnraisableHookArgs) -> None:
        if not issubclass(lost.exc_type, KeyboardInterrupt):
            hook(lost)

    before, hook = signal.signal(signal.SIGINT, note), sys.unraisablehook
    sys.unraisablehook = say
    try:
        yield noted
    finally:
        signal.signal(signal.SIGINT, before)
        sys.unraisablehook = hook
