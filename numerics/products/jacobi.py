"""``X = T·2^e = U·diag(s)·Vᵀ`` by one-sided Jacobi rotations, at any dynamic range, in float64.

Z. Drmač, K. Veselić, *New fast and accurate Jacobi SVD algorithm I, II*, SIAM J. Matrix Anal. Appl. 29
(2008): for well-conditioned T every singular value has a relative error of about ``cond(T)·1e-16``,
however large the range of the column scales. An estimate, not an enclosure.

The scales never meet the entries. A rotation of columns ``i, j`` with ``ρ = 2^{e_j-e_i} ≤ 1``, ``τ = tan/ρ``,

    x_i ← c (x_i - ρ²τ x_j),    x_j ← c (τ x_i + x_j),    τ = 2g / (β + sign(β) √(β² + 4ρ²g²)),
    g = x_i·x_j,  β = ρ²‖x_j‖² - ‖x_i‖²,  c = 1/√(1 + ρ²τ²),

divides by nothing small and may let ρ underflow: it then is a Gram–Schmidt step. All n/2 disjoint pairs
of a round are rotated at once; a leading batch axis is carried along.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Graded", "jacobi"]

Floats = NDArray[np.float64]

_SWEEPS = 40
_TINY = 1e-290


@dataclass(frozen=True)
class Graded:
    """``T·diag(2^e) = U·diag(σ·2^e)·Vᵀ``; batch axes first.

    ``sigma`` holds the O(1) parts of the singular values, in the order of the columns (not sorted).
    """

    U: Floats
    sigma: Floats
    V: Floats


def jacobi(T: Floats, exponents: Floats, *, vectors: bool = True) -> Graded:
    """Decompose; T has shape (…, m, r) with m ≥ r, exponents (…, r) must not increase along the last axis."""
    m, r = T.shape[-2:]
    batch = T.shape[:-2]
    x = np.ascontiguousarray(np.swapaxes(T, -1, -2))  # columns as rows
    v = np.broadcast_to(np.eye(r), (*batch, r, r)).copy() if vectors else None
    if vectors:  # the graded right factor 2^e V 2^{-e} turns exactly as the columns do
        x = np.concatenate([x, np.broadcast_to(np.eye(r), (*batch, r, r))], axis=-1)
    rounds = _tournament(r)
    tolerance = 4e-16 * np.sqrt(m)
    for _ in range(_SWEEPS):
        if _largest_cosine(x[..., :m]) <= tolerance:
            break
        for first, second in rounds:
            _rotate(x, v, m, exponents, first, second, tolerance)
    columns = x[..., :m]
    sigma = np.sqrt(np.einsum("...km,...km->...k", columns, columns))
    safe = np.where(sigma > 0, sigma, 1.0)
    U = np.swapaxes(columns / safe[..., None], -1, -2)
    if v is None:
        return Graded(U, sigma, np.zeros((*batch, 0, 0)))
    # V_ij = W_ij 2^{e_j-e_i}: W is the accurate one where e_j < e_i, V itself elsewhere.
    V, W = np.swapaxes(v, -1, -2), np.swapaxes(x[..., m:], -1, -2)
    difference = exponents[..., None, :] - exponents[..., :, None]
    V = np.where(difference < 0, np.ldexp(W, np.maximum(difference, -1100).clip(max=0).astype(np.int32)), V)
    return Graded(U, sigma, V)


def _rotate(
    x: Floats,
    v: Floats | None,
    m: int,
    exponents: Floats,
    first: NDArray[Any],
    second: NDArray[Any],
    tolerance: float,
) -> None:
    xi, xj = x[..., first, :], x[..., second, :]
    a = np.einsum("...km,...km->...k", xi[..., :m], xi[..., :m])
    b = np.einsum("...km,...km->...k", xj[..., :m], xj[..., :m])
    g = np.einsum("...km,...km->...k", xi[..., :m], xj[..., :m])
    active = np.abs(g) > tolerance * np.sqrt(a * b)
    if not active.any():
        return
    rho = np.exp2(np.maximum(exponents[..., second] - exponents[..., first], -1074.0))
    beta = rho * rho * b - a
    root = np.sqrt(beta * beta + (2 * rho * g) ** 2)
    denominator = np.where(beta >= 0, beta + root, beta - root)
    active &= np.abs(denominator) > _TINY
    tau = np.where(active, 2 * g / np.where(active, denominator, 1.0), 0.0)
    tangent = rho * tau
    c = 1 / np.sqrt(1 + tangent * tangent)
    x[..., first, :] = c[..., None] * (xi - (rho * tangent)[..., None] * xj)
    x[..., second, :] = c[..., None] * (tau[..., None] * xi + xj)
    if v is not None:
        vi, vj = v[..., first, :], v[..., second, :]
        v[..., first, :] = c[..., None] * (vi - tangent[..., None] * vj)
        v[..., second, :] = c[..., None] * (tangent[..., None] * vi + vj)


def _largest_cosine(columns: Floats) -> float:
    """Max |x_i·x_j|/(‖x_i‖‖x_j‖) over i ≠ j: one matrix product."""
    norms = np.sqrt(np.einsum("...km,...km->...k", columns, columns))
    unit = columns / np.where(norms > 0, norms, 1.0)[..., None]
    gram = np.abs(unit @ np.swapaxes(unit, -1, -2))
    index = np.arange(gram.shape[-1])
    gram[..., index, index] = 0
    return float(gram.max(initial=0.0))


def _tournament(size: int) -> list[tuple[NDArray[Any], NDArray[Any]]]:
    """Every pair i < j once, in rounds of disjoint pairs (the circle method)."""
    players = list(range(size + size % 2))
    rounds = []
    for _ in range(len(players) - 1):
        half = len(players) // 2
        pairs = [sorted(pair) for pair in zip(players[:half], reversed(players[half:]), strict=True)]
        pairs = [pair for pair in pairs if pair[1] < size]
        if pairs:
            table = np.array(pairs)
            rounds.append((table[:, 0], table[:, 1]))
        players = [players[0], players[-1], *players[1:-1]]
    return rounds
