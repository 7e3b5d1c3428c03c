"""Certified SVDs of all prefixes ``M_k ⋯ M_1`` of a chain: products, starts and ranks are shared.

The ball products come from one scan (:func:`tree.prefix_products`, at most 3N products), the float64
starts from one sweep (:mod:`jacspec.numerics.products.graded_prefixes`), the ranks from one running
product; what is left to each prefix is its own elimination and refinement, at its own precision.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from flint import fmpz

from jacspec.numerics.products.graded import GradedSVD
from jacspec.numerics.products.graded_prefixes import graded_prefixes
from jacspec.numerics.products.tree import BLOCK, exact_leaf, prefix_products
from jacspec.numerics.spectra.certified.certificate import ZERO, Certified
from jacspec.numerics.spectra.certified.iteration import MOST_BITS, Request
from jacspec.numerics.spectra.certified.svd import (
    attempted,
    divided,
    from_vectors,
    working_bits,
)
from jacspec.numerics.support.enclosures import rounded
from jacspec.numerics.support.factors import Factor, float_chain, shapes_of
from jacspec.numerics.support.precision import balls

_LOST_BITS = 24
"""What the scan of a block loses, with room to spare; the certificate judges the result."""


def certified_prefixes(
    factors: Sequence[Factor], ranks: Sequence[int], *, digits: int, vectors: bool
) -> Iterator[Certified | None]:
    """The SVD of ``M_k ⋯ M_1`` for k = 1 … N to ``digits`` digits; None for one that needs the full engine.

    ``ranks[k-1]`` is the exact rank of the k-th product.
    """
    request = Request(digits, vectors)
    starts = _starts(factors, ranks)
    if starts is None:
        yield from [None] * len(factors)
        return
    size = max(map(max, shapes_of(factors)))
    lost = _LOST_BITS + len(factors) // BLOCK * (math.ceil(math.log2(size)) + 1)
    widths = [_wide(start, request, size, lost) for start in starts]
    widest = max((wide for wide in widths if wide is not None), default=64)
    if widest > MOST_BITS:
        yield from [None] * len(factors)
        return
    with balls(1 << 16):  # leaves are exact
        leaves, denominators = zip(*map(exact_leaf, factors), strict=True)
    denominator = fmpz(1)
    products = prefix_products(leaves, widest)
    for J, start, wide, rank, own in zip(products, starts, widths, ranks, denominators, strict=True):
        denominator *= own
        if rank == 0:
            yield ZERO
            continue
        if wide is None:
            yield None
            continue
        with balls(wide):
            J = rounded(J)
        bits = working_bits(request, max(J.nrows(), J.ncols()))
        found = attempted(from_vectors, J, start.U, start.V, rank, request, wide=wide, bits=bits)
        yield divided(found, denominator) if found is not None and request.met_by(found) else None


def _starts(factors: Sequence[Factor], ranks: Sequence[int]) -> list[GradedSVD] | None:
    """Float64 SVDs of all prefixes; None if float64 cannot hold them."""
    arrays = float_chain(factors)
    if arrays is None:
        return None
    try:
        with np.errstate(all="ignore"):
            return graded_prefixes(arrays, ranks, vectors=True)
    except (ArithmeticError, ValueError):  # see `attempted`
        return None


def _wide(start: GradedSVD, request: Request, size: int, lost: int) -> int | None:
    """The precision of the elimination, range and target; None if the start is of no use."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = start.exponents + np.log2(start.sigma)
    if not (np.isfinite(logs).all() and np.isfinite(start.U).all() and np.isfinite(start.V).all()):
        return None
    spread = float(logs[0] - logs[-1]) if len(logs) else 0.0
    return working_bits(request, size) + math.ceil(spread) + lost
