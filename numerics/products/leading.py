"""The k largest singular values of ``J = M_N ⋯ M_1`` from what the factors do to columns: estimates.

Block iteration with JᵀJ, in which the columns are made orthonormal after every factor, so that s_k far below
s_1 does not drown (:mod:`graded`). One round, with the leading columns only of W and Z:

    JX = Q·2^e·T,    2^e·T = W·diag(s)·Zᵀ,    U = QW, V = XZ,    JᵀU = V'·2^{e'}·T'.

The next X spans V', V and the V before, as in A. V. Knyazev, *Toward the optimal preconditioned eigensolver*,
SIAM J. Sci. Comput. 23 (2001): rounds go as the root of what plain iteration takes where values lie close.

Then ``Jv_k = s_k u_k`` to rounding, and the residual is how far v'_k, which is v_k where that is a singular
vector, lies from all of V: ``ρ_k = ‖(1 - VVᵀ)v'_k‖``, free of the noise of larger modes. By the theorem of
Kato and Temple, with s_q, the least of the block, for the largest value outside of it,

    |δ log s_k| ≲ min(ρ_k, ρ_k²/(1 - s_q²/s_k²)) + rounding,

that a value lies there; that none above it was missed is almost sure, as the start is random.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jacspec.numerics.products.graded import Sweep, svd_of_core
from jacspec.numerics.support.errors import InputError
from jacspec.numerics.support.matrix_free import MatrixFree, as_numpy

Floats = NDArray[np.float64]
Map = Floats | MatrixFree

_ROUNDING = 8 * 2.0**-52
"""As in :mod:`graded`."""

_LIFT = 900
"""A matrix that makes less than 2^-900 of columns is applied to columns as much longer: denormals are few."""

_LOST = 1e-3
"""An estimated error of a log from rounding alone from which a mode is not told from zero."""


@dataclass(frozen=True)
class Leading:
    """Log s_1 ≥ log s_2 ≥ …, their vectors as columns, residuals ρ_k, estimated errors, rounds taken.

    There are fewer than were asked for where the others are not told from zero.
    """

    logs: Floats
    U: Floats
    V: Floats
    residuals: Floats
    errors: Floats
    rounds: int


def leading(maps: Sequence[Map], count: int, *, block: int, tolerance: float, most_rounds: int) -> Leading:
    """Iterate ``block`` columns until ``count`` logs have estimated errors below the tolerance."""
    start = np.random.default_rng(20261127).standard_normal((maps[-1].shape[0], block))
    tried = _swept(maps, np.linalg.qr(start)[0], transposed=True).Q
    most = min(min(each.shape) for each in maps)
    rounds, V = 0, None
    while True:
        rounds += 1
        forward = _swept(maps, tried)
        kept = _told_from_zero(forward)
        if not kept:
            nothing = np.zeros(0)
            return Leading(
                nothing, as_numpy(forward.Q)[:, :0], as_numpy(tried)[:, :0], nothing, nothing, rounds
            )
        core = svd_of_core(np.eye(kept), forward.exponents[:kept], forward.T[:kept, :kept])
        best = min(kept, block)
        logs, before = core.log_singular_values[:best], V
        U = _combined(forward.Q[:, :kept], core.U[:, :best])
        V = _combined(tried[:, :kept], core.V[:, :best])
        after = _swept(maps, U, transposed=True).Q
        residuals = _outside(after, V)
        rounding = _ROUNDING * np.sqrt(forward.strain[:best]) * _condition(forward.T[:best, :best])
        errors = _errors(logs, residuals) + rounding + _ROUNDING * np.abs(logs)
        if rounds >= most_rounds or (errors[:count] <= np.maximum(tolerance, 2 * rounding[:count])).all():
            first = slice(min(count, best))
            U, V = as_numpy(U[:, first]), as_numpy(V[:, first])
            return Leading(logs[first], U, V, residuals[first], errors[first], rounds)
        tried = _together([after, V] if before is None else [after, V, before])[:, :most]


def _swept(maps: Sequence[Map], start: Any, *, transposed: bool = False) -> Sweep:
    """``J·start``, or ``Jᵀ·start``, graded; the columns stay on the device of the last factor."""
    sweep = Sweep(start)
    for factor in reversed(maps) if transposed else maps:
        columns, lift = _times(factor, sweep.Q, transposed=transposed), 0
        largest = float(abs(columns).max())
        if largest < 2.0**-_LIFT and isinstance(factor, np.ndarray):
            lift = _LIFT
            columns = _times(factor, sweep.Q * 2.0**lift, transposed=transposed)
            largest = float(abs(columns).max())
        if not np.isfinite(largest):
            message = (
                "a factor makes numbers that are not finite of columns of length 1; expected finite ones"
            )
            raise InputError(message)
        shift = int(np.frexp(largest)[1])
        sweep.Q, R = _orthonormal(columns * 2.0 ** -(shift // 2) * 2.0 ** -(shift - shift // 2))
        sweep.absorb(R, np.array(float(shift - lift)), np.array(np.sum(R**2)))
    return sweep


def _times(factor: Map, columns: Any, *, transposed: bool) -> Any:
    if isinstance(factor, MatrixFree):
        return factor.times(columns, transposed=transposed)
    return (factor.T if transposed else factor) @ as_numpy(columns)


def _orthonormal(columns: Any) -> tuple[Any, Floats]:
    """``Q, R`` of columns, Q where they are."""
    if isinstance(columns, np.ndarray):
        return np.linalg.qr(columns)
    from torch.linalg import qr

    Q, R = qr(columns)
    return Q, as_numpy(R)


def _combined(columns: Any, coefficients: Floats) -> Any:
    """Combinations of the columns, where they are."""
    if isinstance(columns, np.ndarray):
        return columns @ coefficients
    return columns @ columns.new_tensor(coefficients)


def _together(blocks: list[Any]) -> Any:
    """Orthonormal columns that span the blocks, the first of them those of the first."""
    if isinstance(blocks[0], np.ndarray):
        return np.linalg.qr(np.hstack(blocks))[0]
    from torch import hstack

    return _orthonormal(hstack(blocks))[0]


def _outside(columns: Any, frame: Any) -> Floats:
    """Of each column, the length of what is orthogonal to the frame; both lie on one side of the chain."""
    columns, frame = as_numpy(columns), as_numpy(frame)
    return np.asarray(np.linalg.norm(columns - frame @ (frame.T @ columns), axis=0))


def _told_from_zero(sweep: Sweep) -> int:
    """How many modes, the first, leave every factor above its rounding."""
    lost = ~(_ROUNDING * np.sqrt(sweep.strain) <= _LOST)  # NaN is lost
    return int(np.argmax(lost)) if lost.any() else len(lost)


def _condition(T: Floats) -> float:
    """That of the core of the leading modes, rows brought to one length: later rows weigh less in these."""
    return float(np.linalg.cond(T / np.linalg.norm(T, axis=1, keepdims=True)))


def _errors(logs: Floats, residuals: Floats) -> Floats:
    gaps = -np.expm1(2 * (logs[-1] - logs))
    with np.errstate(divide="ignore", invalid="ignore"):
        second = np.where(gaps > 0, residuals**2 / gaps, np.inf)
    return np.minimum(residuals, second)
