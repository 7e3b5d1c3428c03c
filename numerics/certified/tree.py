"""Balanced product tree ``M_N ⋯ M_1`` in balls: exact as long as the entries fit the precision.

Sequential ball products wrap (about ``log2 √(2n/π)`` bits lost per factor); a balanced tree loses
``O(log N)`` bits. The leaves are exact dyadic matrices; a product is rounded, with a rigorous radius,
only where its entries have become longer than the precision.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from flint import arb_mat, fmpz

from numerics.certified.enclosures import from_floats
from numerics.factors import Factor, as_exact
from numerics.precision import balls

__all__ = ["BLOCK", "exact_leaf", "prefix_products", "product_tree"]

BLOCK = 64
"""How many prefixes of a chain are held at once."""


def exact_leaf(factor: Factor) -> tuple[arb_mat, fmpz]:
    """``M = leaf/denominator`` with a dyadic leaf, exactly."""
    if factor.dtype == np.float64:
        return from_floats(factor), fmpz(1)
    numerator, denominator = as_exact(factor).numer_denom()
    return arb_mat(numerator), denominator


def product_tree(leaves: Sequence[arb_mat], bits: int) -> arb_mat:
    """``leaves[-1] ⋯ leaves[0]`` in balls of ``bits`` bits; exact while the entries fit."""
    with balls(bits):
        return _tree(leaves)


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
    if len(leaves) == 1:
        return leaves[0]
    middle = len(leaves) // 2
    return _tree(leaves[middle:]) * _tree(leaves[:middle])
