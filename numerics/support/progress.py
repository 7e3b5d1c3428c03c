"""How far long work has come, for whoever wants to show it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

Made = TypeVar("Made")

_listener: ContextVar[Callable[[int], None] | None] = ContextVar("listener", default=None)


@contextmanager
def watching(listener: Callable[[int], None]) -> Iterator[None]:
    """Within the block, call ``listener`` after each step, with how many there are, 0 where that is open.

    A step is the product of two stretches of a chain, or an operator of an exported network. A product of N
    factors takes N - 1 steps, two more where singular vectors are multiplied along at its ends; an engine
    that starts over at more bits takes them again.
    """
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def done(of: int = 0) -> None:
    """Say that one step of so many is done."""
    listener = _listener.get()
    if listener is not None:
        listener(of)


def counted(steps: Iterable[Made]) -> list[Made]:
    """What is made one after another, each of which is said to be done."""
    if _listener.get() is None:
        return list(steps)
    made = []
    for each in steps:
        made.append(each)
        done()
    return made
