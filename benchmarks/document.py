"""The document of a run: what was measured, when, on what, by which command, and how to read it."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.store import Store
from benchmarks.tables import Grid

__all__ = ["document"]

_HEAD = """\
# Benchmarks

Products of N Gaussian n×n factors with variance 1/n, seed 0; every singular value of J = M_N ⋯ M_1
to {digits} digits, from factors in float64.

* Measured {days}, with {threads} in the BLAS of everyone. jacspec multiplies the factors of wide chains side
  by side, and FLINT large ball matrices, on every core; mpmath and Eigen know one.
* Machine: {machine}.
* Libraries: {libraries}.
* Command: `{command}`

Use the ratios rather than the seconds: they come from the same run on the same machine.
"""

_READING = """\
## How to read the tables

* Every measurement has a process of its own, and they run one after another. *s* is wall time from
  the factors in memory to singular values in memory: starting Python, importing libraries and
  drawing the chain are left out. What takes less than a second runs up to thirty times, and the best
  counts; *first* is the first call of the process. *CPU s* far below *s* means that the machine was
  busy with something else.
* *MiB* is the peak resident memory of the process, interpreter and libraries included (about {idle}
  MiB of it for everything in Python; nothing for Eigen's program). *MiB used* is how far that peak
  rises above where it was when the work began.
* *digits* are those of the worst singular value. *cert.*: certified by the method itself, from its
  radii. *meas.*: not certified, but measured, as agreement with the certified engine, and so never
  more than that certifies. *right* counts the values whose logarithm is right to 6 decimals.
* *ratio* is the time of a method over that of jacspec for the same task, values or vectors: above
  1, jacspec is quicker. `> {limit:g}` means that the method was stopped at the limit of so many
  seconds; its ratio is then a lower bound. A method that exceeded the limit is not tried on larger
  chains.
* Vectors are timed, not compared. jacspec's are certified; FLINT gives the right ones only.
* Peers of arbitrary precision are told for free how many bits they need: the dynamic range
  log2(s_1/s_n), from jacspec's result, and {digits} digits, and a guard of 40 bits. FLINT works on
  JᵀJ, where the range counts twice, with 64 bits of guard; its product is made in balls in a
  balanced tree, and counted. Where it cannot isolate the eigenvalues it may try again with a tenth
  more bits, up to 8 times as many (`1.1× bits`); only the attempt that succeeds is counted. The
  products of mpmath and of Eigen are plain loops, counted.
* Eigen is the quicker of BDCSVD and JacobiSVD (only BDCSVD for n > 32, where it is much the
  quicker), thin, compiled with -O3 and all instructions of the processor.
* NumPy's product and jacspec's float64 engine make no attempt at {digits} digits: their rows show
  what one gets for so little time. The bare QR sweep gives no singular values, only Σ ln|R_ii|; it
  is the yardstick for a pass over the chain in float64. Drawing the factors is part of what a
  stream takes.
"""


def document(grids: Sequence[Grid], store: Store, command: str) -> str:
    """The whole document, in Markdown."""
    settings = store.settings
    threads = settings["threads"]
    idle = [one.idle_mib for one in store.measurements.values() if one.idle_mib]
    head = _HEAD.format(
        digits=settings["digits"],
        days=" to ".join(dict.fromkeys((store.days[0], store.days[-1]))) if store.days else "on no day",
        threads="one thread" if threads == 1 else f"{threads} threads",
        machine=settings["machine"],
        libraries="; ".join([*settings["libraries"], settings["eigen"] or "no Eigen"]),
        command=command,
    )
    reading = _READING.format(
        digits=settings["digits"],
        limit=settings["limit"],
        idle=f"{min(idle):.0f}" if idle else "some",
    )
    return "\n".join([head, *(f"{grid.markdown()}\n" for grid in grids), reading])
