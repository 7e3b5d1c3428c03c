"""Orthonormal frames of a sweep, as LAPACK keeps them: products of reflections, applied without being formed.

``M·Q`` by the reflections of Q costs what the product with a Q at hand does, and forming Q is saved. For one
small matrix after another LAPACK itself takes a tenth of the time of NumPy's ``qr``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_SLICES = 3
_HALVED, _FAR = (64, 128), 2.0**24
"""Widths of which halves are inverted, a quarter of the time, and the condition up to which that will do."""

_SMALL, _MANY = 16, 200
"""Entries of a matrix up to which, and size of a batch from which, all of it is reflected at once."""

_BLOCKED = 32
"""Columns beyond which LAPACK works in blocks, if it is given the room."""


class Reflections:
    """Q, orthonormal columns, and R: ``Q·R`` is the matrix that was factorised."""

    def __init__(self, columns: Floats) -> None:
        self.packed, self._tau, _, _ = lapack().dgeqrf(columns, lwork=_room(columns.shape))

    @property
    def shape(self) -> tuple[int, int]:
        """That of Q."""
        rows, columns = self.packed.shape
        return rows, columns

    @property
    def triangle(self) -> Floats:
        """R in the upper triangle; what is below is none of it."""
        return np.asarray(self.packed[: self.packed.shape[1]])

    def formed(self) -> Floats:
        """Q as a matrix."""
        Q = lapack().dorgqr(self.packed, self._tau, lwork=_room(self.shape))[0]
        return np.asarray(Q, dtype=np.float64)

    def after(self, factor: Floats) -> Floats:
        """``M·Q``."""
        if self.packed.shape[0] != self.packed.shape[1]:
            return np.asarray(factor @ self.formed())
        shape = (max(factor.shape), self.packed.shape[1])
        moved = lapack().dormqr("R", "N", self.packed, self._tau, factor, _room(shape))[0]
        return np.asarray(moved, dtype=np.float64)


Frame = Floats | Reflections
"""Q; batches are arrays."""


def moved(factor: Floats, frame: Frame) -> Floats:
    """``M·Q``."""
    return frame.after(factor) if isinstance(frame, Reflections) else factor @ frame


def factorised(columns: Floats) -> tuple[Frame, Floats]:
    """Q and R, below whose diagonal there may be anything."""
    if columns.ndim > 2 and math.prod(columns.shape[-2:]) <= _SMALL and len(columns) >= _MANY:
        return _together(columns)
    if columns.ndim > 2 or columns.shape[0] < columns.shape[1]:
        Q, R = np.linalg.qr(columns)
        return Q, R
    frame = Reflections(columns)
    return frame, frame.triangle


def _together(columns: Floats) -> tuple[Floats, Floats]:
    """Q and R of many small matrices, by Householder's reflections, one column of all of them at a time."""
    R = np.moveaxis(columns, (-2, -1), (0, 1)).copy()
    rows, rank = R.shape[0], min(R.shape[:2])
    Q, reflections = np.zeros((rows, rank, *R.shape[2:])), []
    Q[range(rank), range(rank)] = 1.0
    with np.errstate(invalid="ignore"):  # of what is not finite
        for k in range(min(rows - 1, rank)):
            size = np.abs(R[k:, k]).max(axis=0)
            x = R[k:, k] / np.where(size == 0, 1.0, size)
            norm = np.sqrt((x * x).sum(axis=0))
            half = norm * (norm + np.abs(x[0]))
            x[0] += np.copysign(norm, x[0])
            y = x / np.where(half == 0, 1.0, half)
            _reflect(R[k:, k:], x, y)
            R[k + 1 :, k] = 0.0
            reflections.append((k, x, y))
        for k, x, y in reversed(reflections):
            _reflect(Q[k:, k:], x, y)
    return np.moveaxis(Q, (0, 1), (-2, -1)).copy(), np.moveaxis(R[:rank], (0, 1), (-2, -1)).copy()


def _reflect(columns: Floats, x: Floats, y: Floats) -> None:
    """``(1 - x yᵀ)`` times columns, in their place."""
    columns -= x[:, None] * (y[:, None] * columns).sum(axis=0)


def inverse_norm(R: Floats, size: float) -> float:
    """At least ``‖R⁻¹‖``, Frobenius, of what :func:`factorised` gives, and infinite if it has none.

    ``size`` is at least ``‖R‖``. Of ``R = (A B; 0 C)`` it is ‖A⁻¹‖ + ‖C⁻¹‖ + ‖A⁻¹‖ ‖B‖ ‖C⁻¹‖ at most.
    """
    if _HALVED[0] <= len(R) <= _HALVED[1]:
        half = len(R) // 2
        upper, lower = _inverse_norm(R[:half, :half]), _inverse_norm(R[half:, half:])
        most = upper + lower + upper * size * lower
        if most * size < _FAR:
            return most
    return _inverse_norm(R)


def _inverse_norm(R: Floats) -> float:
    inverse, singular = lapack().dtrtri(R)
    norm = math.inf if singular else float(lapack().dlantr("F", inverse))
    return norm if norm < math.inf else math.inf  # NaN is not


def corrected(factor: Floats, Q: Floats, after: Floats, R: Floats) -> Floats:
    """``Q' + E R⁻¹``, columns of which R times them is ``M·Q`` far beyond rounding: ``E = MQ - Q'R``."""
    error, R = np.zeros(after.shape), np.triu(R)
    for one, other in zip(_partial_products(factor, Q), _partial_products(after, R), strict=True):
        error += one - other
    turned: Floats = lapack().dtrtrs(R, error.T, trans=1)[0].T
    return after + turned


def _partial_products(A: Floats, B: Floats) -> Iterator[Floats]:
    """Products without rounding that make up AB to 2^-62, the largest first.

    K. Ozaki et al., *Error-free transformations of matrix multiplication*, Numerical Algorithms 59 (2012).
    """
    bits = (53 - len(B).bit_length()) // 2
    rows, columns = _slices(A, bits, 1), _slices(B, bits, 0)
    for level in range(_SLICES):
        for k in range(level + 1):
            yield rows[k] @ columns[level - k]


def _slices(matrix: Floats, bits: int, axis: int) -> list[Floats]:
    """Matrices of so many bits for each row or column, the leading ones first, that sum to the matrix."""
    unit = np.ldexp(1.5, np.frexp(np.abs(matrix).max(axis=axis, keepdims=True))[1] + 52 - bits)
    found = []
    for _ in range(_SLICES):
        found.append((matrix + unit) - unit)
        matrix, unit = matrix - found[-1], unit * 2.0**-bits
    return found


def formed(frame: Frame) -> Floats:
    """Q as a matrix."""
    return frame.formed() if isinstance(frame, Reflections) else frame


@cache
def lapack() -> Any:
    """SciPy's LAPACK, loaded when it is first needed."""
    from scipy.linalg import lapack as routines

    return routines


@cache
def blas() -> Any:
    """The same, its BLAS."""
    from scipy.linalg import blas as routines

    return routines


def _room(shape: tuple[int, ...]) -> int:
    """Numbers of workspace: what the routines ask for, and for small matrices what they need."""
    most = max(shape)
    return 64 * most + 4160 if min(shape) > _BLOCKED else most
