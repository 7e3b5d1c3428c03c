"""Defects ``G = Â ᵀÂ - I``, ``H = B̂ᵀB̂ - I``, gaps ``1 - r²``, and clusters of ``J = A·2^e·Bᵀ``: estimates.

Nothing here is certified: these numbers only decide which pairs of columns are turned towards
orthogonality by the first-order formula, and which are treated together as a cluster.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb, arb_mat
from numpy.typing import NDArray

from jacspec.numerics.support.enclosures import power_of_two
from jacspec.numerics.support.precision import balls

Floats = NDArray[np.float64]

_SHORT = 1e-100
"""Squared lengths of columns that should be near 1: beyond this float64 cannot measure them."""

_NEAR = 1e-4
"""Gaps below this are computed again in balls: float64 has cancelled there."""


def log2_magnitude(value: arb) -> float:
    """``log2 |x|`` of a ball's upper end, roughly; -inf for zero."""
    upper = value.abs_upper()
    if upper.is_zero():
        return -math.inf
    mantissa, exponent = upper.mid().man_exp()
    digits = int(mantissa).bit_length()
    return int(exponent) + math.log2(int(mantissa) >> max(digits - 60, 0)) + max(digits - 60, 0)


@dataclass(frozen=True)
class Pairs:
    """Normalised off-diagonal defects times ``2^shift``, gaps, ratios, and the cluster of each column."""

    G: Floats
    H: Floats
    shift: int
    numerator: Floats
    """``G + (s_j/s_i) H`` times ``2^shift`` for i < j, without cancellation for close values."""
    ratio: Floats
    """``s_j/s_i`` for i < j (upper triangle)."""
    gap: Floats
    """``1 - (s_j/s_i)²`` for i < j."""
    log2_defect: float
    """log2 of the largest entry of G and H."""
    log2_turn: float
    """log2 of the largest first-order turn among pairs that are turned."""
    log2_gap: float
    """log2 of the smallest gap between columns of different clusters."""
    cluster: NDArray[np.intp]
    """A label for each column, not decreasing."""

    @property
    def clustered(self) -> bool:
        """Whether some cluster has more than one column."""
        return bool((np.diff(self.cluster) == 0).any())

    def together(self) -> NDArray[np.bool_]:
        """Pairs of the same cluster."""
        return np.asarray(self.cluster[:, None] == self.cluster[None, :])


def pairs(gram_a: arb_mat, gram_b: arb_mat, exponents: Sequence[int], bits: int) -> Pairs:
    """Measure a state of the refinement, its Gram matrices known to ``bits``."""
    with balls(bits):
        r = gram_a.nrows()
        a_entries, b_entries = gram_a.entries(), gram_b.entries()
        raw_a, raw_b, shift = _scaled(a_entries, b_entries, r)
        alpha, beta = (np.array([float(x) for x in entries[:: r + 1]]) for entries in (a_entries, b_entries))
        each = a_entries.__getitem__, b_entries.__getitem__
        return measured((raw_a, raw_b), (alpha, beta), shift, each, exponents)


