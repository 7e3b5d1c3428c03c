"""``K = A·2^e·Rᵀ`` by elimination without pivoting, in blocks: A, R lower trapezoidal, R unit; fixed-point.

A block's pivots are found in balls (``ldr.py``), ``K_11 = L D Rᵀ``; the rest is products by residues,

    L_21 = K_21 R⁻ᵀ D⁻¹,   R_21 = K_12ᵀ L⁻ᵀ D⁻¹,   K_22 ← K_22 - L_21 (L⁻¹ K_12).

All of K has one radius u. That of L_21 is ``u/d``, d the least pivot of the block, and meets ``L⁻¹ K_12``,
which is as small next to the largest pivot as the start was good: K_22 keeps a radius of about u if the
pivots of a block span no more than that.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from operator import mul
from typing import NamedTuple

from flint import arb_mat

from jacspec.numerics.products.residues import DIGIT, FixedPoint
from jacspec.numerics.spectra.certified.fixed.matrices import (
    Placed,
    aligned,
    assembled,
    cut,
    log2_norms,
    of_balls,
    times,
    total,
    transposed,
)
from jacspec.numerics.spectra.certified.ldr import ldr
from jacspec.numerics.spectra.certified.refine import unit_scales
from jacspec.numerics.support.enclosures import columns_scaled
from jacspec.numerics.support.parallel import side_by_side
from jacspec.numerics.support.precision import balls

_BLOCK, _LEAST = 32, 4
"""Columns of a block at most; with fewer than the latter on average there is one block, in balls."""

_WIDE = 40
"""Ranks from which blocks are worth it."""

_SPAN = 28
"""Bits that the pivots of a block may span: what the start is good for, less a few."""


class Eliminated(NamedTuple):
    """``K = A·diag(2^e)·Rᵀ``."""

    A: FixedPoint
    exponents: tuple[int, ...]
    R: FixedPoint


def eliminated(K: FixedPoint, logs: Sequence[float], *, wide: int, bits: int) -> Eliminated:
    """Factor every K whose rank is the number of logs, A and R to about ``2^-bits``; raises ZeroPivotError.

    The logs, base 2, are those of its singular values, descending, a guess; ``wide`` is the precision of K
    next to its largest entry.
    """
    K, (m, n), rank = aligned(K), K.shape, len(logs)
    shift = DIGIT * round(max(log2_norms(K)) / DIGIT)
    K = cut(FixedPoint(K.digits, K.scale - shift, K.radius), wide + DIGIT)
    lower: list[Placed] = []
    right: list[Placed] = []
    exponents: list[int] = []
    for start, stop in pairwise(_bounds(logs)):
        size = stop - start
        head, tail = slice(size), slice(size, None)
        with balls(wide + 2 * DIGIT):
            block = ldr(_part(K, head, head).balls(), size)
            powers, scales = unit_scales(block.pivots)
            corner = columns_scaled(block.L, scales)
        exponents += [power + shift for power in powers]
        lower.append((start, start, of_balls(corner, bits)))
        right.append((start, start, of_balls(block.R, bits)))
        below, beside = _part(K, tail, head), transposed(_part(K, head, tail))
        with balls(wide + 2 * DIGIT):
            over = [1 / pivot for pivot in block.pivots]
            tasks = []
            if below.shape[0]:
                factor = columns_scaled(block.R.inv().transpose(), list(map(mul, over, scales)))
                meets = math.ceil(max(log2_norms(beside))) if stop < rank else -wide
                tasks.append(_task(below, factor, max(bits, wide + DIGIT + meets)))
            if beside.shape[0]:
                inverse = block.L.inv().transpose()
                tasks.append(_task(beside, columns_scaled(inverse, over), bits))
                tasks.append(_task(beside, columns_scaled(inverse, [1 / scale for scale in scales]), wide))
        found = list(side_by_side(_times, tasks))
        if below.shape[0]:
            lower.append((stop, start, found[0]))
        if beside.shape[0]:
            right.append((stop, start, found[-2]))
        if stop < rank:
            K = total(_part(K, tail, tail), times(found[0], transposed(found[-1]), wide), -1)
    return Eliminated(assembled((m, rank), lower), tuple(exponents), assembled((n, rank), right))


def _bounds(logs: Sequence[float]) -> list[int]:
    """Where blocks begin and end: pivots, about 2 to the logs, may not span much within one."""
    bounds = [0]
    for k, log in enumerate(logs):
        if k - bounds[-1] == _BLOCK or logs[bounds[-1]] - log > _SPAN:
            bounds.append(k)
    worth_it = len(logs) >= max(_WIDE, len(bounds) * _LEAST)
    return [*(bounds if worth_it else [0]), len(logs)]


def _part(X: FixedPoint, rows: slice, columns: slice) -> FixedPoint:
    return FixedPoint(X.digits[:, rows, columns], X.scale, X.radius)


def _task(left: FixedPoint, right: arb_mat, bits: int) -> tuple[FixedPoint, FixedPoint, int]:
    """A product to ``2^-bits``, the right factor as precise as that needs it."""
    return left, of_balls(right, bits + DIGIT + math.ceil(log2_norms(left)[0])), bits


def _times(task: tuple[FixedPoint, FixedPoint, int]) -> FixedPoint:
    return times(*task)
