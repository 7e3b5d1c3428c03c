"""Arrays of whatever library a user has (NumPy, JAX, PyTorch, plain lists), without rounding.

And the input of a network among them: one example, exact, with its shape; from an array or a ``.npy`` file.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from flint import fmpq_mat
from numpy.typing import NDArray

from jacspec.numerics.files.npy import array_of
from jacspec.numerics.files.reading import contents, parsing
from jacspec.numerics.networks.windows import Shape
from jacspec.numerics.support.errors import InputError
from jacspec.numerics.support.factors import Factor, as_exact, as_factor, refuse_masked

_SHORT_FLOATS = ("bfloat16", "float8")
"""Formats that NumPy itself does not know, and that are exact in float32."""


def as_array(value: Any, name: str) -> NDArray[Any]:
    """The value as a NumPy array, exactly; raises InputError for what is none."""
    if hasattr(value, "detach"):  # a PyTorch tensor
        value = value.detach().cpu()
        value = (value.double() if value.is_floating_point() else value).numpy()
    if hasattr(value, "__array__"):
        refuse_masked(value, name)
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


@dataclass(frozen=True, eq=False)
class Example:
    """One input: its entries as an exact column, in C order, and its shape."""

    column: fmpq_mat
    shape: Shape


def example_array(x: Any) -> NDArray[Any]:
    """One input as an array; raises InputError for what is none, or has no entries."""
    array = as_array(x, "the input x")
    if array.size == 0 or array.ndim == 0:
        message = (
            f"the input x has shape {array.shape}; expected one example, such as a vector: give its entries"
        )
        raise InputError(message)
    return array


def as_example(x: Any) -> Example:
    """One input, exactly; raises InputError for what is not an array of finite real numbers."""
    array = example_array(x)
    exact = as_exact(as_factor(array.reshape(1, -1), "the input x"))
    return Example(exact.transpose(), array.shape)


def read_input(path: Path) -> NDArray[Any]:
    """Read an array from ``.npy``; runs no code.

    Raises InputError for another suffix, a missing or damaged file, and arrays of Python objects.
    """
    if path.suffix != ".npy":
        message = (
            f"input {str(path)!r}: expected a file that ends in .npy: write it with numpy.save('x.npy', x)"
        )
        raise InputError(message)
    data = contents(path, "a .npy file", name="input")
    with parsing(partial(_unreadable, path)):
        return array_of(data)


def _unreadable(path: Path, reason: str) -> InputError:
    return InputError(
        f"input {str(path)!r} cannot be read ({reason}); expected an array of numbers as numpy.save writes "
        f"it (no Python objects, which could run code): write it again"
    )
