"""How far the product of a long chain has come, for whoever wants to show it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

Product = TypeVar("Product")

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


def counted(products: Iterable[Product]) -> list[Product]:
    """Products that are made one after another, each of which is said to be done."""
    listener = _listener.get()
    if listener is None:
        return list(products)
    made = []
    for product in products:
        made.append(product)
        listener()
    return made
