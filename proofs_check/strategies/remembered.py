"""Strategies made once for each set of arguments: to make one costs Hypothesis more than to draw from it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from inspect import signature
from typing import ParamSpec, TypeVar

from jacspec.numerics.support.arguments import whole_number

P = ParamSpec("P")
Made = TypeVar("Made")

_LEAST = {"depth": 1, "width": 1, "rows": 1, "columns": 1, "rank": 0, "active": 0, "decades": 0}
"""Parameters that are sizes or counts, and the least that each may be."""


def remembered(make: Callable[P, Made]) -> Callable[P, Made]:
    """The function, which makes the same of the same arguments; of those without a hash it makes it anew.

    Its sizes are made Python's integers before; raises InputError for what is none.
    """
    named = signature(make)
    sizes = {name for name, each in named.parameters.items() if name in _LEAST and each.annotation == "int"}

    @wraps(make)
    def checked(*args: P.args, **kwargs: P.kwargs) -> Made:
        given = named.bind(*args, **kwargs)
        for name in sizes & given.arguments.keys():
            value = given.arguments[name]
            given.arguments[name] = whole_number(f"{make.__name__}: {name}", value, least=_LEAST[name])
        return make(*given.args, **given.kwargs)

    # Not of equal arguments alone: 1 is True, and 2 a NumPy integer, with which Hypothesis makes no list.
    known = lru_cache(maxsize=1 << 10, typed=True)(checked)

    @wraps(make)
    def remember(*args: P.args, **kwargs: P.kwargs) -> Made:
        try:
            hash((*args, *kwargs.values()))
        except TypeError:
            return checked(*args, **kwargs)
        return known(*args, **kwargs)  # type: ignore[arg-type]

    return remember
