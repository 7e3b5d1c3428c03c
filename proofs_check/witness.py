"""A second opinion on a decisive example: the same conclusion, its spectra taken by mpmath."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from numerics.independent import by_mpmath
from proofs_check.claim import Statement
from proofs_check.margin import Judgement, Truth, judge

__all__ = ["Testimony", "testimony"]


@dataclass(frozen=True)
class Testimony:
    """What mpmath finds of a statement that balls have decided; None where no spectrum enters it."""

    truth: Truth | None
    contradicts: bool = False

    def __str__(self) -> str:
        if self.truth is None:
            return "no spectrum enters: the exact evaluation stands alone"
        if self.contradicts:
            return f"mpmath contradicts: the conclusion {self.truth.value}"
        return "mpmath agrees" if self.truth is not Truth.UNDECIDED else "mpmath cannot decide"


def testimony(statement: Statement, example: Mapping[str, Any], first: Judgement) -> Testimony:
    """Evaluate a statement at an example with singular values and vectors from mpmath."""
    with by_mpmath() as counted:
        try:
            again = judge(lambda: statement(**example), cap=first.bits, start=first.bits)
        except (ArithmeticError, ValueError):
            return Testimony(Truth.UNDECIDED)
    if not counted.decompositions:
        return Testimony(None)
    opposite = {Truth.HOLDS: Truth.FAILS, Truth.FAILS: Truth.HOLDS}
    return Testimony(again.truth, again.truth is opposite.get(first.truth))
