"""Products of upper triangles, scales kept apart: ``2^e·T``, e integers, rows of T of size about 1."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jacspec.numerics.products.frames import blas

Floats = NDArray[np.float64]

_STEEPEST = 900
"""Bits by which an entry may be scaled up, or scales differ, far from float64's range."""

_SAFE = 1e-100
"""The same for the largest entry of a scaled row."""

_LOWEST = -(2.0**50)
"""The scale of a row that is exactly zero: below anything that a chain can reach."""

_WIDE = 64
"""Rows from which triangles are multiplied as such, one after another."""


def multiplied(
    R: Sequence[Floats], diagonals: Floats, shift: Floats, exponents: Floats, T: Floats
) -> tuple[Floats, Floats, Floats]:
    """``2^{e'}·T' = 2^{shift_N}·R_N ⋯ 2^{shift_1}·R_1·2^e·T``, and the scales after each of the triangles.

    Their diagonals stand beside them; below these nothing is read, but of batches, which have zeros there.
    """
    with np.errstate(all="ignore"):
        found = _together(R, diagonals, shift, exponents, T)
    if found is not None:
        return found
    scales = []
    for triangle, power in zip(R, shift, strict=True):
        exponents, row_scaled = regrade(np.triu(triangle), exponents + power[..., None])
        exponents, T = _normalised(exponents, row_scaled @ T)
        scales.append(exponents)
    return exponents, T, np.array(scales)


def _together(
    R: Sequence[Floats], diagonals: Floats, shift: Floats, exponents: Floats, T: Floats
) -> tuple[Floats, Floats, Floats] | None:
    """:func:`multiplied`, a mode's scale being the product of its diagonal entries; None if it overflows.

    Of that product T' keeps a factor of √2 at most.
    """
    if R[0].shape[-2] != R[0].shape[-1]:
        return None
    scales = np.rint(exponents + np.cumsum(np.log2(np.abs(diagonals)) + shift[..., None], axis=0))
    if not np.isfinite(scales).all():
        return None
    before = np.concatenate([exponents[None], scales[:-1]]) + shift[..., None]
    middle = np.rint(scales.mean(axis=-1, keepdims=True))
    near = max(np.abs(before - middle).max(), np.abs(scales - middle).max()) <= _STEEPEST / 2
    if near and T.ndim == 2 and len(T) >= _WIDE:
        for triangle, right, left in zip(R, np.exp2(before - middle), np.exp2(middle - scales), strict=True):
            T = blas().dtrmm(1.0, triangle * right * left[:, None], T)
    elif near:
        scaled = np.array(R) * np.exp2(before - middle)[..., None, :]
        scaled *= np.exp2(middle - scales)[..., :, None]
        T = product(scaled if T.ndim > 2 else np.triu(scaled)) @ T
    else:
        scaled = np.minimum(before[..., None, :] - scales[..., :, None], _STEEPEST)
        T = product(np.triu(np.array(R) * np.exp2(scaled))) @ T
    if not np.abs(T).max() < 1 / _SAFE:  # NaN is not
        return None
    return *_normalised(scales[-1], T), scales


def product(stack: Floats) -> Floats:
    """``X_N ⋯ X_1`` along the first axis, in a balanced tree."""
    while len(stack) > 1:
        products = stack[1::2] @ stack[: len(stack) // 2 * 2 : 2]
        stack = np.concatenate([products, stack[-1:]]) if len(stack) % 2 else products
    return np.asarray(stack[0])


def _normalised(exponents: Floats, T: Floats) -> tuple[Floats, Floats]:
    _, sizes = np.frexp(np.abs(T).max(axis=-1))
    return exponents + sizes, np.ldexp(T, -sizes[..., None])


def regrade(R: Floats, exponents: Floats) -> tuple[Floats, Floats]:
    """``R·2^e = 2^{e'}·T`` for R upper triangular; no entry overflows."""
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
