"""Functions of batches of float64 matrices and numbers, in closed form where that is faster than LAPACK."""

from __future__ import annotations

from itertools import count
from math import factorial, gamma as gamma_of_one
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
"""Float64 numbers."""
Mask = npt.NDArray[np.bool_]
"""Truth values, one per example."""


def without_nan(X: Array) -> tuple[Array, Mask]:
    """The matrices with 0 for those that are not finite, as LAPACK raises for these; and which they were."""
    bad: Mask = ~np.asarray(np.isfinite(X).all(axis=(-2, -1)))
    return (np.where(bad[..., None, None], 0.0, X) if bad.any() else X), bad


def with_nan(values: Array, bad: Mask) -> Array:
    """The values with NaN for those examples."""
    if bad.any():
        values = values.copy()
        values[bad] = np.nan
    return values


def singular_values(X: Array) -> Array:
    """Descending; of vectors and of 2×2 matrices in closed form."""
    if min(X.shape[-2:]) == 1:
        return np.sqrt((X * X).sum(axis=(-2, -1), keepdims=True))[..., 0]  # type: ignore[no-any-return]
    if X.shape[-2:] != (2, 2):
        return np.linalg.svd(X, compute_uv=False)
    a, b, c, d = X[..., 0, 0], X[..., 0, 1], X[..., 1, 0], X[..., 1, 1]
    large = (np.hypot(a + d, b - c) + np.hypot(a - d, b + c)) / 2
    small = np.divide(np.abs(a * d - b * c), large, out=np.zeros_like(large), where=large > 0)
    return np.stack([large, np.minimum(small, large)], axis=-1)


def determinant(X: Array) -> Array:
    """The determinant, without pivoting up to 3×3."""
    match X.shape[-1]:
        case 1:
            return X[..., 0, 0]
        case 2:
            return X[..., 0, 0] * X[..., 1, 1] - X[..., 0, 1] * X[..., 1, 0]  # type: ignore[no-any-return]
        case 3:
            return (X[..., 0, :] * np.cross(X[..., 1, :], X[..., 2, :])).sum(axis=-1)  # type: ignore[no-any-return]
    return np.linalg.det(X)  # type: ignore[no-any-return]


def inverse(X: Array) -> Array:
    """The inverse; NaN where the matrix is singular, or may be."""
    X, bad = without_nan(X)
    n = X.shape[-1]
    size = np.abs(X).max(axis=(-2, -1))
    bad = bad | ~(np.abs(determinant(X)) > 1e-12 * size**n)
    return with_nan(np.linalg.inv(np.where(bad[..., None, None], np.eye(n), X)), bad)


_LARGEST_ARGUMENT = 100.0


def exponential(X: Array) -> Array:
    """The matrix exponential by scaling, squaring and a Taylor polynomial; NaN for large arguments."""
    X, bad = without_nan(X)
    size = np.abs(X).sum(axis=-1).max(axis=-1)
    bad = bad | (size > _LARGEST_ARGUMENT)
    X = np.where(bad[..., None, None], 0.0, X)
    squarings = max(0, int(np.ceil(np.log2(max(size[~bad].max(initial=0.0), 0.5)))) + 1)
    step = X / 2.0**squarings
    result = term = np.broadcast_to(np.eye(X.shape[-1]), X.shape)
    for k in range(1, 15):
        term = term @ step / k
        result = result + term
    for _ in range(squarings):
        result = result @ result
    return with_nan(result, bad)


_SHIFT = 12
"""Beyond it the asymptotic series is exact to float64."""
_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6)
"""B_2, B_4, …"""


def polygamma(x: Array, order: int) -> Array:
    """The derivatives ψ, ψ′, … by ψ(x) = ψ(x + 1) - 1/x and the asymptotic series; NaN for x ≤ 0."""
    x = np.where(np.asarray(x, dtype=float) > 0, x, np.nan)
    z = x + _SHIFT
    sign = (-1) ** order
    # The derivatives of log z, of -1/(2z) and of -B_k/(k z^k).
    far = np.log(z) if order == 0 else -sign * factorial(order - 1) / z**order
    far = far - sign * factorial(order) / (2 * z ** (order + 1))
    for k, bernoulli in zip(count(2, 2), _BERNOULLI):
        rising = factorial(k + order - 1) / factorial(k)
        far = far - sign * rising * bernoulli / z ** (k + order)
    below = sum(sign * factorial(order) / (x + step) ** (order + 1) for step in range(_SHIFT))
    return far - below  # type: ignore[no-any-return]


def gamma(x: Array) -> Array:
    """Γ; NaN for x ≤ 0."""
    values = np.vectorize(lambda each: gamma_of_one(each) if 0 < each < _OVERFLOW else np.nan, otypes=[float])
    return values(x)  # type: ignore[no-any-return]


_OVERFLOW = 171.0
"""Beyond it Γ is no float64."""
