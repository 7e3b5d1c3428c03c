"""Samples in rows, checked at the boundary, so that nothing inside needs to."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from jacspec.numerics.support.errors import InputError

Floats = NDArray[np.float64]


def paired_samples(inputs: ArrayLike, targets: ArrayLike, width: int) -> tuple[Floats, Floats]:
    """Inputs and their targets, both of shape (P, width); InputError if they are not."""
    x = samples_in_rows("inputs", inputs, width)
    y = samples_in_rows("targets", targets, width)
    if len(x) != len(y):
        raise InputError(f"{len(x)} inputs but {len(y)} targets: expected one target per input")
    return x, y


def samples_in_rows(name: str, values: ArrayLike, width: int) -> Floats:
    """Finite numbers of shape (P, width), P ≥ 1; InputError if they are not."""
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"{name} are not numbers ({error}): expected shape (P, {width})") from error
    if array.ndim != 2 or array.shape[1] != width or len(array) == 0:
        raise InputError(
            f"{name} have shape {array.shape}: expected (P, {width}) "
            "with one sample per row and at least one sample"
        )
    if not np.isfinite(array).all():
        raise InputError(f"{name} contain NaN or infinity: expected finite numbers")
    return array
