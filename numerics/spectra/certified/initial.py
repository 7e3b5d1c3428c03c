"""From a product J in balls and approximate singular vectors to ``J = A·2^e·Bᵀ``, to full relative precision.

``K = U_0ᵀ J V_0 = L·D·Rᵀ`` (:mod:`ldr`), and ``A = U_0⁻ᵀ L``, ``B = V_0⁻ᵀ R``. U_0, V_0 are square float64
matrices, exact as such; ``U_0⁻ᵀ = U_0 (U_0ᵀU_0)⁻¹`` by the Neumann series with its remainder as a radius.
Rectangular and rank-deficient J need nothing more: after r = rank J pivots the rest of the elimination
is exactly zero.
"""

from __future__ import annotations

import numpy as np
from flint import arb_mat
from numpy.typing import NDArray

from jacspec.numerics.spectra.certified.ldr import ldr
from jacspec.numerics.spectra.certified.refine import Factorisation, apply_inverse, unit_scales
from jacspec.numerics.support.enclosures import columns_scaled, from_floats, identity, rounded
from jacspec.numerics.support.precision import balls

Floats = NDArray[np.float64]

_GRID = 2.0**53


def in_coordinates(J: arb_mat, U: Floats, V: Floats) -> arb_mat:
    """``K = Uᵀ J V`` at the precision in force."""
    return from_floats(np.ascontiguousarray(U.T)) * J * from_floats(V)


def factorise(K: arb_mat, U: Floats, V: Floats, rank: int, *, wide: int, bits: int) -> Factorisation:
    """Enclose a factorisation of every J of the given rank with ``Uᵀ J V`` in K; raises ZeroPivotError.

    ``wide`` is the precision up to the elimination (range + target), ``bits`` the one after it.
    """
    with balls(wide):
        factors = ldr(K, rank)
    with balls(bits):
        exponents, scales = unit_scales(factors.pivots)
        A = columns_scaled(_solved(U, factors.L, bits), scales)
        return Factorisation(A, exponents, _solved(V, factors.R, bits), bits)


def _solved(U: Floats, L: arb_mat, bits: int) -> arb_mat:
    """``U⁻ᵀ L = U (UᵀU)⁻¹ L``."""
    ball = from_floats(U)
    defect = ball.transpose() * ball - identity(len(U))
    return ball * apply_inverse(rounded(L).transpose(), defect, bits).transpose()


def completed(U: Floats) -> Floats:
    """An m×m orthogonal matrix whose first columns are those of the orthonormal (m, r) matrix U.

    Entries are multiples of 2^-53: any U near the singular vectors will do, and products of short entries are
    quicker.
    """
    m, r = U.shape
    full = U
    if m != r:
        full = np.linalg.qr(U, mode="complete")[0]
        full[:, :r] = U
    return np.asarray(np.rint(full * _GRID) / _GRID)
