"""How many processors there are to use, and how many of them the BLAS gets."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from threadpoolctl import ThreadpoolController


class _FairLock:
    """A lock that its owner may take again, and for which the others wait by turns.

    Who has just given it back waits behind the door: of two threads that compute in a loop, one would
    otherwise take it again and again, and a third never.
    """

    def __init__(self) -> None:
        self._lock, self._door, self._times_held = threading.RLock(), threading.Lock(), _TimesHeld()

    def __enter__(self) -> None:
        if self._times_held.depth:
            self._lock.acquire()
        else:
            with self._door:
                self._lock.acquire()
        self._times_held.depth += 1

    def __exit__(self, *_: object) -> None:
        self._times_held.depth -= 1
        self._lock.release()

    def give_back_alone(self) -> None:
        """Give it back in a process that has no other thread: who stood in the door is not there."""
        self._door = threading.Lock()
        self.__exit__()


class _TimesHeld(threading.local):
    """How often this thread has the lock."""

    depth = 0


process_wide = _FairLock()
"""Held while a setting of the whole process is other than usual: a precision, a number of threads.

Of several threads that compute at once one does, and each finds the settings as it left them. A fork waits
for it: a child would find it held by a thread that it does not have, the settings changed, and FLINT's
threads gone.
"""

if hasattr(os, "register_at_fork"):
    # Who registers last is called first: while we wait, the lock of executors must not be held already.
    import concurrent.futures.thread  # noqa: F401 -- registers its own

    os.register_at_fork(
        before=process_wide.__enter__,
        after_in_parent=process_wide.__exit__,
        after_in_child=process_wide.give_back_alone,
    )


def available_cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def spare_cores() -> int:
    """How many threads a computation may take: one where this process is itself one of several workers."""
    return 1 if multiprocessing.parent_process() is not None else available_cores()


@contextmanager
def unthreaded_blas() -> Iterator[None]:
    """The BLAS of NumPy, and that of SciPy if it is loaded, on one thread within the block.

    For matrices of a few hundred rows its threads cost more in waiting than they save, and where the products
    themselves run side by side they get in each other's way.
    """
    with process_wide, _controller("scipy.linalg" in sys.modules).limit(limits=1, user_api="blas"):
        yield


@cache
def _controller(_scipy: bool) -> Any:
    """Made once without and once with SciPy: it looks through all libraries that are loaded."""
    return ThreadpoolController()
