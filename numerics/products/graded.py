"""All log singular values of ``J = M_N ⋯ M_1`` in float64, at any depth: the graded product.

``J = Q·2^e·T·Vᵀ`` with Q, V orthonormal, e integer scales and T well-conditioned and upper triangular
(Stewart, *On graded QR decompositions of products of matrices*, ETNA 3 (1995)); one step is

    M·Q = Q'·R,    2^{e'}·T'' = R·2^e,    T ← T''·T,

after which a one-sided Jacobi SVD of the graded core (:mod:`jacobi`) gives values and vectors with high
relative accuracy. Estimates: about 1e-12 in each log for chains whose range grows with depth; no enclosure,
but with an estimate of the error. A step rounds MQ to about ``u‖M‖``, and mode k leaves it with the gain
``R_kk``:

    |δ log s_k| ≲ u cond(T) (Σ_l (‖M_l‖/R_kk(l))²)^{1/2},   u = 2^-52.

Two passes: the first, over the transposed chain, finds V, the row space; the second sweeps from V, so
that the scales leave in descending order. A stream, which can only be read once, does with the second.
Every function carries leading batch axes: factors of shape (…, m, n).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jacspec.numerics.products.jacobi import jacobi

Floats = NDArray[np.float64]

_LOG2 = float(np.log(2.0))
_NORMALISE = 64

_PAIRED = 4
"""Entries of a product of factors, in squares of the rank, up to which it costs less than it saves."""

_RANGE, _MOST = 25.0, 16
"""Bits of range, estimated from the factors before, and number of factors that are multiplied before a QR."""

_ERROR = 8 * 2.0**-52
"""u above, and what it was short of the error in thousands of chains of every kind."""

_STEEPEST = 900
"""Bits by which an entry of R may be scaled up, far from float64's range."""

_SAFE = 1e-100
"""The same for the largest entry of a scaled row."""

_LOWEST = -(2.0**50)
"""The scale of a row that is exactly zero: below anything that a chain can reach."""


@dataclass(frozen=True)
class GradedSVD:
    """Estimates ``J = U·diag(σ·2^e)·Vᵀ``, descending; a zero singular value has σ = 0.

    ``error`` estimates by how much a log singular value may be off, one figure for all of a product; NaN for
    a core that did not come from a sweep.
    """

    U: Floats
    exponents: Floats
    sigma: Floats
    V: Floats
    error: Floats

    @property
    def log_singular_values(self) -> Floats:
        """Ln s_k, -inf for zero."""
        with np.errstate(divide="ignore"):
            return self.exponents * _LOG2 + np.log(self.sigma)


class Sweep:
    """The running factorisation ``M_k ⋯ M_1 V = Q·2^e·T``, in constant memory.

    ``strain`` is ``Σ_l (‖M_l‖/R_kk(l))²`` for each mode, with the longest row of M_l for its norm.
    """

    def __init__(self, start: Any) -> None:
        self.Q = start
        batch, rank = start.shape[:-2], start.shape[-1]
        self.T: Floats = np.broadcast_to(np.eye(rank), (*batch, rank, rank))
        self.exponents = np.zeros((*start.shape[:-2], start.shape[-1]))
        self.logs = np.zeros_like(self.exponents)
        self.strain = np.zeros_like(self.exponents)
        self._steps = 0

    def apply(self, factor: Floats) -> None:
        """Multiply by one more factor from the left."""
        scaled, shift = _scaled(factor)
        self.Q, R = np.linalg.qr(scaled @ self.Q)
        self.absorb(R, shift, np.einsum("...ij,...ij->...i", scaled, scaled).max(axis=-1))

    def absorb(self, R: Floats, shift: Floats, squared: Floats) -> None:
        """Multiply the core by ``2^shift·R``, of a factor whose norm, squared, is about ``squared``."""
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            self.strain = self.strain + squared[..., None] / np.diagonal(R, axis1=-2, axis2=-1) ** 2
        before = self.exponents + shift[..., None]
        self.exponents, row_scaled = regrade(R, before)
        self.T = row_scaled @ self.T
        self._steps += 1
        if self._steps % _NORMALISE == 0:  # each step halves the rows of T at most; they must not underflow
            _, sizes = np.frexp(np.abs(self.T).max(axis=-1))
            self.T = np.ldexp(self.T, -sizes[..., None])
            self.exponents = self.exponents + sizes

    def apply_exponents(self, factor: Floats) -> None:
        """The same step, of which only the logs of the R-diagonals are kept."""
        scaled, shift = _scaled(factor)
        self.Q, R = np.linalg.qr(scaled @ self.Q)
        with np.errstate(divide="ignore"):
            diagonal = np.log(np.abs(np.diagonal(R, axis1=-2, axis2=-1)))
        self.logs = self.logs + diagonal + shift[..., None] * _LOG2


