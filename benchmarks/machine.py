"""The machine and the libraries in words: what a reader needs to judge the seconds, and no name of a host."""

from __future__ import annotations

import os
import platform
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import flint
import mpmath.libmp
import numpy as np

__all__ = ["libraries", "machine"]


def machine() -> str:
    """Processor, cores, memory and system: ``AMD EPYC, 2 cores, 23 GiB of memory, Linux (x86_64)``."""
    parts = [_processor(), f"{_cores()} cores"]
    if (memory := _memory_gib()) is not None:
        parts.append(f"{memory:.0f} GiB of memory")
    return ", ".join([*parts, f"{platform.system()} ({platform.machine()})"])


def libraries() -> list[str]:
    """Every Python library that was measured, with its version."""
    return [
        f"Python {platform.python_version()}",
        f"jacspec {_version('jacspec')}",
        f"python-flint {_version('python-flint')} (FLINT {flint.__FLINT_VERSION__})",
        f"mpmath {_version('mpmath')} on {mpmath.libmp.BACKEND} (gmpy2 {_version('gmpy2')})",
        f"NumPy {_version('numpy')} with {_blas()}",
    ]


def _processor() -> str:
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    except OSError:
        found = None
    return found.group(1).strip() if found else platform.processor() or "unknown processor"


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _memory_gib() -> float | None:
    try:
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")) / 2**30
    except (AttributeError, OSError, ValueError):
        return None


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not present"


def _blas() -> str:
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return f"{blas['name']} {blas['version']}"
