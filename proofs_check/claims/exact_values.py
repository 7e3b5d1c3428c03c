"""Exact examples as text a person can type in again, and as JSON data from which they can be rebuilt.

The data of a value are its numbers, plainly: integers, fractions as 'p/q', rows, lists. Its *kind* is what
the data do not show: a name ('int', 'Fraction', 'fmpz', 'fmpq', 'fmpq_mat', 'Chain', …), a list for a list
or a tuple (['tuple', kind, …]), an object for a dictionary with names as keys, or None for a value that
cannot be rebuilt. Integers of more digits than Python writes in decimal are hexadecimal, as text.
"""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Mapping
from copy import copy
from fractions import Fraction
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat, fmpz, fmpz_mat

from jacspec.numerics import Chain

_LONGEST = 14_000
"""Bits of an integer in decimal; Python writes 4300 digits."""


def unshared(example: Mapping[str, Any]) -> dict[str, Any]:
    """The example with copies of what a function could change, and another would see changed."""
    copies: dict[int, Any] = {}
    return {name: _unshared(value, copies) for name, value in example.items()}


def _unshared(value: Any, copies: dict[int, Any]) -> Any:
    if id(value) in copies:
        return copies[id(value)]
    if isinstance(value, fmpq_mat):
        return fmpq_mat(value)
    if isinstance(value, fmpz_mat):
        return fmpz_mat(value)
    if isinstance(value, list):
        # Noted before its parts are copied: a list may hold itself.
        items = copies[id(value)] = copy(value)
        items[:] = [_unshared(part, copies) for part in value]
        return items
    if isinstance(value, dict):
        named = copies[id(value)] = copy(value)
        named.update({key: _unshared(part, copies) for key, part in value.items()})
        return named
    if isinstance(value, np.ndarray) and value.dtype == object:
        array = copies[id(value)] = value.copy()
        array.flat[:] = [_unshared(part, copies) for part in value.flat]
        return array
    if isinstance(value, set | np.ndarray):
        return copy(value)
    if isinstance(value, tuple):
        parts = [_unshared(part, copies) for part in value]
        return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)
    return value


def to_data(value: Any) -> Any:
    """An exact value as JSON data: integers as such, fractions as 'p/q', matrices as lists of rows."""
    if isinstance(value, Chain):
        return [to_data(factor) for factor in value.exact]
    if isinstance(value, fmpq_mat):
        return [[to_data(entry) for entry in row] for row in value.tolist()]
    if isinstance(value, fmpq | Fraction):
        numerator, denominator = _parts(value)
        return to_data(numerator) if denominator == 1 else f"{_literal(numerator)}/{_literal(denominator)}"
    if isinstance(value, fmpz):
        return to_data(int(value))
    if type(value) is int and value.bit_length() > _LONGEST:
        return hex(value)
    if isinstance(value, bool | int | float | str) or value is None:
        return value
    if isinstance(value, tuple | list):
        return [to_data(part) for part in value]
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {key: to_data(part) for key, part in value.items()}
    return _harmless(repr(value))


def kind_of(value: Any) -> Any:
    """What it takes, beside :func:`to_data`, to rebuild a value; None where that cannot be done."""
    kind = type(value)
    if value is None:
        return "None"
    if kind in (tuple, list):
        kinds = [kind_of(part) for part in value]
        return None if None in kinds else [kind.__name__, *kinds]
    if kind is dict and all(isinstance(key, str) for key in value):
        named = {key: kind_of(part) for key, part in value.items()}
        return None if None in named.values() else named
    if kind is fmpq_mat and not value.nrows() * value.ncols():
        return None  # its rows do not show how many columns there are
    return kind.__name__ if kind.__name__ in _READERS and kind in _KINDS else None


def from_data(data: Any, kind: Any) -> Any:
    """The value of a kind, from its data: the inverse of :func:`to_data`.

    Runs no code but this module's. Raises ValueError for data that are not of the kind.
    """
    try:
        return _rebuilt(data, kind)
    except (TypeError, ValueError, KeyError, AttributeError, ZeroDivisionError) as error:
        message = f"{reprlib.repr(data)} is no value of the kind {reprlib.repr(kind)}"
        raise ValueError(message) from error


def _rebuilt(data: Any, kind: Any) -> Any:
    if isinstance(kind, str):
        return _READERS[kind](data)
    if isinstance(kind, Mapping):
        return {key: _rebuilt(data[key], part) for key, part in kind.items()}
    container, *kinds = kind
    parts = [_rebuilt(part, each) for part, each in zip(data, kinds, strict=True)]
    return {"tuple": tuple, "list": list}[container](parts)


def _plain(wanted: type) -> Callable[[Any], Any]:
    def read(data: Any) -> Any:
        if type(data) is not wanted:
            raise TypeError(data)
        return data

    return read


