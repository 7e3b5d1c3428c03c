"""The first pass over a chain: columns near the right singular vectors of its product, to a few digits."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jacspec.numerics.products.frames import Frame, factorised, formed, moved
from jacspec.numerics.products.triangles import product

Floats = NDArray[np.float64]

_PAIRED = 4
"""Entries of a product of factors, in squares of the rank, up to which it costs less than it saves."""

_RANGE, _WORST, _MOST = 25.0, 45.0, 16
"""Bits of range, typical and largest, estimated from the factors before, and number of factors that are
multiplied before a QR."""

_FEW = 4
"""So many products come before the first such estimate."""

_MODERATE = 30
"""Bits by which norms of factors may differ from 1 where 16 are multiplied."""

AT_ONCE = 2**16
"""Entries that are handled together: what a cache holds."""

_SAFE = 1e-100
"""Where nothing over- or underflows that matters: up to its inverse."""

Scaled = tuple[Floats, Floats, Floats]
"""A factor M, the shift k, a number, of the ``2^k·M`` that is meant, and the longest row of M, squared."""


def row_space(steps: Sequence[Scaled], rank: int) -> Floats:
    """The first pass: orthonormal columns near the leading right singular vectors of the product.

    Several factors at a time where their product is small and of little range: fewer factorisations, and
    nothing that follows needs these columns to more than a few digits.
    """
    factors = _moderate(steps)
    shapes = {factor.shape[-2:] for factor in factors}
    alike = len(shapes) == 1 and math.prod(*shapes) <= _PAIRED * rank**2
    size, batch = factors[-1].shape[-2], factors[-1].shape[:-2]
    frame: Frame | None = None if size == rank else start_of(size, rank, batch)
    stop, wanted, most = len(factors), 2, _FEW
    while stop:
        groups = min(stop // wanted, most, AT_ONCE // (wanted * factors[0].size)) if alike else 0
        if groups > 1:
            start, count = stop - groups * wanted, wanted
            stack = np.array(factors[start:stop])
            stack = np.swapaxes(stack.reshape(groups, wanted, *stack.shape[1:]), 0, 1)
            products = product(stack)[::-1]
        else:
            start, held = stop - 1, factors[stop - 1]
            while start and stop - start < wanted:
                before = factors[start - 1]
                if held.shape[-2] * before.shape[-1] > _PAIRED * rank**2:
                    break
                held, start = held @ before, start - 1
            products, count = held[None], stop - start
        sizes = []
        for held in products:
            mirrored = np.swapaxes(held, -1, -2)
            frame, R = factorised(mirrored if frame is None else moved(mirrored, frame))
            sizes.append(np.abs(np.diagonal(R, axis1=-2, axis2=-1)))
        stop, wanted, most = start, _together(np.array(sizes), count), len(factors)
    assert frame is not None  # noqa: S101 -- narrows the type; a chain has a factor
    return formed(frame)


def _together(diagonals: Floats, count: int) -> int:
    """How many factors to multiply, from the diagonals of R of products of so many."""
    with np.errstate(divide="ignore", invalid="ignore"):
        lost = np.log2(diagonals.max(axis=-1) / diagonals.min(axis=-1))
    if not np.isfinite(lost).all():
        return 1
    most = min(_RANGE / max(float(np.median(lost)), 1.0), _WORST / max(float(lost.max()), 1.0)) * count
    return int(min(max(most, 1), _MOST))


def prepared(factors: Sequence[Floats]) -> list[Scaled]:
    """Each factor as :func:`scaled` has it; many small ones at once."""
    found: list[Scaled] = []
    while len(found) < len(factors):
        start, first = len(found), factors[len(found)]
        most = start + max(AT_ONCE // first.size, 1)
        stop = start + 1
        while stop < min(most, len(factors)) and factors[stop].shape == first.shape:
            stop += 1
        if stop == start + 1:
            found.append(scaled(first))
        else:
            stack, shifts, squared = scaled(np.array(factors[start:stop]))
            found += zip(stack if shifts.any() else factors[start:stop], shifts, squared, strict=True)
    return found


def scaled(factor: Floats) -> Scaled:
    """``2^k·M``: k = 0, or entries of M of at most 1, so that 1e300 does not overflow in the sweep."""
    with np.errstate(over="ignore"):
        squared = np.einsum("...ij,...ij->...i", factor, factor).max(axis=-1)
    if ((squared > _SAFE**2) & (squared < _SAFE**-2)).all():
        return factor, np.zeros(squared.shape), squared
    _, k = np.frexp(np.abs(factor).max(axis=(-2, -1)))
    M = np.ldexp(factor, -k[..., None, None])
    return M, k.astype(np.float64), np.einsum("...ij,...ij->...i", M, M).max(axis=-1)


def _moderate(steps: Sequence[Scaled]) -> list[Floats]:
    """The factors up to powers of two, of norms of which 16 may be multiplied."""
    squared = np.array([step[2] for step in steps])
    _, k = np.frexp(np.sqrt(squared))
    if np.abs(k).max() <= _MODERATE:
        return [factor for factor, _, _ in steps]
    return [np.ldexp(factor, -shift[..., None, None]) for (factor, _, _), shift in zip(steps, k, strict=True)]


def start_of(size: int, r: int, batch: tuple[int, ...]) -> Floats:
    """Columns from which a sweep begins."""
    if size == r:
        start = np.eye(size)
    else:  # generic: no row space is orthogonal to it
        start = np.linalg.qr(np.random.default_rng(20240607).normal(size=(size, r)))[0]
    return np.broadcast_to(start, (*batch, size, r)).copy()
