"""Exact numbers: small integers and small rationals."""

from __future__ import annotations

from flint import fmpq
from hypothesis import strategies as st

from jacspec.numerics import InputError
from jacspec.proofs_check.strategies.remembered import remembered

small_integers = st.integers(-3, 3)
"""Entries: enough for most failures that small matrices show, and quick to shrink."""


@remembered
def rationals(least: int = -3, most: int = 3, *, denominator: int = 6) -> st.SearchStrategy[fmpq]:
    """Rationals p/q in [least, most] with 1 ≤ q ≤ ``denominator``; they shrink to integers, then to zero.

    Raises InputError if the interval or the range of denominators is empty.
    """
    if least > most or denominator < 1:
        message = (
            f"rationals({least}, {most}, denominator={denominator}): expected least ≤ most and a denominator "
            f"of at least 1"
        )
        raise InputError(message)
    return st.integers(1, denominator).flatmap(
        lambda q: st.integers(least * q, most * q).map(lambda p: fmpq(p, q))
    )
