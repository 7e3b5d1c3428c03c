"""Whether values read from a file are of the kinds that the fields of a dataclass are annotated with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np


def check_kinds(kind: type[Any], values: Mapping[str, Any]) -> None:
    """Raise ValueError for a value that is not of the kind of its field in the dataclass."""
    hints = get_type_hints(kind)
    for name, expected in ((field.name, hints[field.name]) for field in fields(kind)):
        if name in values and not _fits(values[name], expected):
            value = values[name]
            said = repr(value) if isinstance(value, int | float | str | None) else f"a {type(value).__name__}"
            message = f"{name} is {said:.60}, which no {kind.__name__} has"
            raise ValueError(message)


def _fits(value: Any, expected: Any) -> bool:
    if expected is Any:  # a number or a matrix of any library's
        return not isinstance(value, bool | str | tuple | None)
    origin, parts = get_origin(expected), get_args(expected)
    if origin in (Union, UnionType):
        return any(_fits(value, part) for part in parts)
    if origin is Literal:
        return value in parts
    if origin is tuple:
        each = parts[:1] * len(value) if isinstance(value, tuple) and parts[1:] == (...,) else parts
        return isinstance(value, tuple) and len(value) == len(each) and all(map(_fits, value, each))
    if origin is np.ndarray:
        return isinstance(value, np.ndarray)
    if expected is float:
        expected = int | float
    return isinstance(value, expected or NoneType) and (expected is bool or not isinstance(value, bool))
