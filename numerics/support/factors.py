"""One factor of a chain in its exact stored form: float64 where that is exact, rationals otherwise.

Every finite float is a dyadic rational, so nothing is rounded on the way in: a factor is either a
read-only float64 array, or a read-only object array of ``fractions.Fraction``.
"""

from __future__ import annotations

import math
import re
import reprlib
from collections.abc import Sequence
from fractions import Fraction
from numbers import Rational
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat, fmpz
from numpy.typing import NDArray

from jacspec.numerics.support.budget import demand
from jacspec.numerics.support.errors import InputError

Factor = NDArray[Any]
"""A read-only matrix, shape (rows, columns): float64, or object holding Fractions."""

_LARGEST_EXACT_INTEGER = 2**53
_RATIONAL = re.compile(r"\s*([+-]?\d+)(?:/(\d+))?\s*", re.ASCII)
_DECIMAL = re.compile(r"\s*[+-]?\d+\.\d*\s*", re.ASCII)


def as_factor(value: Any, name: str = "matrix") -> Factor:
    """Validate one matrix and bring it to its exact stored form.

    Accepts what NumPy, SymPy, mpmath, FLINT and plain Python have for real matrices of floats,
    integers or rationals, and arrays of strings such as '3/4'. Raises InputError, naming the entry,
    for complex or non-numeric entries, NaN and infinities, anything not two-dimensional, and a
    dimension of zero.
    """
    array = _as_array(value, name)
    if array.ndim != 2:
        message = (
            f"{name} has {array.ndim} dimension(s), shape {array.shape}; expected a matrix: "
            f"reshape it to (rows, columns)"
        )
        raise InputError(message)
    if 0 in array.shape:
        message = (
            f"{name} has shape {array.shape[0]}×{array.shape[1]}; expected at least one row and one "
            f"column: leave empty factors out"
        )
        raise InputError(message)
    demand(name, stored_bytes(array))
    stored = _stored(array, name)
    stored.setflags(write=False)
    return stored


class Uniform(tuple[Factor, ...]):
    """Finite float64 factors of one shape, views of one array: for what is done to all of them at once."""

    stack: NDArray[np.float64]
    """All of them, shape (N, m, n)."""

    @classmethod
    def of(cls, values: Sequence[Any]) -> Uniform | None:
        """Finite float64 arrays of one shape, copied; None of anything else."""
        shape = getattr(values[0], "shape", ()) if values else ()
        if len(shape) != 2 or 0 in shape:
            return None
        for value in values:
            if type(value) is not np.ndarray or value.dtype != np.float64 or value.shape != shape:
                return None
        demand("M_1", stored_bytes(values[0]))
        stack = np.concatenate(values).reshape(len(values), *shape)
        with np.errstate(over="ignore", invalid="ignore"):
            finite = math.isfinite(stack.sum())
        if not finite and not np.isfinite(stack).all():  # a sum may overflow
            return None
        stack.setflags(write=False)
        made = cls(stack)
        made.stack = stack
        return made


def shapes_of(factors: Sequence[Factor]) -> set[tuple[int, int]]:
    """Their shapes, each once."""
    return {factor.shape for factor in (factors[:1] if isinstance(factors, Uniform) else factors)}


def as_factors(values: Sequence[Any]) -> tuple[Factor, ...]:
    """Validate the matrices M_1, M_2, … of a chain; see :func:`as_factor`."""
    uniform = Uniform.of(values)
    if uniform is not None:
        return uniform
    return tuple(as_factor(value, f"M_{layer}") for layer, value in enumerate(values, 1))


def float_chain(factors: Sequence[Factor]) -> list[NDArray[np.float64]] | None:
    """The factors rounded to float64; None if one over- or underflows."""
    arrays = []
    for factor in factors:
        try:
            array = np.asarray(factor).astype(np.float64)
        except OverflowError:
            return None
        if not np.isfinite(array).all() or not array.any():
            return None
        arrays.append(array)
    return arrays


def as_exact(factor: Factor) -> fmpq_mat:
    """The factor as an exact rational matrix."""
    rows, columns = factor.shape
    return fmpq_mat(rows, columns, [_fmpq(entry) for entry in factor.ravel().tolist()])


def diagonal(values: Sequence[int | fmpq]) -> fmpq_mat:
    """The square diagonal matrix of exact values."""
    size = len(values)
    return fmpq_mat(size, size, [values[r] if r == c else 0 for r in range(size) for c in range(size)])


def identity(size: int) -> fmpq_mat:
    """The identity matrix."""
    return diagonal([1] * size)


def stored_bytes(array: NDArray[Any]) -> int:
    """What it takes, about, to bring an array to its exact stored form: 8 bytes an entry, or a Fraction."""
    return (
        array.size * (8 if array.dtype.kind in "fiub" and array.dtype.itemsize <= 8 else 400) + array.nbytes
    )


def _fmpq(entry: float | Fraction) -> fmpq:
    numerator, denominator = entry.as_integer_ratio()
    return fmpq(numerator, denominator)


def refuse_masked(value: Any, name: str) -> None:
    """Raise InputError for an array with entries under a mask, which NumPy would read."""
    count = int(np.ma.getmaskarray(value).sum()) if isinstance(value, np.ma.MaskedArray) else 0
    if count:
        message = (
            f"{name} has {count} masked entr{'y' if count == 1 else 'ies'}; expected a value for each: give "
            f"filled(…), or leave out what is masked"
        )
        raise InputError(message)


