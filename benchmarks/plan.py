"""What a run measures, in which order, and what it need not try."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType

from benchmarks.eigen import algorithms
from benchmarks.measure import Key, Measurement
from benchmarks.peers import JACSPEC, JACSPEC_VECTORS

__all__ = ["BATCHES", "FLOAT64", "GROUPS", "Plan", "beyond_reach"]

GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "float64": ("float64",),
        "numpy": ("numpy",),
        "flint": ("flint values", "flint vectors"),
        "mpmath": ("mpmath values", "mpmath vectors"),
        "eigen": (),
    }
)
"""The peers by the names of ``--peers``; the methods of Eigen depend on the width."""


FLOAT64 = ("bare sweep", "graded", "float64")
BATCHES = ("bare sweep, batch", "graded, batch")
"""The yardstick first."""

_WIDEST = 128
"""Widths up to which the digits of float64 are looked at."""


@dataclass(frozen=True)
class Plan:
    """The chains of the three parts; a part that is left out is empty."""

    widths: Sequence[int] = ()
    depths: Sequence[int] = ()
    peers: Sequence[str] = ()
    slope_width: int = 16
    slope_depths: Sequence[int] = ()
    float64_cells: Sequence[tuple[int, int]] = ()
    batch_cell: tuple[int, int] | None = None
    stream_width: int = 64
    stream_depths: Sequence[int] = ()

    @property
    def cells(self) -> list[tuple[int, int]]:
        """Width and depth of every chain of the main table."""
        return list(product(self.widths, self.depths))

    def tasks(self) -> list[Key]:
        """Every measurement, once; the certified engine comes first on each chain."""
        keys = [key for cell in self.cells for key in self._of_cell(cell)]
        keys += [(JACSPEC, self.slope_width, depth) for depth in self.slope_depths]
        for cell in self.float64_cells:
            reference = (JACSPEC,) if cell[0] <= _WIDEST else ()
            keys += [(method, *cell) for method in (*reference, *FLOAT64)]
        if self.batch_cell:
            keys += [(method, *self.batch_cell) for method in BATCHES]
        for depth in self.stream_depths:
            keys += [(method, self.stream_width, depth) for method in ("graded stream", "exponents stream")]
        return list(dict.fromkeys(keys))

    def _of_cell(self, cell: tuple[int, int]) -> list[Key]:
        methods = [JACSPEC, JACSPEC_VECTORS]
        for peer in self.peers:
            methods += GROUPS[peer]
        if "eigen" in self.peers:
            wanted = product(("values", "vectors"), algorithms(cell[0]))
            methods += [f"eigen-{algorithm} {what}" for what, algorithm in wanted]
        return [(method, *cell) for method in methods]


def beyond_reach(key: Key, made: Iterable[Measurement]) -> str:
    """The smaller chain on which the method, or its values alone, were over the limit; empty if none."""
    method, width, depth = key
    at_most = {method, method.replace("vectors", "values")}
    for one in made:
        if one.status == "over limit" and one.method in at_most and one.width <= width and one.depth <= depth:
            return f"over the limit at n={one.width}, N={one.depth}"
    return ""
