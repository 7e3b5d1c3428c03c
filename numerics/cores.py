"""How many processors there are to use."""

from __future__ import annotations

import multiprocessing
import os

__all__ = ["available_cores", "spare_cores"]


def available_cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def spare_cores() -> int:
    """How many threads a computation may take: one where this process is itself one of several workers."""
    return 1 if multiprocessing.parent_process() is not None else available_cores()