def regrade(R: Floats, exponents: Floats) -> tuple[Floats, Floats]:
    """``R·2^e = 2^{e'}·T`` for R upper triangular, the rows of T of size about 1; no entry overflows."""
    r = R.shape[-1]
    if R.shape[-2] == r and (exponents[..., 1:] <= exponents[..., :-1] + _STEEPEST / r).all():
        T = R * np.exp2(np.minimum(exponents[..., None, :] - exponents[..., :, None], _STEEPEST))
        largest = np.abs(T).max(axis=-1)
        if ((largest > _SAFE) & (largest < 1 / _SAFE)).all():
            _, shift = np.frexp(largest)
            T *= np.exp2(-shift.astype(np.float64))[..., None]
            return exponents + shift, T
    _, binary = np.frexp(R)
    sizes = np.where(R != 0, binary + exponents[..., None, :], _LOWEST)
    rows = sizes.max(axis=-1)
    shift = np.clip(exponents[..., None, :] - rows[..., :, None], -1200, 1200)
    return rows, np.ldexp(R, shift.astype(np.int32))


def svd_of_core(
    Q: Floats,
    exponents: Floats,
    T: Floats,
    V: Floats | None = None,
    *,
    vectors: bool = True,
    strain: Floats | None = None,
) -> GradedSVD:
    """The SVD of ``Q·2^e·T·Vᵀ``: QR of Tᵀ, then Jacobi on the lower triangular graded core.

    ``strain`` is that of the sweep from which the core comes.
    """
    error = np.full(T.shape[:-2], np.nan) if strain is None else _estimated_error(strain, T)
    Q2, R2 = np.linalg.qr(np.swapaxes(T, -1, -2))
    rows, T2 = regrade(R2, exponents)
    order = np.argsort(-rows, axis=-1, kind="stable")
    rows = np.take_along_axis(rows, order, -1)
    lower = np.take_along_axis(np.swapaxes(T2, -1, -2), order[..., None, :], -1)
    core = jacobi(lower, rows, vectors=vectors)
    if not vectors:
        return GradedSVD(core.U, core.exponents, core.sigma, core.V, error)
    right = np.take_along_axis(Q2, order[..., None, :], -1) @ core.V
    if V is not None:
        right = V @ right
    return GradedSVD(Q @ core.U, core.exponents, core.sigma, right, error)


def _estimated_error(strain: Floats, T: Floats) -> Floats:
    """The error of the logs by first order, see above; infinite where a mode vanishes on the way."""
    with np.errstate(all="ignore"):
        rows = T / np.sqrt(np.einsum("...ij,...ij->...i", T, T))[..., None]
        worst = np.sqrt(strain.max(axis=-1))
        if not np.isfinite(rows).all():
            return np.full(T.shape[:-2], np.inf)
        return np.asarray(_ERROR * np.linalg.cond(rows) * worst)


