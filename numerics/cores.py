"""How many processors there are to use, and how many of them the BLAS gets."""

from __future__ import annotations

import multiprocessing
import os
from contextlib import AbstractContextManager
from functools import cache
from typing import Any

from threadpoolctl import ThreadpoolController

__all__ = ["available_cores", "spare_cores", "unthreaded_blas"]


def available_cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def spare_cores() -> int:
    """How many threads a computation may take: one where this process is itself one of several workers."""
    return 1 if multiprocessing.parent_process() is not None else available_cores()


def unthreaded_blas() -> AbstractContextManager[object]:
    """NumPy's BLAS on one thread within the block.

    For matrices of a few hundred rows its threads cost more in waiting than they save, and where the products
    themselves run side by side they get in each other's way.
    """
    limited: AbstractContextManager[object] = _controller().limit(limits=1, user_api="blas")
    return limited


@cache
def _controller() -> Any:
    """Made once: it looks through all libraries that are loaded."""
    return ThreadpoolController()
