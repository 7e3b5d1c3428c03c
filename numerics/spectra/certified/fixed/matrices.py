"""Fixed-point matrices beyond their products: passage from balls and floats, sums, cuts, inverses near I.

All scales here are multiples of one digit, so that sums need no shifts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from flint import arb_mat
from numpy.typing import NDArray

from jacspec.numerics.products.residues import DIGIT, FixedPoint, carried, digits_of, product

Floats = NDArray[np.float64]

_SPARE = 8
"""Bits by which what is left out of a product is below the precision asked for."""

_SMALL, _TERMS = -16, 64
"""log2 of turns for which the series of the inverse is worth it, and terms that it then has at most."""


def of_balls(matrix: arb_mat, bits: int) -> FixedPoint:
    """The enclosure, midpoints cut at ``2^-bits`` or below."""
    places = -(-bits // DIGIT)
    numbers, spread = [], 0.0
    for entry in matrix.entries():
        if entry.is_zero():
            numbers.append(0)
            continue
        spread = max(spread, float(entry.rad()))
        mantissa, exponent = entry.mid().man_exp()
        shift = int(exponent) + DIGIT * places
        numbers.append(int(mantissa) << shift if shift >= 0 else int(mantissa) >> -shift)
    if not spread < math.inf:
        message = "an entry is not known at all"
        raise ArithmeticError(message)
    radius = 2 + (1 << max(math.frexp(spread)[1] + DIGIT * places, 0) if spread else 0)
    digits = digits_of(numbers)
    return FixedPoint(digits.reshape(len(digits), matrix.nrows(), -1), -DIGIT * places, radius)


def of_floats(matrix: Floats, bits: int, *, exact: bool = False) -> FixedPoint:
    """The matrix cut at ``2^-bits`` or below; ``exact`` where nothing is cut."""
    places = -(-bits // DIGIT)
    rest = np.trunc(np.ldexp(matrix, DIGIT * places))
    if not np.isfinite(rest).all():
        message = "an entry is not finite, or too large"
        raise ArithmeticError(message)
    _, binary = np.frexp(np.abs(rest).max(initial=0.0))
    digits = np.empty((max(-(-int(binary) // DIGIT), 1), *matrix.shape))
    for j in reversed(range(len(digits))):
        unit = 2.0 ** (DIGIT * j)
        digits[j] = np.trunc(rest / unit)
        rest -= digits[j] * unit  # exact: the leading bits go
    return FixedPoint(digits, -DIGIT * places, 0 if exact else 2)


Placed = tuple[int, int, FixedPoint]
"""A part of a matrix, after the row and column of its first entry."""


def assembled(shape: tuple[int, int], parts: Sequence[Placed]) -> FixedPoint:
    """The matrix of these parts, zero where there is none."""
    scale = min(part.scale for _, _, part in parts)
    low = [(part.scale - scale) // DIGIT for _, _, part in parts]
    lengths = [start + len(part.digits) for start, (_, _, part) in zip(low, parts, strict=True)]
    digits = np.zeros((max(lengths), *shape))
    for start, stop, (i, j, part) in zip(low, lengths, parts, strict=True):
        rows, columns = part.shape
        digits[start:stop, i : i + rows, j : j + columns] = part.digits
    radius = max(part.radius << (DIGIT * start) for start, (_, _, part) in zip(low, parts, strict=True))
    return FixedPoint(digits, scale, radius)


def aligned(X: FixedPoint) -> FixedPoint:
    """The same at a scale that is a multiple of a digit."""
    shift = X.scale % DIGIT
    if not shift:
        return X
    raw = np.concatenate([X.digits * 2.0**shift, np.zeros((2, *X.shape))])
    return FixedPoint(carried(raw), X.scale - shift, X.radius << shift)


def identity(size: int) -> FixedPoint:
    """The identity matrix."""
    return FixedPoint(np.eye(size)[None], 0, 0)


def transposed(X: FixedPoint) -> FixedPoint:
    """``Xᵀ``."""
    return FixedPoint(X.digits.transpose(0, 2, 1), X.scale, X.radius)


def cut(X: FixedPoint, bits: int) -> FixedPoint:
    """The same enclosure without the digits below ``2^-bits``."""
    dropped = min(max((-bits - X.scale) // DIGIT, 0), len(X.digits))
    if not dropped:
        return X
    scale = X.scale + DIGIT * dropped
    kept = X.digits[dropped:] if dropped < len(X.digits) else np.zeros((1, *X.shape))
    return FixedPoint(kept, scale, (X.radius >> (DIGIT * dropped)) + 2)


def total(X: FixedPoint, Y: FixedPoint, sign: int = 1) -> FixedPoint:
    """``X + Y``, or ``X - Y``."""
    scale = min(X.scale, Y.scale)
    low_x, low_y = (X.scale - scale) // DIGIT, (Y.scale - scale) // DIGIT
    length = max(low_x + len(X.digits), low_y + len(Y.digits)) + 1
    raw = np.zeros((length, *X.shape))
    raw[low_x : low_x + len(X.digits)] = X.digits
    raw[low_y : low_y + len(Y.digits)] += sign * Y.digits
    radius = (X.radius << (DIGIT * low_x)) + (Y.radius << (DIGIT * low_y))
    return FixedPoint(carried(raw), scale, radius)


def wider(X: FixedPoint, log2_radius: float) -> FixedPoint:
    """X with every radius larger by this, or up to twice that."""
    return FixedPoint(X.digits, X.scale, X.radius + (1 << max(math.ceil(log2_radius) - X.scale, 0)))


def log2_norms(X: FixedPoint) -> tuple[float, float]:
    """Upper bounds of log2 of the largest row sum and column sum of magnitudes of every X."""
    _, row, column = X.bounds
    rows, columns = X.shape
    sums = (row + columns * X.radius, column + rows * X.radius)
    row_sum, column_sum = (_log2(x) + X.scale for x in sums)
    return row_sum, column_sum


def times(X: FixedPoint, Y: FixedPoint, bits: int) -> FixedPoint:
    """XY to about ``2^-bits``: each is cut to what the other lets through."""
    row, column = log2_norms(X)[0], log2_norms(Y)[1]
    left = cut(X, bits + _SPARE + math.ceil(column))
    right = cut(Y, bits + _SPARE + math.ceil(row))
    largest = min(row + _largest(Y), _largest(X) + column)
    return cut(product(left, right, max(bits + _SPARE + math.ceil(largest), 1)), bits + _SPARE)


def times_inverse(A: FixedPoint, Z: FixedPoint, bits: int) -> FixedPoint:
    """``A(I+Z)⁻¹ = A - AZ + AZ² - …``, the remainder as a radius; needs a small Z."""
    size, found, term, sign = log2_norms(Z)[0], A, A, -1
    for _ in range(_TERMS if size < _SMALL else 0):
        # What follows is AZᵏ·Z(I+Z)⁻¹: entries are at most row sums, and these multiply.
        rest = log2_norms(term)[0] + size + 1
        if rest < -bits - 4:
            return wider(found, rest)
        term = times(term, Z, bits)
        found, sign = total(found, term, sign), -sign
    message = "the turn is too large for the series of its inverse"
    raise ArithmeticError(message)


def floats(X: FixedPoint) -> Floats:
    """The midpoints, rounded to float64: an estimate."""
    weights = 2.0 ** (DIGIT * np.arange(len(X.digits)) + float(X.scale))
    return np.asarray(np.tensordot(weights, X.digits, 1))


def _largest(X: FixedPoint) -> float:
    return _log2(X.bounds[0] + X.radius) + X.scale


def _log2(x: int) -> float:
    """An upper bound of log2 of a positive integer."""
    return math.log2(x) + 2.0**-20