def measured(
    raw: tuple[Floats, Floats],
    diagonals: tuple[Floats, Floats],
    shift: int,
    entries: tuple[Callable[[int], arb], Callable[[int], arb]],
    exponents: Sequence[int],
) -> Pairs:
    """The same from entries times ``2^shift`` off the diagonal, those on it, and, where asked for, balls."""
    r, (raw_a, raw_b), (alpha, beta), (in_a, in_b) = len(exponents), raw, diagonals, entries
    lengths = np.concatenate([alpha, beta])
    if not ((lengths > _SHORT) & (lengths < 1 / _SHORT)).all():
        message = "a column is too long or too short: the factorisation is too far from the singular vectors"
        raise ArithmeticError(message)
    a, b = np.sqrt(alpha), np.sqrt(beta)
    G, H = raw_a / np.outer(a, a), raw_b / np.outer(b, b)
    np.fill_diagonal(G, 0)
    np.fill_diagonal(H, 0)
    e = np.array(exponents, dtype=np.float64)
    upper = np.triu(np.ones((r, r), dtype=bool), 1)
    binary = np.clip(e[None, :] - e[:, None], -500, 500)
    ratio = np.where(upper, np.exp2(binary) * ((a * b)[None, :] / (a * b)[:, None]), 0.0)
    gap = np.where(upper, 1 - ratio * ratio, 1.0)
    numerator = np.where(upper, G + ratio * H, 0.0)
    scale = power_of_two(shift)
    for i, j in np.argwhere(upper & (np.abs(gap) < _NEAR)).tolist():
        x, y = in_a(i * r + i) * in_b(i * r + i), in_a(j * r + j) * in_b(j * r + j)
        difference = 1 - y * power_of_two(2 * (exponents[j] - exponents[i])) / x
        gap[i, j] = 0.0 if difference.contains(0) else float(difference)
        at, q = i * r + j, power_of_two(exponents[j] - exponents[i])
        cross = (in_b(i * r + i) * in_a(at) + q * in_a(j * r + j) * in_b(at)) / x
        numerator[i, j] = float(cross.mid() * scale) * a[i] / a[j]
    largest = float(max(np.abs(G).max(initial=0), np.abs(H).max(initial=0)))
    log2_defect = math.log2(largest) - shift if largest else -math.inf
    turns = np.where(upper, np.abs(numerator) + np.abs(gap) * np.maximum(np.abs(G), np.abs(H)), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        log2_turns = np.where(turns > 0, np.log2(turns) - shift - np.log2(np.maximum(gap, 0)), -np.inf)
    # A turn z leaves z² in G and H, hence z⁴/gap for the next turn: it shrinks where z³ < gap.
    with np.errstate(divide="ignore", invalid="ignore"):
        admissible = np.minimum(-20.0, np.log2(np.maximum(gap, 0)) / 3 - 4)
    unresolved = upper & ((gap <= 0) | (log2_turns > np.maximum(0.75 * max(log2_defect, -1e6), admissible)))
    cluster = _components(unresolved)
    apart = upper & (cluster[:, None] != cluster[None, :])
    log2_turn = float(np.where(apart, log2_turns, -np.inf).max(initial=-np.inf))
    log2_gap = math.log2(float(gap[apart].min(initial=1.0)))
    return Pairs(G, H, shift, numerator, ratio, gap, log2_defect, log2_turn, log2_gap, cluster)


def _scaled(a_entries: list[Any], b_entries: list[Any], r: int) -> tuple[Floats, Floats, int]:
    """Both matrices as floats times a common power of two, so that tiny defects do not underflow."""

    def floats(entries: list[Any], factor: arb | None) -> Floats:
        zero = arb(0)
        scaled = (
            entries
            if factor is None
            else [x * factor if k % (r + 1) else zero for k, x in enumerate(entries)]
        )
        return np.array([float(x) for x in scaled]).reshape(r, r)

    raw_a, raw_b = floats(a_entries, None), floats(b_entries, None)
    off = ~np.eye(r, dtype=bool)
    if max(np.abs(raw_a[off]).max(initial=0), np.abs(raw_b[off]).max(initial=0)) > 1e-200:
        return raw_a, raw_b, 0
    off_diagonal = [x for entries in (a_entries, b_entries) for k, x in enumerate(entries) if k % (r + 1)]
    largest = max(map(log2_magnitude, off_diagonal), default=-math.inf)
    if largest == -math.inf:
        return raw_a, raw_b, 0
    shift = int(largest)
    factor = power_of_two(-shift)
    return floats(a_entries, factor), floats(b_entries, factor), -shift


def _components(unresolved: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Runs of columns joined by an unresolved pair: if (i, j) is one, i … j belong together."""
    r = len(unresolved)
    joined = np.zeros(max(r - 1, 0), dtype=bool)
    reach = -1
    for i in range(r - 1):
        partners = np.flatnonzero(unresolved[i])
        if len(partners):
            reach = max(reach, int(partners[-1]))
        joined[i] = reach > i
    return np.concatenate([[0], np.cumsum(~joined)]).astype(np.intp)
