"""One measurement: a method on a chain, in a fresh child process, within a time limit."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.eigen import HOW_TO_INSTALL, Eigen, parse_answer
from benchmarks.peers import JACSPEC, JACSPEC_VECTORS
from jacspec.numerics.support.precision import mp_context

__all__ = ["Key", "Measurement", "Runner", "agreement"]

Key = tuple[str, int, int]
"""Method, width, depth."""

_ROOT = Path(__file__).parent.parent
_GRACE = 10.0
"""Seconds a child has, beyond the limit, to start and to draw its chain."""

RIGHT_DIGITS = 6
"""A value counts as right if its logarithm is, to this many decimals."""

_THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


@dataclass(frozen=True)
class Measurement:
    """What one method did on one chain.

    ``status``: done; over limit (killed); failed (raised); absent (no compiler, no headers); not tried.
    ``digits``: of the worst singular value; certified by the method itself, or its agreement with the
    certified engine, which can show no more digits than that engine certifies. ``right``: how many logs are
    right to 6 decimals. ``logs`` are kept of the reference only. ``first_seconds``: of the first call in its
    process, which ``seconds``, the best, may be far below.
    """

    method: str
    width: int
    depth: int
    status: str = "done"
    seconds: float | None = None
    cpu_seconds: float | None = None
    peak_mib: float | None = None
    idle_mib: float | None = None
    digits: float | None = None
    certified: bool = False
    right: int | None = None
    note: str = ""
    logs: tuple[str, ...] = ()
    first_seconds: float | None = None

    @property
    def key(self) -> Key:
        """What identifies it in a run."""
        return self.method, self.width, self.depth

    @property
    def range_bits(self) -> float:
        """log2(s_1/s_n), of the reference."""
        return (float(self.logs[0]) - float(self.logs[-1])) / math.log(2)


def agreement(logs: Sequence[str], reference: Sequence[str], most: float) -> list[float]:
    """``-log10(abs(log s_k - reference))`` for each k: digits of s_k, at most ``most``; 0 for a NaN."""
    context = mp_context(64 + 8 * max(map(len, reference)))
    digits = []
    for text, true in zip(logs, reference, strict=True):
        distance = abs(context.mpf(text) - context.mpf(true))
        if not context.isfinite(distance):
            digits.append(0.0)
        else:
            digits.append(most if distance == 0 else max(0.0, min(most, -float(context.log10(distance)))))
    return digits


@dataclass(frozen=True)
class Runner:
    """Runs measurements, one after another; ``limit`` in seconds, ``threads`` of the BLAS."""

    digits: int
    limit: float
    threads: int
    eigen: Eigen

    def run(self, key: Key, reference: Measurement | None) -> Measurement:
        """Measure; ``reference`` is the certified engine's result on the same chain, where there is one."""
        method, width, depth = key
        empty = Measurement(method, width, depth)
        if method.startswith("eigen-") and self.eigen.program is None:
            return replace(empty, status="absent", note=f"{self.eigen.absent}; {HOW_TO_INSTALL}")
        if reference is not None and not reference.logs:
            reference = None  # it was over the limit, or failed
        if reference is None and method.split()[0] in ("mpmath", "flint", "eigen-bdc", "eigen-jacobi"):
            return replace(empty, status="not tried", note="the range is not known: no certified result")
        range_bits = 0.0 if reference is None else reference.range_bits
        try:
            answer = self._answer(key, range_bits)
        except subprocess.TimeoutExpired:
            return replace(empty, status="over limit", note=f"killed after {self.limit:g} s")
        if "failed" in answer:
            return replace(empty, status="failed", note=answer["failed"])
        return _measurement(empty, answer, reference)

    def _answer(self, key: Key, range_bits: float) -> dict[str, Any]:
        method, width, depth = key
        if method.startswith("eigen-"):
            with self.eigen.command(method, width, depth, self.digits, range_bits) as command:
                made = self._child(command)
            return parse_answer(made.stdout) if made.returncode == 0 else _died(made)
        task = {
            "method": method,
            "width": width,
            "depth": depth,
            "digits": self.digits,
            "range_bits": range_bits,
        }
        made = self._child([sys.executable, "-m", "benchmarks.worker", json.dumps(task)])
        answer: dict[str, Any] = json.loads(made.stdout) if made.returncode == 0 else _died(made)
        return answer

    def _child(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, **dict.fromkeys(_THREAD_VARIABLES, str(self.threads))}
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd=_ROOT,
            env=environment,
            timeout=self.limit + _GRACE,
        )


def _died(made: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    if made.returncode < 0:
        return {"failed": f"killed by signal {-made.returncode}"}
    lines = made.stderr.strip().splitlines()
    return {"failed": lines[-1][:80] if lines else f"exit status {made.returncode}"}


def _measurement(empty: Measurement, answer: dict[str, Any], reference: Measurement | None) -> Measurement:
    logs, own = answer["logs"], answer["certified_digits"]
    is_reference = empty.method in (JACSPEC, JACSPEC_VECTORS)
    digits: list[float] | None = own
    note = answer["note"]
    if reference is not None and not is_reference:
        most = reference.digits or 0.0
        shared = agreement(logs, reference.logs, most)
        digits = shared if own is None else own
        if own is not None and min(shared) < min(most, *own) - 1:
            note = "disagrees with the certified engine"
    return replace(
        empty,
        seconds=answer["seconds"],
        first_seconds=answer.get("first_seconds"),
        cpu_seconds=answer["cpu_seconds"],
        peak_mib=answer["peak_kib"] / 1024,
        idle_mib=answer["idle_kib"] / 1024,
        digits=None if digits is None else min(digits),
        certified=own is not None,
        right=None if digits is None else sum(value >= RIGHT_DIGITS for value in digits),
        note=note,
        logs=tuple(logs) if empty.method == JACSPEC else (),
    )
