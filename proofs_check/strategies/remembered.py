"""Strategies made once for each set of arguments: to make one costs Hypothesis more than to draw from it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
Made = TypeVar("Made")


def remembered(make: Callable[P, Made]) -> Callable[P, Made]:
    """The function, which makes the same of the same arguments; of those without a hash it makes it anew."""
    known = lru_cache(maxsize=1 << 10)(make)

    @wraps(make)
    def remember(*args: P.args, **kwargs: P.kwargs) -> Made:
        try:
            hash((*args, *kwargs.values()))
        except TypeError:
            return make(*args, **kwargs)
        return known(*args, **kwargs)  # type: ignore[arg-type]

    return remember
