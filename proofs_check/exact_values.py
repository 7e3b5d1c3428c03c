"""Exact examples as text a person can type in again, and as JSON data."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import fmpq, fmpq_mat, fmpz

from numerics import Chain

__all__ = ["length", "to_data", "to_text"]


def to_data(value: Any) -> Any:
    """An exact value as JSON data: integers as such, fractions as 'p/q', matrices as lists of rows."""
    if isinstance(value, Chain):
        return [to_data(factor) for factor in value.exact]
    if isinstance(value, fmpq_mat):
        return [[to_data(entry) for entry in row] for row in value.tolist()]
    if isinstance(value, fmpq | Fraction):
        numerator, denominator = _parts(value)
        return numerator if denominator == 1 else f"{numerator}/{denominator}"
    if isinstance(value, fmpz):
        return int(value)
    if isinstance(value, bool | int | float | str) or value is None:
        return value
    if isinstance(value, tuple | list):
        return [to_data(part) for part in value]
    return repr(value)


def to_text(name: str, value: Any) -> list[str]:
    """An exact value as lines of text; the factors of a chain on a line each, M_1 applied first."""
    if isinstance(value, Chain):
        return [f"M_{position} = {_matrix(factor)}" for position, factor in enumerate(value.exact, 1)]
    if isinstance(value, tuple) and value and all(isinstance(part, fmpq_mat) for part in value):
        return [f"{name}_{position} = {_matrix(part)}" for position, part in enumerate(value, 1)]
    if isinstance(value, fmpq_mat):
        return [f"{name} = {_matrix(value)}"]
    return [f"{name} = {to_data(value)}"]


def length(value: Any) -> int:
    """How many numbers an exact value holds."""
    if isinstance(value, Chain):
        return sum(map(length, value.exact))
    if isinstance(value, fmpq_mat):
        return int(value.nrows() * value.ncols())
    if isinstance(value, tuple | list):
        return sum(map(length, value))
    return 1


def _matrix(matrix: fmpq_mat) -> str:
    rows = ", ".join("[" + ", ".join(str(to_data(entry)) for entry in row) + "]" for row in matrix.tolist())
    return f"[{rows}]"


def _parts(value: fmpq | Fraction) -> tuple[int, int]:
    if isinstance(value, fmpq):
        return int(value.p), int(value.q)
    return value.numerator, value.denominator