def graded_svd(factors: Sequence[Floats], *, rank: int | None = None, vectors: bool = True) -> GradedSVD:
    """Two passes over a chain; ``factors[0]`` is M_1. ``rank``: how many singular values are wanted."""
    narrowest = min(min(factor.shape[-2:]) for factor in factors)
    V = row_space(factors, narrowest if rank is None else rank)
    forward = Sweep(V)
    for factor in factors:
        forward.apply(factor)
    return svd_of_core(forward.Q, forward.exponents, forward.T, V, vectors=vectors, strain=forward.strain)


def row_space(factors: Sequence[Floats], rank: int) -> Floats:
    """The first pass: orthonormal columns near the leading right singular vectors of the product.

    Several factors at a time where their product is small and of little range: fewer factorisations, and
    nothing that follows needs these columns to more than a few digits.
    """
    last = factors[-1]
    Q = _start(last.shape[-2], rank, last.shape[:-2])
    held, count, wanted = np.swapaxes(last, -1, -2), 1, 2
    for factor in reversed(factors[:-1]):
        mirrored = np.swapaxes(factor, -1, -2)
        if count < wanted and mirrored.shape[-2] * held.shape[-1] <= _PAIRED * rank**2:
            held, count = _scaled(mirrored)[0] @ _scaled(held)[0], count + 1
            continue
        Q, R = np.linalg.qr(_scaled(held)[0] @ Q)
        sizes = np.abs(np.diagonal(R, axis1=-2, axis2=-1))
        with np.errstate(divide="ignore", invalid="ignore"):
            lost = float(np.log2(sizes.max(axis=-1) / sizes.min(axis=-1)).max())
        wanted = max(int(count * _RANGE / lost), 1) if lost > 1 else _MOST
        held, count, wanted = mirrored, 1, min(wanted, _MOST)
    return np.asarray(np.linalg.qr(_scaled(held)[0] @ Q)[0], dtype=np.float64)


def graded_svd_of_stream(factors: Iterable[Floats], *, vectors: bool = True) -> GradedSVD:
    """One pass over an iterator of factors, in constant memory; expects no width below the first's."""
    sweep: Sweep | None = None
    start: Floats | None = None
    for factor in factors:
        if sweep is None:
            start = np.swapaxes(np.linalg.svd(factor, full_matrices=False)[2], -1, -2)
            sweep = Sweep(start)
        sweep.apply(factor)
    if sweep is None or start is None:
        message = "the stream is empty; expected at least one factor"
        raise ValueError(message)
    return svd_of_core(sweep.Q, sweep.exponents, sweep.T, start, vectors=vectors, strain=sweep.strain)


def finite_time_exponents(factors: Iterable[Floats]) -> Floats:
    """``Σ_k ln|R_k,ii|`` of the QR sweep from I: *not* the log singular values (off by O(1) in each)."""
    sweep: Sweep | None = None
    for factor in factors:
        if sweep is None:
            sweep = Sweep(_start(factor.shape[-1], factor.shape[-1], factor.shape[:-2]))
        sweep.apply_exponents(factor)
    if sweep is None:
        message = "the stream is empty; expected at least one factor"
        raise ValueError(message)
    return sweep.logs


def _scaled(factor: Floats) -> tuple[Floats, Floats]:
    """``M = 2^k·M̃``: k = 0, or entries of M̃ of at most 1, so that 1e300 does not overflow in the sweep."""
    largest = np.abs(factor).max(axis=(-2, -1))
    if ((largest > _SAFE) & (largest < 1 / _SAFE)).all():
        return factor, np.zeros(largest.shape)
    _, k = np.frexp(largest)
    return np.ldexp(factor, -k[..., None, None]), k.astype(np.float64)


def _start(size: int, r: int, batch: tuple[int, ...]) -> Floats:
    if size == r:
        start = np.eye(size)
    else:  # generic: no row space is orthogonal to it
        start = np.linalg.qr(np.random.default_rng(20240607).normal(size=(size, r)))[0]
    return np.broadcast_to(start, (*batch, size, r)).copy()
