"""Sizes tied by name: every strategy of one claim that is given the size ``n`` draws the same n."""

from __future__ import annotations

from hypothesis import strategies as st

from jacspec.numerics.support.arguments import whole_number

Width = int | st.SearchStrategy[int]
"""A size: fixed, drawn, or drawn once and shared by name (:func:`size`)."""


def size(name: str, least: int, most: int) -> st.SearchStrategy[int]:
    """The size called ``name``, from least to most: drawn once per example, wherever it occurs in it.

    >>> n = size("n", 1, 4)
    >>> given = {"A": square(n), "B": square(n)}  # always of one width

    Two sizes of a name are one only if they were declared alike, bounds included. Raises InputError unless
    1 ≤ least ≤ most.
    """
    least = whole_number(f"size {name!r}: least", least)
    most = whole_number(f"size {name!r}: most", most, least=least, note="the least")
    return st.shared(st.integers(least, most), key=("size", name, least, most))


def checked_width(what: str, width: Width) -> Width:
    """A size, drawn or given; raises InputError for a number below 1, in the name of ``what``."""
    return width if isinstance(width, st.SearchStrategy) else whole_number(f"{what}: width", width)


def drawn_width(draw: st.DrawFn, width: Width) -> int:
    """A size that is drawn, or given."""
    return draw(width) if isinstance(width, st.SearchStrategy) else width
