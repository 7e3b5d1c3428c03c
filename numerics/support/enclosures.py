"""Ball matrices (``arb_mat``) for the certified engine: passage from float64, norms, scalings, radii.

Every passage keeps the enclosure: float64 entries are dyadic and enter exactly; a bound leaves as a ball
whose upper end is rigorous. All functions work at the precision in force.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import numpy as np
from flint import arb, arb_mat
from numpy.typing import NDArray

from jacspec.numerics.support.precision import balls

if TYPE_CHECKING:
    from mpmath.ctx_mp import MPContext

Floats = NDArray[np.float64]


@lru_cache(maxsize=4096)
def power_of_two(exponent: int) -> arb:
    """``2^exponent``, exactly."""
    return arb((1, int(exponent)))


def from_floats(array: Floats) -> arb_mat:
    """A float64 matrix, exactly."""
    rows, columns = array.shape
    return arb_mat(rows, columns, array.ravel().tolist())


def identity(size: int) -> arb_mat:
    """The identity matrix."""
    return from_floats(np.eye(size))


def to_floats(matrix: arb_mat) -> Floats:
    """The midpoints, rounded to float64: an estimate. Entries below 1e-308 become zero."""
    entries = [float(entry) for entry in matrix.entries()]
    return np.array(entries, dtype=np.float64).reshape(matrix.nrows(), matrix.ncols())


def rounded(matrix: arb_mat) -> arb_mat:
    """The same enclosure with midpoints cut to the precision in force: cheaper to multiply."""
    return matrix * arb(1)


def chopped(matrix: arb_mat, bits: int) -> arb_mat:
    """The same enclosure with midpoints cut to multiples of ``2^-bits``, the largest entry below 1/2.

    Entries of very different size slow FLINT's products down; so they become integers of one exponent.
    """
    rows, columns = matrix.nrows(), matrix.ncols()
    shift = _ones(rows, columns)
    with balls(max(bits, 2)):  # numbers from 1/2 to 3/2 end at 2^-bits, or one bit earlier
        lifted = matrix + shift
    with balls(2 * bits + 64):
        return lifted - shift


@lru_cache(maxsize=32)
def _ones(rows: int, columns: int) -> arb_mat:
    return arb_mat(rows, columns, [1] * (rows * columns))


def frobenius(matrix: arb_mat) -> arb:
    """A number of 64 bits, exact as such, ≥ ``‖X‖_F`` for every X in the enclosure."""
    entries = matrix.entries()
    with balls(64):
        row = arb_mat(1, len(entries), entries)
        return (row * row.transpose())[0, 0].abs_upper().sqrt().abs_upper()


def narrower_than(matrix: arb_mat, radius: arb) -> bool:
    """Whether the radius of every entry is certain to be at most ``radius``."""
    rows, columns = matrix.nrows(), matrix.ncols()
    spread = matrix - matrix.mid()  # 0 ± the radius, rounded up
    limit = arb(0, radius * (1 - power_of_two(-20)))  # FLINT rounds it up to 30 bits
    return bool(arb_mat(rows, columns, [limit] * (rows * columns)).contains(spread))


def widened(matrix: arb_mat, radius: arb) -> arb_mat:
    """``matrix`` with every radius larger by ``radius`` ≥ 0."""
    ball = arb(0, radius.abs_upper())
    rows, columns = matrix.nrows(), matrix.ncols()
    return matrix + arb_mat(rows, columns, [ball] * (rows * columns))


def order_statistics(values: Sequence[arb]) -> list[arb]:
    """Balls of ``x_(1) ≥ x_(2) ≥ …`` from balls of the x in any order.

    The k-th largest value lies between the k-th largest of the lower ends and the k-th largest of the upper
    ends. Where balls overlap, that is more than the k-th ball by midpoint, which may miss it; where none
    does, it is that ball.
    """
    ordered = sorted(values, key=lambda ball: ball.mid(), reverse=True)
    lowers, uppers = [ball.lower() for ball in ordered], [ball.upper() for ball in ordered]
    highest_from = list(accumulate(reversed(uppers), max))[::-1]
    found: list[arb] = []
    start, lowest = 0, None
    for stop, lower in enumerate(lowers, 1):
        lowest = lower if lowest is None else min(lowest, lower)
        if stop < len(ordered) and not lowest > highest_from[stop]:
            continue  # not all of these are above all that follow
        if stop == start + 1:
            found.append(ordered[start])
        else:
            ends = zip(*(sorted(part[start:stop], reverse=True) for part in (lowers, uppers)), strict=True)
            found += [lower.union(upper) for lower, upper in ends]
        start, lowest = stop, None
    return found


def columns_scaled(matrix: arb_mat, factors: Sequence[Any]) -> arb_mat:
    """``X·diag(factors)``, entry by entry."""
    columns = matrix.ncols()
    scaled = [entry * factors[k % columns] for k, entry in enumerate(matrix.entries())]
    return arb_mat(matrix.nrows(), columns, scaled)


def midpoint(ball: arb, context: MPContext) -> Any:
    """The midpoint as a number of an mpmath context, exactly if the context has the bits."""
    mantissa, exponent = ball.mid().man_exp()
    return context.ldexp(context.mpf(int(mantissa)), int(exponent))
