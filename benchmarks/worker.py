"""The child process of one measurement: ``python -m benchmarks.worker TASK``, TASK and answer in JSON."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np
import scipy.linalg  # noqa: F401 -- jacspec loads it when it is first needed: not what is timed
from numpy.typing import NDArray

from benchmarks.peers import CHAINS, PEERS, Peer, needed_bits
from jacspec.numerics.chains.ensembles import gaussian

__all__ = ["SEED", "main", "measure"]

SEED = 0

_RUNS = 30
_ENOUGH = 1.0
"""Seconds: what is quicker runs again, up to thirty times, and the best counts; the same for every method."""


def measure(method: str, width: int, depth: int, digits: int, range_bits: float) -> dict[str, Any]:
    """Run one method on one Gaussian chain; the seconds begin with the float64 factors in memory."""
    peer = PEERS[method]
    factors = None if peer.lazy else gaussian(depth=depth, width=width, seed=SEED)
    if factors is not None and peer.batched:
        factors = _batch(factors)
    bits = needed_bits(range_bits, digits, scale=peer.scale, guard=peer.guard)
    idle = peak_kib()
    for attempt in range(peer.attempts):
        try:
            more = 1.1**attempt
            found, seconds, cpu, first = _best(peer, factors, width, depth, digits, int(bits * more))
            break
        except Exception as error:  # a peer may fail in any way: the table says how
            failure = type(error).__name__
    else:
        return {"failed": failure}
    answer = peer.read(found, digits)
    return {
        "seconds": seconds,
        "first_seconds": first,
        "cpu_seconds": cpu,
        "peak_kib": peak_kib(),
        "idle_kib": idle,
        "logs": answer.logs,
        "certified_digits": answer.certified_digits,
        "note": f"{more:.2g}× bits" if attempt else "",
    }


def _best(
    peer: Peer, factors: list[NDArray[np.float64]] | None, width: int, depth: int, digits: int, bits: int
) -> tuple[Any, float, float, float]:
    """The quickest result, its seconds and its seconds of CPU, and the seconds of the first call."""
    best, total, first = (None, float("inf"), 0.0), 0.0, 0.0
    for _ in range(_RUNS):
        given = _stream(depth, width) if factors is None else factors
        start, cpu_start = perf_counter(), process_time()
        found = peer.run(given, digits, bits)
        seconds, cpu = perf_counter() - start, process_time() - cpu_start
        if seconds < best[1]:
            best = (found, seconds, cpu)
        first = first or seconds
        total += seconds
        if total > _ENOUGH:
            break
    return (*best, first)


def _batch(factors: list[NDArray[np.float64]]) -> list[NDArray[np.float64]]:
    """The factors of many chains, of which the first is this one."""
    draw = np.random.default_rng(SEED + 1).standard_normal
    rest = (draw((CHAINS - 1, *factor.shape)) / np.sqrt(len(factor)) for factor in factors)
    return [np.concatenate([factor[None], others]) for factor, others in zip(factors, rest, strict=True)]


def _stream(depth: int, width: int) -> Iterator[NDArray[np.float64]]:
    """The factors of the same chain, one after another; drawing them is part of what is timed."""
    generator = np.random.default_rng(SEED)
    return (generator.standard_normal((width, width)) / np.sqrt(width) for _ in range(depth))


def peak_kib() -> int:
    """The peak resident memory of this process, in KiB.

    Linux lets ``ru_maxrss`` inherit the peak of the process that started this one; ``VmHWM`` does not.
    """
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak // 1024 if sys.platform == "darwin" else peak
    return int(status.split("VmHWM:")[1].split()[0])


def main() -> None:
    """Read the task from the command line, print the answer."""
    print(json.dumps(measure(**json.loads(sys.argv[1]))))


if __name__ == "__main__":
    main()
