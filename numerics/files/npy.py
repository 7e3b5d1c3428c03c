"""NumPy's format of one array, ``.npy``, read without trust."""

from __future__ import annotations

import io
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

_HEADERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


class PickledError(ValueError):
    """An array of Python objects, which only code could read."""


def array_of(data: bytes) -> NDArray[Any]:
    """The array that numpy.save has written as these bytes, read-only, without a copy.

    What the header says is held against the bytes that follow it before anything is made of it. Raises
    PickledError for Python objects, and ValueError, or what NumPy raises, for what is no intact array.
    """
    file = io.BytesIO(data)
    version = np.lib.format.read_magic(file)
    # Version 3 is version 2 with other letters in the names of fields, which no array of numbers has.
    shape, fortran, kind = _HEADERS[min(version, (2, 0))](file)
    if kind.hasobject:
        message = "it holds Python objects"
        raise PickledError(message)
    start, entries = file.tell(), math.prod(shape)
    if len(data) - start != entries * kind.itemsize:
        message = (
            f"{entries} entries of {kind.itemsize} bytes are announced, {len(data) - start} bytes follow"
        )
        raise ValueError(message)
    flat = np.frombuffer(data, dtype=kind, offset=start) if entries else np.empty(0, kind)
    return flat.reshape(shape, order="F" if fortran else "C")
