"""Arrays of whatever library a user has (NumPy, JAX, PyTorch, plain lists), without rounding."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from jacspec.numerics.support.errors import InputError
from jacspec.numerics.support.factors import Factor, as_factor

_SHORT_FLOATS = ("bfloat16", "float8")
"""Formats that NumPy itself does not know, and that are exact in float32."""


def as_array(value: Any, name: str) -> NDArray[Any]:
    """The value as a NumPy array, exactly; raises InputError for what is none."""
    if hasattr(value, "detach"):  # a PyTorch tensor
        value = value.detach().cpu()
        value = (value.double() if value.is_floating_point() else value).numpy()
    if hasattr(value, "__array__"):
        array = np.asarray(value)
        short = array.dtype.name.startswith(_SHORT_FLOATS)
        return array.astype(np.float32) if short else array
    if hasattr(value, "tolist"):  # FLINT's and mpmath's matrices
        value = value.tolist()
    try:
        # Left to itself, NumPy rounds an integer that stands beside a float.
        return np.asarray(value, dtype=object)
    except ValueError as error:
        message = f"{name} is ragged; expected an array: give every row as many entries"
        raise InputError(message) from error


def as_row(value: Any, name: str, length: int) -> Factor:
    """A vector of ``length`` entries as an exact 1 × length matrix; raises InputError for another."""
    array = as_array(value, name)
    if array.shape != (length,):
        message = f"{name} has shape {array.shape}; expected ({length},), one entry per output: check it"
        raise InputError(message)
    return as_factor(array.reshape(1, -1), name)
