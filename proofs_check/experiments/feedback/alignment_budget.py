"""Separation and alignment of one chain, pair by pair: what the one gives and decoupling needs.

With A = A_l, s = s(A) and i < k, separation of A bounds |R_ik| by κ(B) s_k/s_i (claim `alignment`), and in
first order |R_ik| is of the size of s_k/s_i (`overlap-first-order`); that mode k decouples takes
o((s_k/s_i)²) (`alignment-budget`). The overlaps and spectra are certified, entry by entry.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from jacspec.numerics import Chain, left_overlap, spectrum
from jacspec.theory.results.alignment import bounds

Floats = NDArray[np.float64]

SEPARATED: Final = -1.0
"""Pairs with log(s_k/s_i) below this count as separated."""

_DIGITS: Final = 10


@dataclass(frozen=True)
class Budget:
    """What was measured of a chain at one layer; natural logarithms.

    `outer` and `whole` are log s_k of A_l and of J, `overlaps` is log|R_ik| (NaN where it is zero or not
    determined), `kappa` is log κ(B_l).
    """

    outer: Floats = field(repr=False)
    whole: Floats = field(repr=False)
    overlaps: Floats = field(repr=False)
    kappa: float

    @property
    def pairs(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Positions of i < k (from 0) whose overlap is known."""
        i, k = np.triu_indices(len(self.outer), 1)
        known = np.isfinite(self.overlaps[i, k])
        return i[known], k[known]

    @property
    def measured(self) -> Floats:
        """log|R_ik| of the `pairs`."""
        return np.asarray(self.overlaps[self.pairs])

    @property
    def ratios(self) -> Floats:
        """log(s_k/s_i) of the `pairs`: the order that separation gives; twice that is the order needed."""
        i, k = self.pairs
        return np.asarray(self.outer[k] - self.outer[i])

    @property
    def bounds(self) -> Floats:
        """Log of the bound of claim `alignment`, from theory's formula."""
        i, k = self.pairs
        return np.asarray(np.log(_bound()(np.exp(self.kappa), np.exp(self.outer[i]), np.exp(self.outer[k]))))

    @property
    def powers(self) -> Floats:
        """log|R_ik| / log(s_k/s_i) of the separated pairs: separation gives about 1, decoupling needs > 2."""
        separated = self.ratios < SEPARATED
        return np.asarray(self.measured[separated] / self.ratios[separated])

    def leakage(self, leading: int) -> float:
        """The largest |R_ik| with i ≤ leading < k: how far the leading modes leave their common span."""
        return float(np.exp(np.nanmax(self.overlaps[:leading, leading:])))

    def diagonal(self, first: int, last: int) -> float:
        """The mean of |R_kk| over modes first + 1 … last."""
        return float(np.exp(np.diag(self.overlaps)[first:last]).mean())


@cache
def _bound() -> Callable[..., Any]:
    return bounds.overlap_bound().compiled("numpy")


def budget(chain: Chain, layer: int) -> Budget:
    """Measure a square, nonsingular chain at an interior layer l."""
    overlap = left_overlap(chain, layer, digits=_DIGITS)
    outer, inner, whole = (
        spectrum(part, digits=_DIGITS).log_singular_values
        for part in (chain.left_partial(layer), chain.right_partial(layer), chain)
    )
    logs = overlap.log_magnitudes
    return Budget(
        outer=outer,
        whole=whole,
        overlaps=np.where(np.isfinite(logs), logs, np.nan),
        kappa=float(inner[0] - inner[-1]),
    )
