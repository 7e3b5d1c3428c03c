"""The input of a network: one example, exact, with its shape; from an array or a ``.npy`` file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from flint import fmpq_mat
from numpy.typing import NDArray

from jacspec.numerics.files.npy import array_of
from jacspec.numerics.files.reading import contents, parsing
from jacspec.numerics.networks.arrays import as_array
from jacspec.numerics.networks.windows import Shape
from jacspec.numerics.support.errors import InputError
from jacspec.numerics.support.factors import as_exact, as_factor


@dataclass(frozen=True, eq=False)
class Example:
    """One input: its entries as an exact column, in C order, and its shape."""

    column: fmpq_mat
    shape: Shape


def as_example(x: Any) -> Example:
    """One input, exactly; raises InputError for what is not an array of finite real numbers."""
    array = as_array(x, "the input x")
    if array.size == 0 or array.ndim == 0:
        message = (
            f"the input x has shape {array.shape}; expected one example, such as a vector: give its entries"
        )
        raise InputError(message)
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
