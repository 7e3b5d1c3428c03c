r"""Linear cost in depth: factorisations of stretches of the chain, merged at target precision.

With ``J_1 = A_1 2^{e_1} B_1ᵀ`` and ``J_2 = A_2 2^{e_2} B_2ᵀ`` (A, B well-conditioned, e descending) and
``B_2ᵀ A_1 = L·D·R`` (unit triangular, no pivoting),

    J_2 J_1 = A_2 L̃ · 2^{e_2} D 2^{e_1} · R̃ B_1ᵀ,   L̃ = 2^{e_2} L 2^{-e_2},   R̃ = 2^{-e_1} R 2^{e_1},

and L̃, R̃ only get closer to I than L, R. No matrix ever needs the range of the product: the entries
stay at target precision plus what the elimination of ``B_2ᵀ A_1`` loses, at each of the log2(N/g) levels.
(This is how an error in the middle of a chain is brought to its ends without growing: its lower triangle
to the left, its upper triangle to the right.) What L̃ and R̃ cost in orthogonality is regained at the
root by :func:`orthogonalised`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from flint import arb, arb_mat
from numpy.typing import NDArray

from jacspec.numerics.products.graded import svd_of_core
from jacspec.numerics.products.triangles import regrade
from jacspec.numerics.spectra.certified.ldr import ldr
from jacspec.numerics.spectra.certified.pairs import log2_magnitude
from jacspec.numerics.spectra.certified.refine import Factorisation
from jacspec.numerics.support.enclosures import columns_scaled, from_floats, power_of_two, to_floats
from jacspec.numerics.support.precision import balls

Floats = NDArray[np.float64]

_FAR = 900


def merged(outer: Factorisation, inner: Factorisation) -> Factorisation:
    """The factorisation of ``J_2 J_1``; raises ZeroPivotError where B_2ᵀA_1 has no LU. Ranks must agree."""
    with balls(outer.bits):
        middle = ldr(outer.B.transpose() * inner.A, len(outer.exponents))
        exponents, scales = [], []
        for pivot, left, right in zip(middle.pivots, outer.exponents, inner.exponents, strict=True):
            shift = round(log2_magnitude(pivot))
            exponents.append(left + right + shift)
            scales.append(pivot * power_of_two(-shift))
        A = columns_scaled(outer.A * _graded(middle.L, outer.exponents), scales)
        B = inner.B * _graded(middle.R, inner.exponents)
        return Factorisation(A, tuple(exponents), B, outer.bits)


def _graded(L: arb_mat, exponents: tuple[int, ...]) -> arb_mat:
    """``2^e L 2^{-e}`` for lower triangular L."""
    r = len(exponents)
    entries = L.entries()
    zero = arb(0)
    graded = [
        entries[i * r + j] * power_of_two(exponents[i] - exponents[j]) if i >= j else zero
        for i in range(r)
        for j in range(r)
    ]
    return arb_mat(r, r, graded)


def orthogonalised(state: Factorisation) -> Factorisation:
    """The same J with A, B orthogonal to float64 accuracy: ``B' = B·T``, ``A' = A·(2^e Tᵀ 2^{-e})⁻¹``.

    T is float64, hence exact. Its upper triangle comes from ``B⁻¹V``, its lower one, graded, from ``UᵀA``,
    where U, V are the float64 singular vectors of the graded product.
    """
    r = len(state.exponents)
    e = np.array(state.exponents, dtype=np.float64)
    A, B = to_floats(state.A), to_floats(state.B)
    Q, R = np.linalg.qr(A)
    scales, core = regrade(R, e)
    start = svd_of_core(Q, scales, core @ B.T)
    T = np.linalg.lstsq(B, start.V, rcond=None)[0]
    S = start.U.T @ A  # = diag(a)·2^e Tᵀ 2^{-e}
    S = np.asarray(S * (np.diag(T) / np.diag(S))[:, None], dtype=np.float64)
    difference = e[:, None] - e[None, :]  # e_i - e_j: negative below the diagonal
    from_left = np.abs(np.ldexp(S.T, np.clip(difference, -2000, 0).astype(np.int32)))
    lower = difference < 0
    scaled = np.ldexp(S.T, np.clip(difference, -_FAR, 0).astype(np.int32))
    far = lower & ((difference < -_FAR) | (from_left < 1e-290))
    T = np.where(lower, np.where(far, 0.0, scaled), T)
    with balls(state.bits):
        ball = from_floats(np.asarray(T, dtype=np.float64))
        entries = ball.entries()
        turned = [
            entries[j * r + i] * power_of_two(state.exponents[i] - state.exponents[j])
            for i in range(r)
            for j in range(r)
        ]
        # (2^e Tᵀ 2^-e)ᵀ A'ᵀ = Aᵀ
        matrix = arb_mat(r, r, turned).transpose()
        A_new = matrix.solve(state.A.transpose()).transpose()
        return Factorisation(A_new, state.exponents, state.B * ball, state.bits)


def pairwise(nodes: Sequence[Factorisation]) -> Factorisation:
    """Merge from the first applied to the last, in a balanced tree."""
    if len(nodes) == 1:
        return nodes[0]
    middle = len(nodes) // 2
    return merged(pairwise(nodes[middle:]), pairwise(nodes[:middle]))


def unit_columns(state: Factorisation) -> Factorisation:
    """Powers of two moved from the columns of A and B into the exponents."""
    with balls(state.bits):
        exponents = list(state.exponents)
        matrices = []
        for matrix in (state.A, state.B):
            r = matrix.ncols()
            squares = [arb(0)] * r
            for k, entry in enumerate(matrix.entries()):
                squares[k % r] += entry.mid() * entry.mid()
            shifts = [round(log2_magnitude(x) / 2) for x in squares]
            exponents = [e + s for e, s in zip(exponents, shifts, strict=True)]
            matrices.append(columns_scaled(matrix, [power_of_two(-s) for s in shifts]))
        return Factorisation(matrices[0], tuple(exponents), matrices[1], state.bits)
