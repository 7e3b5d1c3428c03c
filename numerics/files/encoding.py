"""Values as plain data, exactly: a ball is its midpoint and its radius, both as written.

The data are what JSON holds. Large integers are hexadecimal, which Python reads at any length, and a number
m·2^e is ``m`` and ``e``, as ``1fp-3``. Nothing that is decoded runs code.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from flint import arb, arb_mat

from jacspec.numerics.support.budget import demand
from jacspec.numerics.support.precision import (
    SPECIAL,
    ball_of_text,
    ball_to_text,
    mantissa_and_exponent,
    mp_context,
)

Data = Any
"""None, booleans, strings, numbers, lists of these and dicts of these."""


def encoded(value: Any) -> Data:
    """A value as data; raises TypeError for what is neither a number, an array, a ball nor made of these."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else {"float": repr(float(value))}
    if isinstance(value, tuple | list):
        return [encoded(part) for part in value]
    if isinstance(value, arb):
        return {"ball": ball_to_text(value)}
    if isinstance(value, arb_mat):
        shape = [value.nrows(), value.ncols()]
        return {"balls": [ball_to_text(entry) for entry in value.entries()], "shape": shape}
    if isinstance(value, np.ndarray) and value.dtype == np.float64:
        return {"array": [encoded(entry) for entry in value.ravel().tolist()], "shape": list(value.shape)}
    if hasattr(value, "_mpf_"):
        return {"real": _of_real(value), "bits": value.context.prec}
    if hasattr(value, "rows") and hasattr(value, "ctx"):  # a matrix of mpmath's
        entries = [_of_real(value[i, k]) for i in range(value.rows) for k in range(value.cols)]
        return {"reals": entries, "shape": [value.rows, value.cols], "bits": value.ctx.prec}
    message = f"a {type(value).__name__} cannot be written as data"
    raise TypeError(message)


def decoded(data: Data) -> Any:
    """The value that the data stand for, lists as tuples; raises ValueError and its like for other data."""
    if isinstance(data, list):
        return tuple(decoded(part) for part in data)
    if not isinstance(data, dict):
        return data
    match data:
        case {"float": text}:
            return SPECIAL[text]
        case {"ball": text}:
            return ball_of_text(text)
        case {"balls": entries, "shape": [rows, columns]}:
            _check_size(entries, rows, columns)
            return arb_mat(rows, columns, [ball_of_text(text) for text in entries])
        case {"array": entries, "shape": shape}:
            return np.array([decoded(entry) for entry in entries], dtype=np.float64).reshape(shape)
        case {"real": text, "bits": int(bits)}:
            return _real(text, mp_context(bits))
        case {"reals": entries, "shape": [rows, columns], "bits": int(bits)}:
            _check_size(entries, rows, columns)
            context = mp_context(bits)
            matrix = context.matrix(rows, columns)
            for position, text in enumerate(entries):
                matrix[divmod(position, columns)] = _real(text, context)
            return matrix
    message = f"it holds {sorted(data)}, which is no value"
    raise ValueError(message)


def _check_size(entries: list[Data], rows: int, columns: int) -> None:
    """Before anything is allocated: FLINT ends the process where it has not memory enough."""
    if min(rows, columns) < 0 or rows * columns != len(entries):
        message = f"it holds {len(entries)} entries of a matrix of {rows} rows and {columns} columns"
        raise ValueError(message)
    demand(f"a matrix of {rows} rows", 8 * rows)


def _of_real(number: Any) -> str:
    sign, mantissa, exponent, _ = number._mpf_
    if not mantissa and exponent:
        return repr(float(number))
    return f"{'-' if sign else ''}{int(mantissa):x}p{exponent}"


def _real(text: str, context: Any) -> Any:
    if text in SPECIAL:
        return context.mpf(SPECIAL[text])
    mantissa, exponent = mantissa_and_exponent(text)
    return context.ldexp(context.mpf(mantissa), exponent)
