"""Log singular values of a product in float64: given only where rounding cannot matter."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from jacspec.proofs_check.experiments.training.network import partial_products

LOG_RESOLUTION: Final = 1e-6
"""Largest error (in nats) that a log singular value may have and still be recorded."""


def resolved_log_singular_values(factors: NDArray[np.float64], top: int) -> NDArray[np.float64]:
    """Log of the `top` largest singular values of ``M_N ⋯ M_1``, NaN where float64 cannot tell.

    With ``P_l`` the computed partial products and ``u = 2⁻⁵³``, ``γ = nu/(1 - nu)``, the error of
    the computed product is at most ``E_N``, where ``E_1 = 0`` and

        E_{l+1} = ‖M_{l+1}‖₂ E_l + γ ‖M_{l+1}‖_F ‖P_l‖_F + n²ω

    (Higham 2002, eq. 3.13; ``ω``, the smallest normal number, covers underflow); the SVD adds
    about ``nεs_1`` (LAPACK's backward stability, whose constant is an estimate). By Weyl's
    inequality every singular value is off by no more than the sum ``e`` of both, so ``log s_k``
    is off by less than ``2e/s_k`` once ``s_k > 2e``. A value is given when that is at most
    `LOG_RESOLUTION`; any other might be rounding noise, of a zero singular value for instance.
    For certified values of all of them use `jacspec.spectrum`.

    Parameters
    ----------
    factors
        Shape ``(N, n, n)``, first applied first.
    top
        How many values are wanted; the result has shape ``(top,)`` and is descending.
    """
    width = factors.shape[-1]
    logs = np.full(top, np.nan)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        partial = partial_products(factors)
        if not np.isfinite(partial).all():
            return logs
        spectral = np.linalg.norm(factors, ord=2, axis=(-2, -1))
        unit = np.finfo(np.float64).eps / 2
        gamma = width * unit / (1 - width * unit)
        underflow = width**2 * np.finfo(np.float64).tiny
        error = underflow
        for M, P, norm in zip(factors[1:], partial[1:-1], spectral[1:], strict=True):
            error = norm * error + gamma * _frobenius(M) * _frobenius(P) + underflow
        values = np.linalg.svd(partial[-1], compute_uv=False)[:top]
        error += 2 * width * unit * values[0]
        resolved = 2 * error <= LOG_RESOLUTION * values
    logs[resolved] = np.log(values[resolved])
    return logs


def _frobenius(X: NDArray[np.float64]) -> float:
    """``‖X‖_F``, scaled first: squares of small entries would underflow."""
    largest = float(np.max(np.abs(X)))
    return largest * float(np.linalg.norm(X / largest)) if largest else 0.0
