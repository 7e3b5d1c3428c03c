"""The certified engine: rigorous enclosures of every log singular value, and of the vectors on request."""

from __future__ import annotations

import math

import numpy as np
from flint import arb, arb_mat
from numpy.typing import NDArray

from jacspec.numerics.chains.chain import Chain
from jacspec.numerics.spectra.certified.svd import CertifiedSVD, certified_svd
from jacspec.numerics.spectra.engines.contract import GUARD_DIGITS, EngineResult
from jacspec.numerics.spectra.rank import rank, without_zeros
from jacspec.numerics.support.cores import spare_cores, unthreaded_blas
from jacspec.numerics.support.enclosures import columns_scaled, midpoint, to_floats
from jacspec.numerics.support.errors import PrecisionError
from jacspec.numerics.support.precision import balls, mp_context, threads

__all__ = ["as_result", "certified"]

_SPARE_DIGITS = 2
"""Computed beyond the request for every value; more only where a logarithm is near zero."""

_LARGE = 48
"""Sizes from which several threads pay."""


def certified(chain: Chain, *, digits: int, vectors: bool) -> EngineResult:
    """Enclose the spectrum of a chain; see :mod:`jacspec.numerics.spectra.certified.svd` for the method.

    Dead coordinates are dropped first, exactly, and return as zeros of the vectors. A request that is not
    met below the precision cap returns what is certified, and says so (``shortfall``); PrecisionError is
    raised only if that is nothing.
    """
    left = without_zeros(chain)
    if left is None:
        return _all_zero(chain.shape, vectors=vectors)

    def attempt(extra: int) -> CertifiedSVD:
        return certified_svd(
            left.factors, digits=digits + extra, exact_rank=lambda: rank(chain), vectors=vectors
        )

    size = max(map(max, (factor.shape for factor in left.factors)))
    with threads(spare_cores() if size >= _LARGE else 1), unthreaded_blas():
        found = attempt(_SPARE_DIGITS)
        missing = _missing_digits(found, digits)
        if missing:
            found = attempt(_SPARE_DIGITS + missing)
    return as_result(found, digits=digits, rows=left.rows, columns=left.columns, vectors=vectors)


def as_result(
    found: CertifiedSVD,
    *,
    digits: int,
    rows: NDArray[np.bool_],
    columns: NDArray[np.bool_],
    vectors: bool,
) -> EngineResult:
    """The result for a product of which ``found`` is the part in the rows and columns that are not dead."""
    size = min(len(rows), len(columns))
    if found.rank == 0:
        return _all_zero((len(rows), len(columns)), vectors=vectors)
    if not found.logs:
        message = f"the certified engine reached nothing: {found.note}; ask for fewer digits or try mpmath"
        raise PrecisionError(message)
    context = mp_context(found.bits + 64)
    zeros = size - found.rank
    u = v = None
    if found.u is not None and found.v is not None:
        signs = _signs(found.u)
        with balls(found.bits + 64):  # the caller's precision would round the enclosures
            u = _embedded(found.u, signs, rows)
            v = _embedded(found.v, signs, columns)
    return EngineResult(
        rank=found.rank,
        log_values=(*(midpoint(ball, context) for ball in found.logs), *[context.ninf] * zeros),
        enclosures=(*found.logs, *[arb.neg_inf()] * zeros),
        precision_bits=found.bits,
        left_enclosures=u,
        right_enclosures=v,
        clusters=tuple(cluster for cluster in found.clusters if len(cluster) > 1),
        shortfall=_shortfall(found, digits),
    )


def _missing_digits(found: CertifiedSVD, digits: int) -> int:
    """How many digits more a logarithm near zero needs to keep ``digits`` significant ones; 0 if none."""
    missing = 0
    with balls(64):
        for ball in found.logs:
            size = float(abs(ball).mid())
            zeros = min(max(-math.floor(math.log10(size)) - 1, 0), GUARD_DIGITS) if size > 0 else GUARD_DIGITS
            if zeros and not ball.rad() <= arb(10) ** -(digits + zeros):
                missing = max(missing, zeros)
    return missing


def _shortfall(found: CertifiedSVD, digits: int) -> str:
    """What the request lacks, judged without the guard digits; empty if nothing."""
    with balls(64):
        if all(ball.rad() <= arb(10) ** -digits for ball in found.logs):
            return ""
    return f"certified only to {found.radius:.1e}: {found.note}"


def _all_zero(shape: tuple[int, int], *, vectors: bool) -> EngineResult:
    context = mp_context(53)
    size = min(shape)
    u, v = ((arb_mat(length, 0) if vectors else None) for length in shape)
    return EngineResult(
        0, (context.ninf,) * size, (arb.neg_inf(),) * size, 53, left_enclosures=u, right_enclosures=v
    )


def _signs(vectors: arb_mat) -> list[int]:
    """+1 or -1 for each column, so that the entry of u_k that is largest in magnitude is positive."""
    columns = to_floats(vectors).T
    return [-1 if max(column, key=abs) < 0 else 1 for column in columns.tolist()]


def _embedded(vectors: arb_mat, signs: list[int], alive: NDArray[np.bool_]) -> arb_mat:
    """The columns with their signs, and the dead coordinates back, as zeros."""
    signed = columns_scaled(vectors, signs)
    if alive.all():
        return signed
    full = arb_mat(len(alive), vectors.ncols())
    for source, target in enumerate(np.flatnonzero(alive).tolist()):
        for mode in range(vectors.ncols()):
            full[target, mode] = signed[source, mode]
    return full
