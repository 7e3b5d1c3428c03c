"""A limit on the time that a claim takes: what loops is stopped, and named."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any

_AGAIN = 1.0
"""Seconds after which it is raised again, should something have caught it."""
_AT_ONCE = 1e-6
"""Seconds; a timer of none never rings."""


class OutOfTime(BaseException):
    """Raised wherever a claim is when its time is over; what was evaluated there, and at which example."""

    name = ""
    example: Mapping[str, Any] = {}


@contextmanager
def time_limit(seconds: float | None) -> Iterator[None]:
    """Raise OutOfTime in the block after so many seconds; never, if that is None.

    Code in C is stopped when it returns to Python. A timer that runs already, such as a test runner's, goes
    on after the block, and rings at once if it was due meanwhile. Elsewhere than in the main thread of a
    process, and on systems without interval timers, nothing can be stopped, and there is no limit.
    """
    here = threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer")
    if seconds is None or not here:
        yield
        return

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise OutOfTime

    def disarm() -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

    start = time.monotonic()
    left, every = signal.getitimer(signal.ITIMER_REAL)
    before = signal.signal(signal.SIGALRM, stop)
    try:
        try:
            signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
            yield
        finally:
            disarm()
    finally:  # raised in the very moment of disarming
        disarm()
        if left:
            signal.setitimer(signal.ITIMER_REAL, max(left - (time.monotonic() - start), _AT_ONCE), every)
