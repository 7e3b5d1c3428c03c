"""The checks of arguments, one of each kind: what is accepted, and the words in which the rest is refused.

Every refusal is an InputError of one line, ``NAME VALUE: expected …``.
"""

from __future__ import annotations

import difflib
import math
import operator
import reprlib
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn, TypeVar
from unicodedata import bidirectional, category

import numpy as np

from jacspec.numerics.support.errors import InputError

Kind = TypeVar("Kind")


def whole_number(name: str, value: Any, *, least: int = 1, most: int | None = None, note: str = "") -> int:
    """An integer within bounds, as an int: Python's, NumPy's, or anything with ``__index__``, but no bool.

    ``note`` says in the refusal what the bounds are.
    """
    try:
        number = None if isinstance(value, bool | np.bool_) else operator.index(value)
    except TypeError:
        number = None
    if number is None or number < least or (most is not None and number > most):
        bounds = f"of at least {least}" if most is None else f"from {least} to {most}"
        _refuse(name, value, f"an integer {bounds}{note and f', {note}'}")
    return number


def positive_number(name: str, value: Any, *, example: float) -> float:
    """A finite real number above zero."""
    number = _real(value)
    if not 0 < number < math.inf:
        _refuse(name, value, f"a positive number, such as {example:g}")
    return number


def probability(name: str, value: Any) -> float:
    """A probability that is not zero."""
    number = _real(value)
    if not 0 < number <= 1:
        _refuse(name, value, "a probability with 0 < p ≤ 1, such as 0.5")
    return number


def choice(name: str, value: Any, options: Sequence[str]) -> str:
    """One of a few names."""
    if not isinstance(value, str) or value not in options:
        _refuse(name, value, f"one of {', '.join(options)}")
    return value


def instance(name: str, value: Any, kind: type[Kind], remedy: str) -> Kind:
    """An object of one class."""
    if not isinstance(value, kind):
        article = "an" if kind.__name__[0] in "AEIOU" else "a"
        message = f"{name} was given {type(value).__name__}; expected {article} {kind.__name__}: {remedy}"
        raise InputError(message)
    return value


def refuse_control_characters(name: str, text: str) -> None:
    """Refuse what is not shown but obeyed: escapes, overrides of direction; and lone surrogates."""
    for letter in text:
        if letter not in "\n\t" and (category(letter) in ("Cc", "Cs") or bidirectional(letter) in _OVERRIDES):
            _refuse(f"{name} with the control character", letter, "letters that are shown: leave it out")


_OVERRIDES = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")


def hint(name: str, known: Iterable[str], otherwise: str) -> str:
    """What may have been meant."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"did you mean {near[0]}?" if near else otherwise


def _real(value: Any) -> float:
    """The value as a float; NaN, which no bounds hold, for what is not a real number."""
    if isinstance(value, bool | np.bool_ | str | bytes):
        return math.nan
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return math.nan


def _refuse(name: str, value: Any, expected: str) -> NoReturn:
    message = f"{name} {reprlib.repr(value)}: expected {expected}"
    raise InputError(message)
