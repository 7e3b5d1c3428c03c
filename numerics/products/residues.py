r"""Products of fixed-point matrices: exact integers, multiplied modulo many small primes by the BLAS.

A fixed-point matrix is ``2^scale · Σ_j 2^{22 j} D_j`` with integer digits ``|D_j| < 2^22`` and one bound for
the error of all entries. Its product with another is the integer product, computed modulo primes ``p < 2^23``
(residues ``|x| ≤ p/2 + 4``, so that a sum of up to 256 products stays far below 2^53 and float64 matrix
products are *exact*), and put together by the Chinese remainder theorem, again by matrix products:

    X = Σ_i c_i P/p_i - q P,   c_i = X (P/p_i)⁻¹ mod p_i,   q = round(Σ_i c_i/p_i),   P = p_1 ⋯ p_k > 4|X|.

Digits below the precision asked for are dropped, and counted in the bound. From widths of about 96 this takes
a third to a quarter of the time of a product of ball matrices, at 48 to 64 half of it.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from itertools import pairwise

import numpy as np
from flint import arb_mat, fmpz, fmpz_mat
from numpy.typing import NDArray

from jacspec.numerics.support.enclosures import power_of_two, widened
from jacspec.numerics.support.parallel import shares, side_by_side

Floats = NDArray[np.float64]

DIGIT = 22
_BASE = float(2**DIGIT)
_WEIGHTS = _BASE ** np.arange(3)
_BELOW = 2**23
_INNER = 256
"""Products of two residues that are summed at a time: ``256 · (2^22 + 4)² < 2^53``."""

LONGEST = 5000
"""Bits of the longest entries that are worth it."""

_MOST = 500
"""Digits of a factor, or primes, that are summed over: ``501 · 2^22 · (2^22 + 4) < 2^53``."""

_AT_ONCE = 8192
"""Entries that are put together at a time, for the sake of memory."""

_TOGETHER = 2**15
"""Entries that are reduced at a time: more leave the cache, and with fewer threads wait for each other."""

_GUARD = 2
"""Digits that take up what the digits left out below them would have carried."""


@dataclass(frozen=True, eq=False)
class FixedPoint:
    """All X with ``|X - 2^scale · Σ_j 2^{22 j} digits[j]| ≤ 2^scale · radius``, entry by entry.

    ``digits`` has shape (L, m, n) and holds integers of magnitude below 2^22, the lowest first.
    """

    digits: Floats
    scale: int
    radius: int

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        _, rows, columns = self.digits.shape
        return rows, columns

    @cached_property
    def bounds(self) -> tuple[int, int, int]:
        """Upper bounds, in units of 2^scale, of the largest entry, row sum and column sum of magnitudes."""
        top = self.digits[-3:]
        # What lies below the three leading digits is less than two of their units; 2^-40 covers the rounding.
        sizes = np.abs(_WEIGHTS[: len(top)] @ top.reshape(len(top), -1)).reshape(self.shape) + 2
        shift = DIGIT * (len(self.digits) - len(top))
        largest, row, column = (
            (math.ceil(float(x) * (1 + 2.0**-40)) + 1) << shift
            for x in (sizes.max(), sizes.sum(axis=1).max(), sizes.sum(axis=0).max())
        )
        return largest, row, column

    def balls(self) -> arb_mat:
        """The enclosure as a ball matrix, at the precision in force."""
        rows, columns = self.shape
        numbers = _integers(self.digits.reshape(len(self.digits), -1).astype(np.int64))
        unit = power_of_two(self.scale)
        return widened(arb_mat(fmpz_mat(rows, columns, numbers)) * unit, unit * self.radius)


def fixed_point(matrix: Floats, longest: int) -> FixedPoint | None:
    """A float64 matrix, exactly; None if its entries span more than ``longest`` bits, or are not finite."""
    if not np.isfinite(matrix).all():
        return None
    mantissa, exponent = np.frexp(matrix)
    there = matrix != 0
    if not there.any():
        return FixedPoint(np.zeros((1, *matrix.shape)), 0, 0)
    whole = np.ldexp(mantissa, 53).astype(np.int64)
    _, trailing = np.frexp((whole & -whole).astype(np.float64))
    lowest = int((exponent - 53 + trailing - 1)[there].min())
    span = int(exponent[there].max()) - lowest
    if span > min(longest, 900):
        return None
    rest = np.ldexp(mantissa, exponent - lowest)
    digits = np.empty((-(-span // DIGIT), *matrix.shape))
    for j in reversed(range(len(digits))):
        unit = _BASE**j
        digits[j] = np.trunc(rest / unit)
        rest = rest - digits[j] * unit  # exact: the leading bits go
    return FixedPoint(digits, lowest, 0)


def product(A: FixedPoint, B: FixedPoint, bits: int) -> FixedPoint:
    """The product AB, exact where its entries have at most ``bits`` bits, else cut to about as many."""
    largest_a, row, _ = A.bounds
    largest_b, _, column = B.bounds
    largest = min(row * largest_b, largest_a * column)
    inner = A.shape[1]
    radius = row * B.radius + A.radius * column + inner * A.radius * B.radius
    count = _count(largest.bit_length() + 2)
    if max(count, len(A.digits), len(B.digits)) > _MOST:
        message = f"the entries are too long: {count} primes and {len(A.digits)} and {len(B.digits)} digits"
        raise ValueError(message)
    c = np.empty((count + 1, A.shape[0], B.shape[1]))
    deque(side_by_side(partial(_products_modulo, A.digits, B.digits, count, c), shares(count)), 0)
    share = (_primes(count)[1] @ c[:-1].reshape(count, -1)).reshape(c.shape[1:])
    np.negative(np.rint(share, out=share), out=c[-1])
    length = -(-(largest.bit_length() + 1) // DIGIT) + 1
    kept = -(-bits // DIGIT) + 1
    first = max(length - kept - _GUARD, 0)
    table = _reconstruction(count)[first:length]
    digits = np.empty((len(table), *share.shape))
    entries, found = c.reshape(len(c), -1), digits.reshape(len(table), -1)
    deque(side_by_side(partial(_put_together, table, entries, found), shares(share.size)), 0)
    if first:
        # Below: (k+1) 2^22 units of the first digit; with the guard digits, less than one unit of the third.
        digits, first = digits[_GUARD:], first + _GUARD
        radius = (radius >> (DIGIT * first)) + 2
    return FixedPoint(_trimmed(digits), A.scale + B.scale + DIGIT * first, radius)


def carried(raw: Floats) -> Floats:
    """Balanced digits of ``Σ_j 2^{22 j} raw[j]``, integers of magnitude below 2^50, the last with room."""
    digits = np.empty(raw.shape)
    _carry(raw.astype(np.int64).reshape(len(raw), -1), digits.reshape(len(raw), -1))
    return _trimmed(digits)


def _trimmed(digits: Floats) -> Floats:
    """Without leading digits that are zero in every entry."""
    used = len(digits)
    while used > 1 and not digits[used - 1].any():
        used -= 1
    return digits[:used]


def _products_modulo(A: Floats, B: Floats, count: int, c: Floats, chosen: slice) -> None:
    """The c_i of the product of two matrices of digits, for the primes that are chosen."""
    left, right = _residues(A, count, chosen, cofactors=True), _residues(B, count, chosen)
    inner, out = left.shape[2], c[chosen]
    for some, p, inverse, scratch in _groups(count, chosen, out.shape[1:]):
        np.matmul(left[some, :, :_INNER], right[some, :_INNER], out=out[some])
        _reduce(out[some], p, inverse, scratch)
        for start in range(_INNER, inner, _INNER):
            part = left[some, :, start : start + _INNER] @ right[some, start : start + _INNER]
            _reduce(part, p, inverse, scratch)
            out[some] += part
            _reduce(out[some], p, inverse, scratch)


def _groups(
    count: int, chosen: slice, shape: tuple[int, ...]
) -> Iterator[tuple[slice, Floats, Floats, Floats]]:
    """Some of the chosen primes at a time, with their inverses, and room for a matrix for each."""
    primes, inverses = (array[chosen][:, None, None] for array in _primes(count))
    step = max(_TOGETHER // math.prod(shape), 1)
    scratch = np.empty((step, *shape))
    for start in range(0, len(primes), step):
        some = slice(start, start + step)
        yield some, primes[some], inverses[some], scratch[: len(primes[some])]


def _put_together(table: Floats, entries: Floats, digits: Floats, chosen: slice) -> None:
    """The digits of X from the c_i and q, for the entries that are chosen, some at a time."""
    for start in range(chosen.start, chosen.stop, _AT_ONCE):
        part = slice(start, min(start + _AT_ONCE, chosen.stop))
        _carry((table @ entries[:, part]).astype(np.int64), digits[:, part])


def _reduce(X: Floats, p: Floats, inverse: Floats, scratch: Floats) -> None:
    """``X mod p`` in place, for integers ``|X| < 2^53``.

    The quotient is off by less than 2^-21, so that a remainder exceeds p/2 by 4 at most.
    """
    np.multiply(X, inverse, out=scratch)
    np.rint(scratch, out=scratch)
    scratch *= p
    X -= scratch


def _residues(digits: Floats, count: int, chosen: slice, *, cofactors: bool = False) -> Floats:
    """The residues modulo those chosen of ``count`` primes, or those times cofactors: a matrix for each."""
    length, rows, columns = digits.shape
    powers = _powers(count, length, cofactors)[chosen]
    X = (powers @ digits.reshape(length, -1)).reshape(-1, rows, columns)
    for some, p, inverse, scratch in _groups(count, chosen, (rows, columns)):
        _reduce(X[some], p, inverse, scratch)
    return np.asarray(X)


def _carry(raw: NDArray[np.int64], digits: Floats) -> None:
    """Balanced digits, ``-2^21 ≤ d < 2^21``, of the same numbers, modulo a power beyond their reach.

    What is carried beyond the last digit is met by the digits of P and P/p_i that were left out above it.
    """
    half = 1 << (DIGIT - 1)
    carry = np.zeros(raw.shape[1], dtype=np.int64)
    for row, out in zip(raw, digits, strict=True):
        row += carry
        np.add(row, half, out=carry)
        carry >>= DIGIT
        row -= carry << DIGIT
        out[:] = row


def _integers(digits: NDArray[np.int64]) -> list[int]:
    """``Σ_j 2^{22 j} digits[j]``: digits are laid into 32-bit words, which Python reads as long integers."""
    words = -(-(DIGIT * len(digits) + 2) // 32)
    laid = np.zeros((words + 1, digits.shape[1]), dtype=np.int64)
    carry = np.zeros(digits.shape[1], dtype=np.int64)
    for j in range(-(-32 * words // DIGIT)):  # beyond the last digit comes the sign
        total = digits[j] + carry if j < len(digits) else carry
        carry = total >> DIGIT
        word, offset = divmod(DIGIT * j, 32)
        bits = (total & (2**DIGIT - 1)) << offset
        laid[word] += bits & 0xFFFFFFFF
        laid[word + 1] += bits >> 32
    raw = laid[:words].T.astype("<u4").tobytes()
    size = 4 * words
    return [int.from_bytes(raw[at : at + size], "little", signed=True) for at in range(0, len(raw), size)]


def _count(bits: int) -> int:
    """How many primes have a product of more than ``bits`` bits: each has more than 22.99."""
    return math.ceil(bits / 22.99) + 1


@lru_cache(maxsize=512)
def _primes(count: int) -> tuple[Floats, Floats]:
    """The ``count`` largest primes below 2^23, and their reciprocals."""
    found = np.array(_prime_list(_rounded_up(count))[:count], dtype=np.float64)
    return found, 1 / found


def _rounded_up(count: int) -> int:
    return 1 << max(count - 1, 63).bit_length()


@lru_cache(maxsize=16)
def _prime_list(count: int) -> list[int]:
    found: list[int] = []
    candidate = _BELOW - 1
    while len(found) < count:
        if fmpz(candidate).is_prime():
            found.append(candidate)
        candidate -= 2
    return found


@lru_cache(maxsize=512)
def _cofactors(count: int) -> list[int]:
    """``(P/p_i)⁻¹ mod p_i`` for the product P of the first ``count`` primes."""
    primes = _prime_list(_rounded_up(count))[:count]
    P = math.prod(primes)
    return [pow(P // p, -1, p) for p in primes]


@lru_cache(maxsize=16)
def _power_table(count: int, length: int) -> Floats:
    """``2^{22 j} mod p_i``, shape (count, length), of magnitude at most p/2."""
    primes, inverses = _primes(count)
    table, scratch = np.ones((length, count)), np.empty(count)
    for before, row in pairwise(table):
        np.multiply(before, _BASE, out=row)
        _reduce(row, primes, inverses, scratch)
    return np.ascontiguousarray(table.T)


@lru_cache(maxsize=256)
def _powers(count: int, length: int, cofactors: bool) -> Floats:
    """``2^{22 j} mod p_i``, or that times the cofactor, shape (count, length), of magnitude about p/2."""
    table = _power_table(_rounded_up(count), _rounded_up(length))[:count, :length]
    if cofactors:
        primes, inverses = (array[:, None] for array in _primes(count))
        pairs = zip(_cofactors(count), primes[:, 0].tolist(), strict=True)
        table = table * np.array([_symmetric(power, int(p)) for power, p in pairs], dtype=np.float64)[:, None]
        _reduce(table, primes, inverses, np.empty(table.shape))
    return np.ascontiguousarray(table)


@lru_cache(maxsize=64)
def _reconstruction(count: int) -> Floats:
    """The digits of P/p_i, a column each, and in the last column those of P."""
    primes = _prime_list(_rounded_up(count))[:count]
    P = math.prod(primes)
    return digits_of([*(P // p for p in primes), P])


def digits_of(numbers: Sequence[int]) -> Floats:
    """Digits of integers, a column each: of magnitude below 2^22, each of the sign of its number."""
    length = max(-(-max(x.bit_length() for x in numbers) // DIGIT), 1)
    size = 4 * (DIGIT * length // 32 + 2)
    raw = b"".join([abs(x).to_bytes(size, "little") for x in numbers])
    words = np.frombuffer(raw, dtype="<u4").reshape(len(numbers), -1).T.astype(np.int64)
    signs = np.array([(x > 0) - (x < 0) for x in numbers], dtype=np.float64)
    digits = np.empty((length, len(numbers)))
    for j in range(length):
        word, offset = divmod(DIGIT * j, 32)
        digits[j] = ((words[word] | words[word + 1] << 32) >> offset) & (2**DIGIT - 1)
    digits *= signs
    return digits


def _symmetric(x: int, p: int) -> int:
    return x - p if 2 * x > p else x
