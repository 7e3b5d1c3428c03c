"""The certified engine: rigorous enclosures of every log singular value, and of the vectors on request."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress

import numpy as np
from flint import arb, arb_mat
from numpy.typing import NDArray

from jacspec.numerics.chains.chain import Chain
from jacspec.numerics.spectra.certified.certificate import ZERO, Certified
from jacspec.numerics.spectra.certified.iteration import MOST_BITS
from jacspec.numerics.spectra.certified.svd import certified_svd
from jacspec.numerics.spectra.engines.contract import DIGITS, MOST_DIGITS, Engine
from jacspec.numerics.spectra.rank import rank_of, without_zeros
from jacspec.numerics.spectra.spectrum import GUARD_DIGITS, Spectrum
from jacspec.numerics.support.cores import spare_cores, unthreaded_blas
from jacspec.numerics.support.enclosures import columns_scaled, to_floats
from jacspec.numerics.support.errors import PrecisionError
from jacspec.numerics.support.factors import shapes_of
from jacspec.numerics.support.parallel import thread_pool
from jacspec.numerics.support.precision import balls, threads

_LARGE = 48
"""Sizes from which several threads pay; below, the BLAS takes one by itself."""

_SPARE_DIGITS = 2
"""Computed beyond the request for every value; more only where a logarithm is near zero."""


def certified(chain: Chain, *, digits: int, vectors: bool) -> Spectrum:
    """Enclose the spectrum of a chain; see :mod:`jacspec.numerics.spectra.certified.svd` for the method.

    Coordinates through which nothing passes are dropped first, exactly, and return as zeros of the vectors. A
    request that is not met below the precision cap returns what is certified, and says so (``shortfall``);
    PrecisionError is raised only if that is nothing.
    """
    rows, columns = (np.zeros(length, dtype=bool) for length in chain.shape)
    found, nonzero = ZERO, without_zeros(chain)
    if nonzero is not None:
        factors, rows, columns = nonzero

        def attempt(extra: int) -> Certified:
            return certified_svd(
                factors, digits=digits + extra, exact_rank=lambda: rank_of(nonzero, chain), vectors=vectors
            )

        size = max(map(max, shapes_of(factors)))
        with _many_cores() if size >= _LARGE else nullcontext():
            found = attempt(_SPARE_DIGITS)
            missing = _missing_digits(found, digits)
            if missing:
                with suppress(PrecisionError):
                    found = attempt(_SPARE_DIGITS + missing)
    return certified_spectrum(
        found, depth=chain.depth, rows=rows, columns=columns, digits=digits, vectors=vectors
    )


@contextmanager
def _many_cores() -> Iterator[None]:
    """Every core for FLINT, and for products side by side, in which NumPy's BLAS has one each."""
    cores = spare_cores()
    with threads(cores), unthreaded_blas(), thread_pool(cores):
        yield


CERTIFIED = Engine(certified, most_digits=MOST_DIGITS, usual_digits=DIGITS)


def certified_spectrum(
    found: Certified,
    *,
    depth: int,
    rows: NDArray[np.bool_],
    columns: NDArray[np.bool_],
    digits: int,
    vectors: bool,
) -> Spectrum:
    """The spectrum of a product, from a certificate of its part in some of its rows and columns.

    The rest of the product is zero. ``left_enclosures`` and ``right_enclosures`` get a sign: the entry of u_k
    that is largest in magnitude is positive.
    """
    shape, known = (len(rows), len(columns)), len(found.logs)
    zeros = min(shape) - known
    u = v = None
    if not known and vectors:
        u, v = (arb_mat(length, 0) for length in shape)
    elif found.u is not None and found.v is not None:
        signs = _signs(found.u)
        with balls(found.bits + 64):  # the caller's precision would round the enclosures
            u = _embedded(found.u, signs, rows)
            v = _embedded(found.v, signs, columns)
    return Spectrum(
        depth=depth,
        shape=shape,
        rank=known,
        digits=digits,
        enclosures=(*found.logs, *[arb.neg_inf()] * zeros),
        precision_bits=found.bits,
        engine="certified",
        left_enclosures=u,
        right_enclosures=v,
        clusters=tuple(cluster for cluster in found.clusters if len(cluster) > 1),
        shortfall=_shortfall(found, digits),
    )


def _missing_digits(found: Certified, digits: int) -> int:
    """How many digits more a logarithm near zero needs to keep ``digits`` significant ones; 0 if none."""
    missing = 0
    with balls(64):
        for ball in found.logs:
            size = float(abs(ball).mid())
            zeros = min(max(-math.floor(math.log10(size)) - 1, 0), GUARD_DIGITS) if size > 0 else GUARD_DIGITS
            if zeros and not ball.rad() <= arb(10) ** -(digits + zeros):
                missing = max(missing, zeros)
    return missing


def _shortfall(found: Certified, digits: int) -> str:
    """What the request lacks, judged without the guard digits; empty if nothing."""
    with balls(64):
        if all(ball.rad() <= arb(10) ** -digits for ball in found.logs):
            return ""
    return f"certified only to {found.radius:.1e}: {digits} digits were not reached within {MOST_BITS} bits"


def _signs(vectors: arb_mat) -> list[int]:
    """+1 or -1 for each column, so that the entry of u_k that is largest in magnitude is positive."""
    columns = to_floats(vectors).T
    return [-1 if max(column, key=abs) < 0 else 1 for column in columns.tolist()]


def _embedded(vectors: arb_mat, signs: list[int], kept: NDArray[np.bool_]) -> arb_mat:
    """The columns with their signs, and zeros at the coordinates that were dropped."""
    signed = columns_scaled(vectors, signs)
    if kept.all():
        return signed
    full = arb_mat(len(kept), vectors.ncols())
    for source, target in enumerate(np.flatnonzero(kept).tolist()):
        for mode in range(vectors.ncols()):
            full[target, mode] = signed[source, mode]
    return full
