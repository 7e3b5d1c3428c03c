"""Exact numbers: small integers and small rationals."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from math import ceil, floor
from numbers import Rational

from flint import fmpq
from hypothesis import strategies as st

from jacspec.numerics import InputError
from jacspec.proofs_check.strategies.remembered import remembered

small_integers = st.integers(-3, 3)
"""Entries: enough for most failures that small matrices show, and quick to shrink."""


@remembered
def rationals(
    least: int | Fraction = -3, most: int | Fraction = 3, *, denominator: int = 6
) -> st.SearchStrategy[fmpq]:
    """Rationals p/q in [least, most] with 1 ≤ q ≤ ``denominator``; they shrink to integers, then to zero.

    Raises InputError if there is none, and for ends that are no exact numbers.
    """
    if not all(isinstance(end, Rational) for end in (least, most)):
        message = f"rationals({least!r}, {most!r}): expected ends that are whole numbers or fractions"
        raise InputError(message)
    # Made here, not at each draw: Hypothesis examines every strategy that it meets.
    above = {q: (ceil(least * q), floor(most * q)) for q in range(1, denominator + 1)}
    shares = {
        q: st.integers(*ends).map(partial(_share, q)) for q, ends in above.items() if ends[0] <= ends[1]
    }
    if not shares:
        message = (
            f"rationals({least}, {most}, denominator={denominator}): expected least ≤ most and a denominator "
            f"of at least 1, so large that there is such a number"
        )
        raise InputError(message)
    return st.sampled_from(list(shares)).flatmap(shares.__getitem__)


def _share(q: int, p: int) -> fmpq:
    return fmpq(p, q)
