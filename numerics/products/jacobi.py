"""``X = T·2^e = U·diag(s)·Vᵀ`` at any dynamic range, in float64: LAPACK's one-sided Jacobi SVD.

Z. Drmač, K. Veselić, *New fast and accurate Jacobi SVD algorithm I, II*, SIAM J. Matrix Anal. Appl. 29
(2008): for well-conditioned T every singular value has a relative error of about ``cond(T)·1e-16``,
however large the range of the column scales. An estimate, not an enclosure.

A range beyond what LAPACK tells from zero is cut into blocks of columns, the largest first. Values ``2^64``
above all columns that follow are final, and their vectors are projected out of these; the others go into the
next block. What that neglects is below 2^-64, relative to each value and in the vectors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_FITS = 1400
"""Bits of range: dgejsv scales the largest column to about 2^511, and takes what is below 2^-969 for zero."""

_APART = 64


@dataclass(frozen=True)
class Graded:
    """``T·diag(2^e) = U·diag(σ·2^{e'})·Vᵀ``, descending, 1/2 ≤ σ < 1 or σ = 0; batch axes first.

    NaN where there is no answer: for numbers that are not finite, or without convergence.
    """

    U: Floats
    exponents: Floats
    sigma: Floats
    V: Floats


def jacobi(T: Floats, exponents: Floats, *, vectors: bool = True) -> Graded:
    """Decompose; T has shape (…, m, r) with m ≥ r, exponents (…, r) must not increase along the last axis."""
    batch, (m, r) = T.shape[:-2], T.shape[-2:]
    U, V = (np.empty((*batch, size, r) if vectors else (*batch, 0, 0)) for size in (m, r))
    scales, sigma = np.empty_like(exponents), np.empty_like(exponents)
    for at in np.ndindex(batch):
        found = _decomposed(T[at], exponents[at], vectors=vectors)
        scales[at], sigma[at] = found.exponents, found.sigma
        if vectors:
            U[at], V[at] = found.U, found.V
    return Graded(U, scales, sigma, V)


def _decomposed(T: Floats, exponents: Floats, *, vectors: bool) -> Graded:
    """:func:`jacobi` of one matrix; U and V hold anything where they are not wanted."""
    if exponents[0] - exponents[-1] <= _FITS:
        return _by_lapack(T, exponents, vectors=vectors)
    r = len(exponents)
    U, scales, sigma, V = T.copy(), exponents.copy(), np.zeros(r), np.eye(r)
    start = 0
    while start < r:
        stop = start + int(np.count_nonzero(scales[start] - scales[start:] <= _FITS))
        block = slice(start, stop)
        found = _by_lapack(U[:, block], scales[block], vectors=True)
        V[:, block] = V[:, block] @ found.V
        scales[block], sigma[block] = found.exponents, found.sigma
        final = stop
        if stop < r:
            final = start + max(int(np.count_nonzero(found.exponents >= scales[stop] + _APART)), 1)
            frame = found.U[:, : final - start]
            for _ in range(2):  # the second time for what rounding left
                U[:, stop:] -= frame @ (frame.T @ U[:, stop:])
        U[:, start:final] = found.U[:, : final - start]
        U[:, final:stop] = (found.U * found.sigma)[:, final - start :]
        start = final
    return Graded(U, scales, sigma, V)


def _by_lapack(T: Floats, exponents: Floats, *, vectors: bool) -> Graded:
    """:func:`_decomposed` where the exponents span at most ``_FITS``."""
    from scipy.linalg import lapack

    top, wanted = exponents[0] - _FITS // 2, 0 if vectors else 3
    if np.isfinite(T).all():
        X = np.ldexp(T, (exponents - top).astype(np.int32))
        values, U, V, scale, _, failure = lapack.dgejsv(
            X, joba=0, jobu=wanted, jobv=wanted, jobr=0, jobt=1, jobp=0
        )
        if not failure:
            sigma, binary = np.frexp(values * (scale[0] / scale[1]))
            return Graded(U, np.where(sigma > 0, binary + top, exponents), sigma, V)
    (m, r), nan = T.shape, np.nan
    return Graded(np.full((m, r), nan), exponents, np.full(r, nan), np.full((r, r), nan))
