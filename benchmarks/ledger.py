"""What `jacspec verify` takes for the whole ledger: on one process, on two, and once more (Linux).

python -m benchmarks.ledger
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from time import perf_counter

__all__ = ["Run", "main"]

_PR_SET_CHILD_SUBREAPER = 36
_COMMAND = (sys.executable, "-m", "jacspec", "verify")


@dataclass(frozen=True)
class Run:
    """Seconds that one command took, and those of all its processes together."""

    wall: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.wall:6.1f} s, {self.cpu:6.1f} s of CPU"


def _run(folder: str, *options: str) -> Run:
    """Run ``verify`` in a folder; raises CalledProcessError unless every verdict is as expected."""
    before, start = _cpu_of_children(), perf_counter()
    subprocess.run([*_COMMAND, *options], cwd=folder, check=True, capture_output=True)
    wall = perf_counter() - start
    while _waited():  # the server of the workers, and they, are handed over to us when their parent ends
        pass
    return Run(wall, _cpu_of_children() - before)


def _waited() -> bool:
    try:
        os.wait()
    except ChildProcessError:
        return False
    return True


def _cpu_of_children() -> float:
    times = os.times()
    return times.children_user + times.children_system


def main() -> None:
    """Print the seconds of each run, and what two processes cost beyond one."""
    if ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        message = "the processor time of workers cannot be seen here; expected Linux"
        raise OSError(message)
    with TemporaryDirectory() as folder:
        one = _run(folder, "--fresh", "--jobs", "1")
        print(f"one process    {one}", flush=True)
        two = _run(folder, "--fresh", "--jobs", "2")
        print(f"two processes  {two}: {two.cpu / one.cpu:.2f} times the CPU of one", flush=True)
        print(f"again          {_run(folder)}")


if __name__ == "__main__":
    main()