def _as_array(value: Any, name: str) -> NDArray[Any]:
    refuse_masked(value, name)
    if isinstance(value, fmpq_mat) and (whole := _whole(value)) is not None:
        return whole
    # SymPy's, mpmath's and FLINT's matrices all list their rows; NumPy needs no help with its own.
    if hasattr(value, "tolist") and not isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    try:
        array = np.asarray(value)
    except ValueError as error:
        message = f"{name} is ragged; expected rows of equal length: check the number of entries in each"
        raise InputError(message) from error
    # Left to itself, NumPy rounds an integer that stands beside a float, and prints a float beside text.
    return array if isinstance(value, np.ndarray) else np.asarray(value, dtype=object)


def _whole(matrix: fmpq_mat) -> NDArray[Any] | None:
    """Small integers without the detour through fractions: the factors of most chains that are searched."""
    numerators, denominator = matrix.numer_denom()
    entries = [int(entry) for entry in numerators.entries()]
    if denominator != 1 or not entries or max(map(abs, entries)) > _LARGEST_EXACT_INTEGER:
        return None
    return np.array(entries, dtype=np.int64).reshape(matrix.nrows(), matrix.ncols())


def _stored(array: NDArray[Any], name: str) -> Factor:
    kind = array.dtype.kind
    if kind == "f" and array.dtype.itemsize <= 8:
        _refuse_non_finite(array, name)
        return np.array(array, dtype=np.float64, order="C")
    if kind in "iub":
        if max(-int(array.min()), int(array.max())) <= _LARGEST_EXACT_INTEGER:
            return np.array(array, dtype=np.float64, order="C")
        return _fractions(array.astype(object), name)
    if kind in "fOU":
        return _as_float_if_exact(_fractions(array.astype(object), name))
    example = reprlib.repr(array.flat[0])
    message = (
        f"{name} holds entries of type {array.dtype}, such as {example}; expected real numbers "
        f"(floats, integers or rationals): convert it first"
    )
    raise InputError(message)


def _refuse_non_finite(array: NDArray[Any], name: str) -> None:
    wrong = np.argwhere(~np.isfinite(array))
    if len(wrong):
        row, column = map(int, wrong[0])
        message = (
            f"{name}[{row + 1},{column + 1}] is {array[row, column]}; expected a finite number: "
            f"remove NaN and infinite entries"
        )
        raise InputError(message)


def _fractions(array: NDArray[Any], name: str) -> Factor:
    """The entries as Fractions; all zeros are one, as most entries of a convolution are."""
    entries = array.ravel().tolist()
    exact = np.full(array.size, _ZERO, dtype=object)
    for position, entry in enumerate(entries):
        if type(entry) in (int, float) and not entry:
            continue
        try:
            exact[position] = _fraction(entry)
        except (TypeError, ValueError, OverflowError, ZeroDivisionError) as error:
            row, column = divmod(position, array.shape[1])
            message = (
                f"{name}[{row + 1},{column + 1}] is {reprlib.repr(entry)}; expected a finite real number, or "
                f"a rational as a string such as '3/4': mend or convert that entry"
            )
            raise InputError(message) from error
    return exact.reshape(array.shape)


def _fraction(entry: Any) -> Fraction:
    """One entry, exactly; raises TypeError or ValueError for what is no finite real number."""
    if type(entry) is Fraction:
        return entry
    if isinstance(entry, str):
        return _parsed(entry)
    if isinstance(entry, Fraction | float | int | np.floating | np.integer | np.bool_):
        if isinstance(entry, np.floating):
            return Fraction(*entry.as_integer_ratio())
        return Fraction(entry.item() if isinstance(entry, np.generic) else entry)
    if isinstance(entry, fmpq):
        return Fraction(int(entry.p), int(entry.q))
    if isinstance(entry, fmpz):
        return Fraction(int(entry))
    if isinstance(entry, Rational):  # SymPy's rationals among them
        return Fraction(int(entry.numerator), int(entry.denominator))
    if hasattr(entry, "_mpf_"):  # mpmath, and SymPy's floats
        sign, mantissa, exponent, _ = entry._mpf_
        if not mantissa and exponent:
            raise ValueError(entry)
        return (-1 if sign else 1) * Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
    raise TypeError(entry)


def _parsed(text: str) -> Fraction:
    """'p', 'p/q' or a plain decimal; no exponents, of which a short one makes a number of any length."""
    if match := _RATIONAL.fullmatch(text):
        # FLINT reads integers of any length, Python's int only a few thousand digits.
        numerator, denominator = match[1].removeprefix("+"), match[2] or "1"
        return Fraction(int(fmpz(numerator)), int(fmpz(denominator)))
    if _DECIMAL.fullmatch(text):
        return Fraction(text)
    raise ValueError(text)


def _as_float_if_exact(exact: Factor) -> Factor:
    floats = np.zeros(exact.size)
    for position, entry in enumerate(exact.ravel().tolist()):
        if entry is _ZERO:
            continue
        try:
            number = float(entry)
        except OverflowError:
            return exact
        if number.as_integer_ratio() != (entry.numerator, entry.denominator):
            return exact
        floats[position] = number
    return floats.reshape(exact.shape)


_ZERO = Fraction(0)
