"""How far the product of a long chain has come, for whoever wants to show it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

__all__ = ["multiplied", "watching_products"]

_listener: ContextVar[Callable[[], None] | None] = ContextVar("listener", default=None)


@contextmanager
def watching_products(listener: Callable[[], None]) -> Iterator[None]:
    """Within the block, call ``listener`` after each product of two stretches of a chain.

    A product of N factors takes N - 1 of them, two more where singular vectors are multiplied along at its
    ends; an engine that starts over at more bits takes them again.
    """
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def multiplied() -> None:
    """Say that one product is done."""
    listener = _listener.get()
    if listener is not None:
        listener()
