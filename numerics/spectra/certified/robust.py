"""A float64 start for any matrix known to high precision: complete pivoting, then Jacobi.

Gaussian elimination with complete pivoting reveals the rank, ``P J Q = L·D·Rᵀ`` with L, R unit triangular,
entries of at most 1; the SVD of that product by one-sided Jacobi has high relative accuracy at any range
(J. Demmel et al., *Computing the singular value decomposition with high relative accuracy*, Linear Algebra
Appl. 299 (1999)). Works on the midpoints, in fixed-point integers: an estimate, to be certified afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from flint import arb_mat
from numpy.typing import NDArray

from jacspec.numerics.products.graded import GradedSVD, svd_of_core
from jacspec.numerics.products.triangles import regrade
from jacspec.numerics.spectra.certified.pairs import log2_magnitude
from jacspec.numerics.support.enclosures import power_of_two
from jacspec.numerics.support.precision import balls

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class RobustStart:
    """Estimated SVD of the pivots found, and log2 of the largest and the last of them."""

    svd: GradedSVD
    log2_range: float


def robust_start(J: arb_mat, rank: int, bits: int) -> RobustStart | None:
    """Start from the midpoints of J to ``bits`` bits below its largest entry; None if a pivot vanishes."""
    m, n = J.nrows(), J.ncols()
    top = max(log2_magnitude(entry) for entry in J.entries())
    scale = bits - int(top)
    with balls(bits + 64):
        factor = power_of_two(scale)
        rows = [int((entry.mid() * factor).floor().unique_fmpz() or 0) for entry in J.entries()]
    X: NDArray[np.object_] = np.array([0] * (m * n), dtype=object).reshape(m, n)
    X.flat[:] = rows
    row_order, column_order = np.arange(m), np.arange(n)
    L, R = np.zeros((m, rank)), np.zeros((n, rank))
    pivots: list[int] = []
    for k in range(rank):
        sizes = np.abs(X[k:, k:])
        i, j = divmod(int(sizes.argmax()), n - k)
        _swap_rows(X, k, k + i)
        _swap_rows(X.T, k, k + j)
        row_order[[k, k + i]], column_order[[k, k + j]] = row_order[[k + i, k]], column_order[[k + j, k]]
        L[[k, k + i]], R[[k, k + j]] = L[[k + i, k]], R[[k + j, k]]
        pivot = X[k, k]
        if abs(pivot) >> 50 == 0 and bits > 64:
            return None  # only noise is left: more precision is needed
        if pivot == 0:
            return None
        pivots.append(pivot)
        L[k:, k] = [x / pivot for x in X[k:, k]]
        R[k:, k] = [x / pivot for x in X[k, k:]]
        if k + 1 < rank:
            X[k + 1 :, k + 1 :] -= np.outer(X[k + 1 :, k], X[k, k + 1 :]) // pivot
    L, R = L[np.argsort(row_order)], R[np.argsort(column_order)]
    exponents = np.array([abs(pivot).bit_length() - 1 for pivot in pivots])
    mantissas = np.array([_ratio(pivot, int(e)) for pivot, e in zip(pivots, exponents, strict=True)])
    # L·m·2^e·Rᵀ with L·m = Q·R_1: the graded core is 2^e'·T·Rᵀ.
    Q, R1 = np.linalg.qr(L * mantissas)
    scales, T = regrade(R1, exponents.astype(np.float64))
    svd = svd_of_core(Q, scales - scale, T @ R.T)
    return RobustStart(svd, float(exponents.max() - exponents.min()))


def _ratio(pivot: int, exponent: int) -> float:
    """``pivot/2^exponent`` in [1, 2)."""
    return float(pivot >> (exponent - 60)) / 2.0**60 if exponent > 60 else pivot / 2.0**exponent


def _swap_rows(X: NDArray[np.object_], i: int, j: int) -> None:
    if i != j:
        X[[i, j]] = X[[j, i]]
