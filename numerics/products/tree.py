"""Balanced product tree ``M_N ⋯ M_1``: exact as long as the entries fit the precision, enclosed beyond it.

Sequential ball products wrap (about ``log2 √(2n/π)`` bits lost per factor); a balanced tree loses
``O(log N)`` bits. The leaves are exact dyadic matrices; a product is rounded, with a rigorous radius,
only where its entries have become longer than the precision.

Wide float64 factors are multiplied as fixed-point integers by the BLAS (:mod:`residues`), with one radius for
all entries of a product; others, and where entries need radii of their own, as ball matrices by FLINT.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property, partial

import numpy as np
from flint import arb_mat, fmpz
from numpy.typing import NDArray

from jacspec.numerics.products.residues import LONGEST, FixedPoint, fixed_point, product
from jacspec.numerics.support.enclosures import from_floats
from jacspec.numerics.support.factors import Factor, Uniform, as_exact, shapes_of
from jacspec.numerics.support.parallel import side_by_side
from jacspec.numerics.support.precision import balls
from jacspec.numerics.support.progress import counted

Floats = NDArray[np.float64]

BLOCK = 64
"""How many prefixes of a chain are held at once."""

_NARROWEST = 24
"""Dimension from which integer products by the BLAS are quicker than FLINT's."""

_SPREAD = 200
"""Bits from the largest to the last of a factor, beyond which one exponent for all its entries is a waste."""


_LARGEST = 3 * 10**8
"""Bits of a matrix of fixed-point numbers whose residues take about 200 MB: a product holds three such."""


class Leaves:
    """The factors of a chain ready to be multiplied: exact dyadic leaves over one common denominator."""

    def __init__(self, factors: Sequence[Factor]) -> None:
        self._factors = factors

    @cached_property
    def _exact(self) -> tuple[list[arb_mat], fmpz]:
        leaves, denominator = [], fmpz(1)
        if isinstance(self._factors, Uniform):
            stack = self._factors.stack
            _, rows, columns = stack.shape
            return [
                arb_mat(rows, columns, entries) for entries in stack.reshape(len(stack), -1).tolist()
            ], denominator
        with balls(1 << 16):  # leaves are exact
            for factor in self._factors:
                leaf, own = exact_leaf(factor)
                leaves.append(leaf)
                denominator *= own
        return leaves, denominator

    @cached_property
    def _fixed(self) -> list[FixedPoint] | None:
        """The same as fixed-point matrices; None where that does not pay."""
        if min(map(min, shapes_of(self._factors))) < _NARROWEST or any(
            factor.dtype != np.float64 for factor in self._factors
        ):
            return None
        return _as_fixed(self._factors)

    @property
    def denominator(self) -> fmpz:
        """The product of the leaves is this number times that of the factors."""
        if isinstance(self._factors, Uniform) or all(factor.dtype == np.float64 for factor in self._factors):
            return fmpz(1)
        return self._exact[1]

    def product(
        self,
        bits: int,
        start: int = 0,
        stop: int | None = None,
        *,
        left: Floats | None = None,
        right: Floats | None = None,
    ) -> arb_mat:
        """``leftᵀ · leaves[stop-1] ⋯ leaves[start] · right`` in balls of ``bits`` bits.

        Exact while the entries fit; beyond, one radius, relative to the largest, may serve for all.
        """
        found = self.fixed_product(bits, start, stop, left=left, right=right)
        if found is not None:
            with balls(bits + 64):
                return found.balls()
        first = [] if right is None else [right]
        last = [] if left is None else [left.T]
        inner = self._exact[0][start:stop]
        leaves = [*map(from_floats, first), *inner, *map(from_floats, last)]
        with balls(bits):
            return _tree(leaves)

    def fixed_product(
        self,
        bits: int,
        start: int = 0,
        stop: int | None = None,
        *,
        left: Floats | None = None,
        right: Floats | None = None,
    ) -> FixedPoint | None:
        """:meth:`product` in fixed point; None where that does not pay."""
        if not self._worth_fixing(bits) or self._fixed is None:
            return None
        ends = _as_fixed([each for each in (right, None if left is None else left.T) if each is not None])
        if ends is None:
            return None
        first = 0 if right is None else 1
        return _fixed_tree([*ends[:first], *self._fixed[start:stop], *ends[first:]], bits)

    def _worth_fixing(self, bits: int) -> bool:
        """Whether products of entries so long can be made by residues, in reasonable memory."""
        size = max(map(max, shapes_of(self._factors)))
        return bits <= LONGEST and bits * size * size <= _LARGEST

    def product_entrywise(self, bits: int) -> arb_mat:
        """The product of all leaves, each entry with a radius of its own."""
        with balls(bits):
            return _tree(self._exact[0])


def _as_fixed(matrices: Sequence[Floats]) -> list[FixedPoint] | None:
    """Each as a fixed-point matrix; None if one is spread too far for that."""
    found = []
    for matrix in matrices:
        leaf = fixed_point(matrix, _SPREAD)
        if leaf is None:
            return None
        found.append(leaf)
    return found


def exact_leaf(factor: Factor) -> tuple[arb_mat, fmpz]:
    """``M = leaf/denominator`` with a dyadic leaf, exactly."""
    if factor.dtype == np.float64:
        return from_floats(factor), fmpz(1)
    numerator, denominator = as_exact(factor).numer_denom()
    return arb_mat(numerator), denominator


def prefix_products(leaves: Sequence[arb_mat], bits: int) -> Iterator[arb_mat]:
    """``leaves[k] ⋯ leaves[0]`` for every k, by fewer than 3N products, 2N where one block holds the chain.

    A block is scanned, and multiplied by all that came before it: memory holds one block of prefixes, each at
    most 2 log2(BLOCK) + N/BLOCK products deep.
    """
    before: arb_mat | None = None
    for start in range(0, len(leaves), BLOCK):
        with balls(bits):
            block = _scan(leaves[start : start + BLOCK])
            if before is not None:
                block = [product * before for product in block]
        before = block[-1]
        yield from block


def _scan(leaves: Sequence[arb_mat]) -> list[arb_mat]:
    """Ladner and Fischer: neighbours are multiplied, the pairs scanned, and the gaps between them filled."""
    if len(leaves) == 1:
        return list(leaves)
    pairs = [leaves[k + 1] * leaves[k] for k in range(0, len(leaves) - 1, 2)]
    scanned = _scan(pairs)
    filled = (scanned[k // 2] if k % 2 else leaves[k] * scanned[k // 2 - 1] for k in range(1, len(leaves)))
    return [leaves[0], *filled]


def _tree(leaves: Sequence[arb_mat]) -> arb_mat:
    """Level by level; each product is about as long as its neighbours."""
    level = list(leaves)
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        level = counted(outer * inner for outer, inner in zip(level[1::2], level[::2], strict=False)) + odd
    return level[0]


def _fixed_tree(leaves: Sequence[FixedPoint], bits: int) -> FixedPoint:
    """Level by level, the products of a level side by side, or each by itself in several threads."""
    level = list(leaves)
    while len(level) > 1:
        odd, pairs = level[-1:] if len(level) % 2 else [], list(zip(level[1::2], level[::2], strict=False))
        level = counted(side_by_side(partial(_product, bits), pairs)) + odd
    return level[0]


def _product(bits: int, pair: tuple[FixedPoint, FixedPoint]) -> FixedPoint:
    return product(*pair, bits)
