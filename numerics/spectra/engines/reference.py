"""The reference engine: mpmath's product and SVD, at a precision that follows the dynamic range.

Estimates, not enclosures, but checked: the result is accepted only when a second evaluation at a
higher precision agrees with it on every non-zero singular value to the digits requested. mpmath's
``svd_r`` stops relative to the *largest* singular value, so that the precision must exceed
log2(s_1/s_r) by the digits wanted; the range is estimated first, and verified on the result. The
rank is exact, and decides which singular values are zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log2
from typing import Any

import numpy as np

from jacspec.numerics.chains.chain import Chain
from jacspec.numerics.products.exact import mp_product
from jacspec.numerics.spectra.engines.contract import DIGITS, MOST_DIGITS, Engine
from jacspec.numerics.spectra.rank import NonzeroChain, rank, without_zeros
from jacspec.numerics.spectra.spectrum import GUARD_DIGITS, Spectrum
from jacspec.numerics.support.errors import PrecisionError
from jacspec.numerics.support.factors import Factor
from jacspec.numerics.support.precision import mp_context

_GUARD_BITS = 40
"""Bits lost to rounding in the product and the SVD; checked on the result, not relied upon."""

_CAP_BITS = 400_000


@dataclass(frozen=True)
class _Attempt:
    """The SVD of a chain without zeros at one precision: r singular values, and vectors if asked for."""

    context: Any
    values: list[Any]
    left: Any | None
    right: Any | None
    bits: int

    @property
    def range_bits(self) -> int:
        """log2(s_1/s_r), rounded up."""
        ratio = self.values[0] / self.values[-1]
        return ceil(float(self.context.log(ratio, 2)))


def reference(chain: Chain, *, digits: int, vectors: bool) -> Spectrum:
    """Log singular values (and vectors) of a chain by mpmath, uncertified but checked.

    Raises PrecisionError if two precisions do not agree to ``digits`` digits below 400 000 bits.
    """
    true_rank = rank(chain)
    nonzero = without_zeros(chain)
    if true_rank == 0 or nonzero is None:
        context = mp_context(53)
        u, v = ((context.matrix(length, 0) if vectors else None) for length in chain.shape)
        return _spectrum(chain, digits, [], context, u, v)

    wanted = ceil((digits + GUARD_DIGITS) * log2(10)) + _GUARD_BITS
    bits = wanted + _estimated_range(nonzero.factors, true_rank)
    while bits <= _CAP_BITS:
        first = _attempt(nonzero, true_rank, bits, vectors=False)
        needed = wanted + (first.range_bits if first.values[-1] > 0 else bits)
        if needed <= bits:
            second = _attempt(nonzero, true_rank, bits + max(64, bits // 8), vectors=vectors)
            if _agree(first, second, digits + GUARD_DIGITS):
                return _result(second, nonzero, chain, digits)
            needed = 2 * bits
        bits = needed
    message = (
        f"the mpmath engine could not confirm {digits} digits below {_CAP_BITS} bits; "
        f"ask for fewer digits or a shorter chain"
    )
    raise PrecisionError(message)


REFERENCE = Engine(reference, most_digits=MOST_DIGITS, usual_digits=DIGITS)


def _attempt(nonzero: NonzeroChain, true_rank: int, bits: int, *, vectors: bool) -> _Attempt:
    context = mp_context(bits)
    product = mp_product(nonzero.factors, context)
    # svd_r wants at least as many rows as columns.
    wide = product.rows < product.cols
    matrix = product.T if wide else product
    if not vectors:
        values = context.svd_r(matrix, compute_uv=False)
        return _Attempt(context, [values[k] for k in range(true_rank)], None, None, bits)
    u, values, v_transposed = context.svd_r(matrix)
    u, v = u[:, :true_rank], v_transposed[:true_rank, :].T
    u, v = (v, u) if wide else (u, v)
    return _Attempt(context, [values[k] for k in range(true_rank)], u, v, bits)


def _agree(first: _Attempt, second: _Attempt, digits: int) -> bool:
    context = second.context
    tolerance = context.mpf(10) ** (-digits)
    return all(
        abs(context.convert(a) - b) <= tolerance * b for a, b in zip(first.values, second.values, strict=True)
    )


def _result(found: _Attempt, nonzero: NonzeroChain, chain: Chain, digits: int) -> Spectrum:
    context = found.context
    u = v = None
    if found.left is not None and found.right is not None:
        _fix_signs(found.left, found.right)
        u = _embedded(found.left, nonzero.rows, context)
        v = _embedded(found.right, nonzero.columns, context)
    return _spectrum(chain, digits, [context.log(value) for value in found.values], context, u, v)


def _spectrum(chain: Chain, digits: int, logs: list[Any], context: Any, u: Any, v: Any) -> Spectrum:
    return Spectrum(
        depth=chain.depth,
        shape=chain.shape,
        rank=len(logs),
        digits=digits,
        estimates=(*logs, *[context.ninf] * (min(chain.shape) - len(logs))),
        enclosures=None,
        precision_bits=context.prec,
        engine="mpmath",
        left_estimates=u,
        right_estimates=v,
    )


def _fix_signs(u: Any, v: Any) -> None:
    """Make the entry of u_k that is largest in magnitude positive."""
    for mode in range(u.cols):
        largest = max((u[row, mode] for row in range(u.rows)), key=abs)
        if largest < 0:
            for matrix in (u, v):
                for row in range(matrix.rows):
                    matrix[row, mode] = -matrix[row, mode]


def _embedded(vectors: Any, kept: np.ndarray[Any, Any], context: Any) -> Any:
    """The vectors with zeros at the coordinates that were dropped."""
    full = context.matrix(len(kept), vectors.cols)
    for source, target in enumerate(np.flatnonzero(kept)):
        for mode in range(vectors.cols):
            full[int(target), mode] = vectors[source, mode]
    return full


def _estimated_range(factors: Sequence[Factor], true_rank: int) -> int:
    """log2(s_1/s_r) from a running QR in float64 with the scales kept apart; only a first guess.

    The diagonal of the accumulated triangle is within a few units of the log singular values, which the
    guard bits and the check on the result make good.
    """
    columns = factors[0].shape[1]
    frame = np.eye(columns)
    logs = np.zeros(columns)
    for factor in factors:
        moved = _rescaled(factor) @ frame
        frame, triangle = np.linalg.qr(moved)
        diagonal = np.abs(np.diagonal(triangle))
        kept = len(diagonal)
        logs = logs[:kept] + np.log2(np.where(diagonal > 0, diagonal, 2.0**-1000))
        order = np.argsort(-logs)
        frame, logs = frame[:, order], logs[order]
    logs = logs[:true_rank]
    return ceil(float(logs.max() - logs.min())) + 8


def _rescaled(factor: Factor) -> np.ndarray[Any, Any]:
    """The factor times a power of two, so that its float64 image neither over- nor underflows."""
    if factor.dtype == np.float64:
        largest = float(np.abs(factor).max())
        return np.ldexp(factor, -int(np.frexp(largest)[1]))
    largest_entry = max(abs(entry) for entry in factor.flat)
    return np.array([[float(entry / largest_entry) for entry in row] for row in factor])
