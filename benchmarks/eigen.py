"""The peer Eigen + MPFR: ``eigen_peer.cpp``, built on the spot where a compiler and the headers are there.

BDCSVD and JacobiSVD both give every singular value to the digits asked for, once the bits cover the range.
Which is quicker depends on the width: measured, Jacobi wins a little at 16, and takes two to three times as
long at 64 and three to five times at 128. Both are measured up to width 32, BDCSVD alone beyond; the table
shows the quicker.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.peers import needed_bits
from benchmarks.worker import SEED
from jacspec.numerics.chains.ensembles import gaussian

__all__ = ["HOW_TO_INSTALL", "Eigen", "algorithms", "parse_answer"]

HOW_TO_INSTALL = "on Debian: apt-get install g++ libeigen3-dev libmpfrc++-dev libmpfr-dev"

_SOURCE = Path(__file__).with_name("eigen_peer.cpp")
_FLAGS = ("-O3", "-march=native", "-DNDEBUG", "-std=c++17", "-w")
_GUARD_BITS = 40
_BOTH_UP_TO = 32


def algorithms(width: int) -> tuple[str, ...]:
    """The algorithms worth measuring at a width."""
    return ("bdc", "jacobi") if width <= _BOTH_UP_TO else ("bdc",)


@dataclass(frozen=True)
class Eigen:
    """The built program, or why there is none."""

    program: Path | None
    version: str
    absent: str

    @classmethod
    def build(cls, folder: Path) -> Eigen:
        """Compile the program into ``folder``; takes about twenty seconds."""
        compiler = os.environ.get("CXX") or next(
            filter(None, map(shutil.which, ("c++", "g++", "clang++"))), None
        )
        if compiler is None:
            return cls(None, "", "no C++ compiler found")
        program = folder / "eigen_peer"
        command = [compiler, *_FLAGS, *_includes(), str(_SOURCE), "-o", str(program), "-lmpfr", "-lgmp"]
        try:
            made = subprocess.run(command, capture_output=True, text=True, check=False)
        except OSError as error:
            return cls(None, "", f"the C++ compiler does not start ({error.strerror})")
        if made.returncode:
            return cls(None, "", _reason(made.stderr))
        try:
            version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            return cls(None, "", "the program that was built does not start")
        return cls(program, version.stdout.strip(), "")

    @contextmanager
    def command(
        self, method: str, width: int, depth: int, digits: int, range_bits: float
    ) -> Iterator[list[str]]:
        """The command line of one measurement, its factors in a temporary file."""
        algorithm, wanted = method.removeprefix("eigen-").split()
        bits = needed_bits(range_bits, digits, scale=1, guard=_GUARD_BITS)
        with tempfile.NamedTemporaryFile(suffix=".factors") as file:
            for factor in gaussian(depth=depth, width=width, seed=SEED):
                file.write(np.ascontiguousarray(factor).tobytes())
            file.flush()
            numbers = [str(number) for number in (width, depth, bits, digits)]
            yield [str(self.program), file.name, *numbers, algorithm, wanted]


def parse_answer(text: str) -> dict[str, Any]:
    """What the program printed, as :func:`benchmarks.worker.measure` returns it."""
    pairs = [line.split(maxsplit=1) for line in text.splitlines()]
    numbers = {key: float(value) for key, value in pairs if key != "log"}
    return {
        "seconds": numbers["seconds"],
        "cpu_seconds": numbers["cpu_seconds"],
        "peak_kib": int(numbers["peak_kib"]),
        "idle_kib": 0,
        "logs": [value for key, value in pairs if key == "log"],
        "certified_digits": None,
        "note": f"product {numbers['product_seconds']:.3g} s",
    }


def _includes() -> list[str]:
    """Where Eigen keeps its headers: pkg-config knows; Debian's place if there is none."""
    if shutil.which("pkg-config"):
        found = subprocess.run(
            ["pkg-config", "--cflags", "eigen3"],  # noqa: S607 -- found on the path, as the compiler is
            capture_output=True,
            text=True,
            check=False,
        )
        if found.returncode == 0:
            return found.stdout.split()
    return ["-I/usr/include/eigen3"]


def _reason(errors: str) -> str:
    missing = next(
        (line for line in errors.splitlines() if "No such file" in line or "not found" in line), ""
    )
    if missing:
        header = missing.split("error: ")[-1].split(":")[0].strip("' ")
        return f"{header} is missing"
    return f"it does not compile: {(errors.splitlines() or [''])[0]}"
