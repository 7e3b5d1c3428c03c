"""All log singular values of ``J = M_N ⋯ M_1`` in float64, at any depth: the graded product.

``J = Q·2^e·T·Vᵀ`` with Q, V orthonormal, e integer scales and T well-conditioned and upper triangular
(Stewart, *On graded QR decompositions of products of matrices*, ETNA 3 (1995)); one step is

    M·Q = Q'·R,    2^{e'}·T'' = R·2^e,    T ← T''·T,

after which an SVD of the graded core (:mod:`plain`, :mod:`jacobi`) gives values and vectors with high
relative accuracy. Estimates: about 1e-12 in each log for chains whose range grows with depth; no enclosure,
but with an estimate of the error. A step rounds MQ to about ``u‖M‖``, and mode k leaves it with the gain
``R_kk``; it is turned towards mode k+1 besides, whose share grows where that mode grows more for a while, and
comes back by R_{k,k+1}, of which rounding, spread over r modes, has its share:

    |δ log s_k| ≲ u cond(T) (Σ_l (ε_k(l)² + τ_k(l)²))^{1/2},   ε_k(l) = ‖M_l‖/R_kk(l),   u = 2^-52,
    τ_k(l)² = (2/r) (R_{k,k+1}(l)/R_kk(l))² Σ_{m<l} ε_k(m)² g_k(m+1) ⋯ g_k(l-1),   g_k = (R_{k+1,k+1}/R_kk)².

Two passes: the first, over the transposed chain, finds V, the row space; the second sweeps from V, so
that the scales leave in descending order. A stream, which can only be read once, does with the second.
Every function carries leading batch axes: factors of shape (…, m, n).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jacspec.numerics.products.frames import Frame, corrected, factorised, formed, inverse_norm, moved
from jacspec.numerics.products.jacobi import jacobi
from jacspec.numerics.products.plain import condition, lower_core, values
from jacspec.numerics.products.row_space import AT_ONCE, prepared, row_space, scaled, start_of
from jacspec.numerics.products.triangles import multiplied

Floats = NDArray[np.float64]

_LOG2 = float(np.log(2.0))
_ERROR = 8 * 2.0**-52
"""u above, and what it was short of the error in thousands of chains of every kind."""

_DEEP = 4
"""Steps of a batch that wait to enter the core."""

_BATCH = 2**17
"""Entries of triangles of a batch that wait together; so many a cache holds."""

_MOST = 500
"""Bits of a term of the strain."""

_STEEP, _STEEPEST = 2.0**11, 2.0**36
"""``‖M‖/R_kk`` from which the rounding of a step is measured and taken back, and ``‖M‖‖R⁻¹‖`` up to which
that is of use."""

_CORRECTED = 2.0**-10
"""What is left of it: E is known to 2^-62, where rounding is 2^-52. What solving for E R⁻¹ costs is added."""


@dataclass(frozen=True)
class GradedSVD:
    """Estimates ``J = U·diag(σ·2^e)·Vᵀ``, descending; a zero singular value has σ = 0.

    ``error`` estimates by how much a log singular value may be off, one figure for all of a product; NaN for
    batches, and for a core that did not come from a sweep. ``steepest`` is the largest ``‖M_l‖‖R(l)⁻¹‖`` of
    square factors, where that was asked for.
    """

    U: Floats
    exponents: Floats
    sigma: Floats
    V: Floats
    error: Floats
    steepest: float = math.inf

    @property
    def log_singular_values(self) -> Floats:
        """Ln s_k, -inf for zero."""
        with np.errstate(divide="ignore"):
            return self.exponents * _LOG2 + np.log(self.sigma)


class Sweep:
    """The running factorisation ``M_k ⋯ M_1 V = Q·2^e·T``, in constant memory.

    ``strain`` is ``Σ_l (ε_k(l)² + τ_k(l)²)`` for each mode, with the longest row of M_l for its norm, where
    that is wanted (``estimating``). R waits to enter the core with others until there are many, or the core
    is asked for. ``steepest`` is the largest ``‖M_l‖‖R(l)⁻¹‖``, Frobenius norms, of square factors that are
    no batch, where ``careful``: where it is large, the rounding of a step is measured and taken back.
    """

    def __init__(self, start: Any, *, estimating: bool = True, careful: bool = False) -> None:
        self._frame: Frame = start
        batch, rank = start.shape[:-2], start.shape[-1]
        self._T: Floats = np.broadcast_to(np.eye(rank), (*batch, rank, rank))
        self._exponents = np.zeros((*batch, rank))
        self._estimating = estimating
        self._turned = np.full((*batch, rank - 1), -np.inf)
        self._strain, self.logs = np.zeros_like(self._exponents), np.zeros_like(self._exponents)
        self._held: list[tuple[Floats, Floats, Floats]] = []
        self._careful, self.steepest = careful, 0.0

    @property
    def Q(self) -> Any:
        """The frame behind the factors so far."""
        self._frame = formed(self._frame)
        return self._frame

    @Q.setter
    def Q(self, frame: Any) -> None:
        self._frame = frame

    @property
    def T(self) -> Floats:
        """The core."""
        self._flush()
        return self._T

    @property
    def exponents(self) -> Floats:
        """The scales e."""
        self._flush()
        return self._exponents

    @property
    def strain(self) -> Floats:
        """See above."""
        self._flush()
        return self._strain

    def apply(self, factor: Floats) -> None:
        """Multiply by one more factor from the left."""
        self.step(*scaled(factor))

    def step(self, factor: Floats, shift: Floats, squared: Floats) -> None:
        """The same of ``2^shift·factor``, ``squared`` the length, squared, of its longest row."""
        before = self._frame
        self._frame, R = factorised(moved(factor, before))
        norm = math.sqrt(len(factor) * squared) if self._careful else 0.0
        steep = norm * inverse_norm(R, 2 * norm) if self._careful else 0.0
        self.steepest = max(self.steepest, steep)
        if not _STEEP < steep < _STEEPEST or math.sqrt(squared) < _STEEP * np.abs(np.diagonal(R)).min():
            self.absorb(R, shift, squared)
            return
        left = _CORRECTED**2 + (_ERROR * steep) ** 2
        self.absorb(R, shift, left * squared)
        self._frame, R = factorised(corrected(factor, formed(before), self.Q, R))
        self.absorb(R, np.zeros(()), np.ones(()))

    def absorb(self, R: Floats, shift: Floats, squared: Floats) -> None:
        """Multiply the core by ``2^shift·R``, of a factor whose norm, squared, is about ``squared``."""
        if self._held and self._held[-1][0].shape != R.shape:
            self._flush()
        self._held.append((R, shift, squared))
        if len(self._held) * R.size >= (AT_ONCE if R.ndim == 2 else _BATCH):
            self._flush()

    def _flush(self) -> None:
        if not self._held:
            return
        R = [triangle for triangle, _, _ in self._held]
        shift, squared = (np.array(parts) for parts in list(zip(*self._held, strict=True))[1:])
        self._held = []
        diagonals, beside = (np.array([np.diagonal(X, k, -2, -1) for X in R]) for k in (0, 1))
        self._exponents, self._T, scales = multiplied(R, diagonals, shift, self._exponents, self._T)
        if not self._estimating:
            return
        with np.errstate(all="ignore"):
            diagonal, beside = 2 * np.log2(np.abs(diagonals)), 2 * np.log2(np.abs(beside))
            steps = np.log2(squared)[..., None] - diagonal
            apart = 2 * (scales[..., :-1] - scales[..., 1:])
            turned = np.concatenate([self._turned[None], steps[..., :-1] + apart])
            turned = np.logaddexp2.accumulate(turned, axis=0)
            turns = turned[:-1] - apart + beside - diagonal[..., 1:] - math.log2(diagonal.shape[-1] / 2)
            self._turned = turned[-1] - apart[-1] + 2 * (self._exponents[..., :-1] - self._exponents[..., 1:])
            self._strain = self._strain + np.exp2(np.minimum(steps, _MOST)).sum(axis=0)
            self._strain[..., :-1] += np.exp2(np.minimum(turns, _MOST)).sum(axis=0)

    def apply_exponents(self, factor: Floats) -> None:
        """The same step as :meth:`apply`, of which only the logs of the R-diagonals are kept."""
        M, shift, _ = scaled(factor)
        self._frame, R = factorised(moved(M, self._frame))
        with np.errstate(divide="ignore"):
            diagonal = np.log(np.abs(np.diagonal(R, axis1=-2, axis2=-1)))
        self.logs = self.logs + diagonal + shift[..., None] * _LOG2


def svd_of_core(
    Q: Floats,
    exponents: Floats,
    T: Floats,
    V: Floats | None = None,
    *,
    vectors: bool = True,
    strain: Floats | None = None,
) -> GradedSVD:
    """The SVD of ``Q·2^e·T·Vᵀ``: QR of Tᵀ, then :mod:`jacobi` on the lower triangular graded core.

    ``strain`` is that of the sweep from which the core comes. For values alone LAPACK's plain SVD does where
    two traces say so (:mod:`plain`).
    """
    if vectors or T.ndim > 2:
        Q2, R2 = np.linalg.qr(np.swapaxes(T, -1, -2))
    else:
        R2 = np.triu(factorised(T.T)[1])
    error = np.full(T.shape[:-2], np.nan) if strain is None else _estimated_error(strain, R2)
    if not vectors:
        scales, sigma, missed = values(R2, exponents)
        nothing = np.empty((*T.shape[:-2], 0, 0))
        return GradedSVD(nothing, scales, sigma, nothing, error + missed)
    lower, rows, order = lower_core(R2, exponents)
    core = jacobi(lower, rows)
    right = np.take_along_axis(Q2, order[..., None, :], -1) @ core.V
    if V is not None:
        right = V @ right
    return GradedSVD(Q @ core.U, core.exponents, core.sigma, right, error)


def _estimated_error(strain: Floats, R: Floats) -> Floats:
    """The error of the logs by first order, see above, for ``T = RᵀQᵀ``; infinite where a mode vanishes."""
    with np.errstate(all="ignore"):
        columns = R / np.sqrt(np.einsum("...ij,...ij->...j", R, R))[..., None, :]
        if not np.isfinite(columns).all():
            return np.full(R.shape[:-2], np.inf)
        return np.asarray(_ERROR * condition(columns) * np.sqrt(strain.max(axis=-1)))


def graded_svd(
    factors: Sequence[Floats], *, rank: int | None = None, vectors: bool = True, careful: bool = False
) -> GradedSVD:
    """Two passes over a chain; ``factors[0]`` is M_1. ``rank``: how many singular values are wanted.

    ``careful`` asks for ``steepest``, of square factors that are no batch.
    """
    first, most = factors[0], max(_BATCH // (_DEEP * max(each[0].size for each in factors)), 1)
    if first.ndim == 3 and len(first) > most:
        parts = [
            graded_svd([factor[start : start + most] for factor in factors], rank=rank, vectors=vectors)
            for start in range(0, len(first), most)
        ]
        together = [(part.U, part.exponents, part.sigma, part.V, part.error) for part in parts]
        U, exponents, sigma, right, error = (np.concatenate(part) for part in zip(*together, strict=True))
        return GradedSVD(U, exponents, sigma, right, error)
    narrowest = min(min(factor.shape[-2:]) for factor in factors)
    steps = prepared(factors)
    V = row_space(steps, narrowest if rank is None else rank)
    estimating = first.ndim == 2
    forward = Sweep(V, estimating=estimating, careful=careful)
    for step in steps:
        forward.step(*step)
    Q = forward.Q if vectors else V
    strain = forward.strain if estimating else None
    found = svd_of_core(Q, forward.exponents, forward.T, V, vectors=vectors, strain=strain)
    return replace(found, steepest=forward.steepest) if careful else found


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
            sweep = Sweep(start_of(factor.shape[-1], factor.shape[-1], factor.shape[:-2]))
        sweep.apply_exponents(factor)
    if sweep is None:
        message = "the stream is empty; expected at least one factor"
        raise ValueError(message)
    return sweep.logs
