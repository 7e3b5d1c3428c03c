"""Singular values of ``X = R·2^e``, R upper triangular, by LAPACK's plain SVD: a tenth of Jacobi's time.

Where R is well-conditioned and e does not increase, X is graded in rows and columns, and bidiagonalisation
keeps the relative accuracy of every value, though no theorem says so of any X. Two traces do: by

    Σ log s_k = Σ log |X_kk|,    Σ s_k⁻² = ‖X⁻¹‖²

the second of which is that of the values that would go wrong, and each of which triangles have to rounding,
what is wrong shows. How far they are missed is an error like others; where it is much, Jacobi decides.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jacspec.numerics.products.frames import blas, lapack
from jacspec.numerics.products.jacobi import jacobi
from jacspec.numerics.products.triangles import regrade

Floats = NDArray[np.float64]

_SPAN = 900
"""Bits that the exponents may span."""

_MISSED = 2.0**-37
"""By how much the traces may be missed."""

_EXACT, _COLUMNS, _ROUNDS = 64, 8, 6


def values(R: Floats, exponents: Floats) -> tuple[Floats, Floats, Floats]:
    """Exponents e' and σ with ``s_k = σ_k·2^{e'_k}``, descending, and by how much the traces are missed."""
    batch, r = R.shape[:-2], R.shape[-1]
    R, exponents = R.reshape(-1, r, r), exponents.reshape(-1, r)
    nonzero = R != 0
    ranks = ((nonzero.any(axis=1) | nonzero.any(axis=2)) * np.arange(1, r + 1)).max(axis=1)
    scales, sigma, missed = exponents.copy(), np.zeros(exponents.shape), np.zeros(len(R))
    for rank in np.unique(ranks[ranks > 0]):  # what follows is zero, rows and columns
        at = ranks == rank
        block = _values(R[at, :rank, :rank], exponents[at, :rank])
        scales[at, :rank], sigma[at, :rank], missed[at] = block
    return scales.reshape(*batch, r), sigma.reshape(*batch, r), missed.reshape(batch)


def _values(R: Floats, exponents: Floats) -> tuple[Floats, Floats, Floats]:
    """:func:`values` of a row of triangles."""
    with np.errstate(all="ignore"):
        middle = np.rint((exponents.max(axis=-1) + exponents.min(axis=-1)) / 2)[:, None]
        X = R * np.exp2(exponents - middle)[:, None, :]
        usable = np.isfinite(X).all(axis=(1, 2)) & (np.diagonal(X, axis1=1, axis2=2) != 0).all(axis=1)
        usable &= np.ptp(exponents, axis=1) <= _SPAN
        found, missed = _traced(
            X if usable.all() else np.where(usable[:, None, None], X, np.eye(R.shape[-1]))
        )
    sigma, binary = np.frexp(found)
    scales = binary + middle
    for at in np.flatnonzero(~(usable & (missed <= _MISSED))):
        lower, rows, _ = lower_core(R[at], exponents[at])
        core = jacobi(lower, rows, vectors=False)
        scales[at], sigma[at], missed[at] = core.exponents, core.sigma, 0.0
    return scales, sigma, missed


def _traced(X: Floats) -> tuple[Floats, Floats]:
    """The singular values of upper triangles without zeros on the diagonal, and what the traces miss."""
    found = np.asarray(np.linalg.svd(X, compute_uv=False), dtype=np.float64)
    inverse = lapack().dtrtri(X[0])[0][None] if len(X) == 1 else np.linalg.inv(X)
    logs = np.log(found).sum(axis=-1) - np.log(np.abs(np.diagonal(X, axis1=1, axis2=2))).sum(axis=-1)
    least = found[:, -1:]
    squares = ((np.triu(inverse) * least[..., None]) ** 2).sum(axis=(1, 2))
    return found, np.maximum(np.abs(logs), np.abs(squares / ((least / found) ** 2).sum(axis=1) - 1) / 2)


def lower_core(R: Floats, exponents: Floats) -> tuple[Floats, Floats, NDArray[np.intp]]:
    """``(R·2^e)ᵀ = L·2^{e'}``, e' not increasing, up to an order of the columns of L, which is the last."""
    rows, T = regrade(R, exponents)
    order = np.argsort(-rows, axis=-1, kind="stable")
    L = np.take_along_axis(np.swapaxes(T, -1, -2), order[..., None, :], -1)
    return L, np.take_along_axis(rows, order, -1), order


def condition(R: Floats) -> Floats:
    """The condition of upper triangles; of a wide one an estimate, a few per cent low at most."""
    if R.ndim > 2 or len(R) <= _EXACT:
        return np.asarray(np.linalg.cond(R))
    norms = []
    for inverse in (False, True):
        frame = np.random.default_rng(20261128).standard_normal((len(R), _COLUMNS))
        for _ in range(_ROUNDS):
            there = _times(R, frame, inverse=inverse)
            frame = np.linalg.qr(_times(R, there, inverse=inverse, transposed=True))[0]
        norms.append(np.linalg.norm(_times(R, frame, inverse=inverse), 2))
    return np.asarray(norms[0] * norms[1])


def _times(R: Floats, columns: Floats, *, inverse: bool, transposed: bool = False) -> Floats:
    """``R``, ``R⁻¹`` or their transposes times columns."""
    if inverse:
        return np.asarray(lapack().dtrtrs(R, columns, trans=int(transposed))[0])
    return np.asarray(blas().dtrmm(1.0, R, columns, trans_a=int(transposed)))