def _integer(data: Any) -> int:
    return _read(data) if isinstance(data, str) and "x" in data else int(_plain(int)(data))


def _read(text: str) -> int:
    return int(text, 16 if "x" in text else 10)


def _fmpq(data: Any) -> fmpq:
    exact = _fraction(data)
    return fmpq(exact.numerator, exact.denominator)


def _fraction(data: Any) -> Fraction:
    if isinstance(data, str) and "/" in data:
        return Fraction(*map(_read, data.split("/")))
    return Fraction(_integer(data))


def _matrix(data: Any) -> fmpq_mat:
    return fmpq_mat([[_fmpq(entry) for entry in row] for row in data])


def _chain(data: Any) -> Chain:
    return Chain([_matrix(factor) for factor in data])


_KINDS: tuple[type, ...] = (bool, int, float, str, Fraction, fmpz, fmpq, fmpq_mat, Chain)
_READERS: Mapping[str, Callable[[Any], Any]] = {
    "None": _plain(type(None)),
    "bool": _plain(bool),
    "int": _integer,
    "float": _plain(float),
    "str": _plain(str),
    "Fraction": _fraction,
    "fmpz": lambda data: fmpz(_integer(data)),
    "fmpq": _fmpq,
    "fmpq_mat": _matrix,
    "Chain": _chain,
}


def to_source(value: Any) -> str:
    """A value that can be rebuilt, as Python; the names are those of its kinds."""
    if isinstance(value, Chain):
        return f"Chain([{', '.join(map(to_source, value.exact))}])"
    if isinstance(value, fmpq_mat):
        rows = ", ".join(f"[{', '.join(map(_entry, row))}]" for row in value.tolist())
        return f"fmpq_mat([{rows}])"
    if isinstance(value, fmpq | Fraction):
        return f"{type(value).__name__}({', '.join(map(_literal, _parts(value)))})"
    if isinstance(value, fmpz):
        return f"fmpz({_literal(int(value))})"
    if isinstance(value, tuple):
        return f"({', '.join(map(to_source, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, list):
        return f"[{', '.join(map(to_source, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {to_source(part)}" for key, part in value.items()) + "}"
    if type(value) is int:
        return _literal(value)
    return f"float({str(value)!r})" if isinstance(value, float) else repr(value)


def to_text(name: str, value: Any) -> list[str]:
    """An exact value as lines of text; the factors of a chain on a line each, M_1 applied first."""
    if isinstance(value, Chain):
        return [f"M_{position} = {_rows(factor)}" for position, factor in enumerate(value.exact, 1)]
    if isinstance(value, tuple) and value and all(isinstance(part, fmpq_mat) for part in value):
        return [f"{name}_{position} = {_rows(part)}" for position, part in enumerate(value, 1)]
    if isinstance(value, fmpq_mat):
        return [f"{name} = {_rows(value)}"]
    if isinstance(value, dict) and names_matrices(kind_of(value)):
        return [line for part, each in value.items() for line in to_text(part, each)]
    return [f"{name} = {_harmless(str(to_data(value)))}"]


def names_matrices(kind: Any) -> bool:
    """Whether values of a kind are dictionaries of matrices in a row, W_1, W_2, …, shown by these names."""
    return isinstance(kind, Mapping) and all(
        name.isidentifier() and isinstance(parts, list) and set(parts[1:]) == {"fmpq_mat"}
        for name, parts in kind.items()
    )


def _harmless(text: str) -> str:
    """A text that no terminal obeys: with escapes for what is not shown, if there is any."""
    return text if all(line.isprintable() for line in text.split("\n")) else ascii(text)


def length(value: Any) -> int:
    """How many numbers an exact value holds."""
    if isinstance(value, Chain):
        return sum(map(length, value.exact))
    if isinstance(value, fmpq_mat):
        return int(value.nrows() * value.ncols())
    if isinstance(value, tuple | list):
        return sum(map(length, value))
    if isinstance(value, dict):
        return sum(map(length, value.values()))
    return 1


def _rows(matrix: fmpq_mat) -> str:
    rows = ", ".join("[" + ", ".join(str(to_data(entry)) for entry in row) + "]" for row in matrix.tolist())
    return f"[{rows}]"


def _entry(entry: fmpq) -> str:
    numerator, denominator = _parts(entry)
    return (
        _literal(numerator) if denominator == 1 else f"fmpq({_literal(numerator)}, {_literal(denominator)})"
    )


def _literal(number: int) -> str:
    """An integer as Python reads it, at any length."""
    return str(number) if number.bit_length() <= _LONGEST else hex(number)


def _parts(value: fmpq | Fraction) -> tuple[int, int]:
    if isinstance(value, fmpq):
        return int(value.p), int(value.q)
    return value.numerator, value.denominator
