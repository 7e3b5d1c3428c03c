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

__all__ = ["available_cores", "process_wide", "spare_cores", "unthreaded_blas"]

process_wide = threading.RLock()
"""Held while a setting of the whole process is other than usual: a precision, a number of threads.

Of several threads that compute at once one does, and each finds the settings as it left them.
"""


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
