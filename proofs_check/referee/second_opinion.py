"""A second opinion on a decisive example: the same conclusion, its spectra taken by mpmath."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jacspec.numerics.spectra.independent import by_mpmath
from jacspec.proofs_check.claims.claim import Statement
from jacspec.proofs_check.claims.margin import Judgement, Truth, judge
from jacspec.proofs_check.referee.propositions.conclusion import applied


@dataclass(frozen=True)
class Opinion:
    """What mpmath finds of a statement that balls have decided; None where no spectrum enters it."""

    truth: Truth | None
    contradicts: bool = False

    def __str__(self) -> str:
        if self.truth is None:
            return "no spectrum enters: the exact evaluation stands alone"
        if self.contradicts:
            return f"mpmath contradicts: the conclusion {self.truth.value}"
        return "mpmath agrees" if self.truth is not Truth.UNDECIDED else "mpmath cannot decide"


def second_opinion(statement: Statement, example: Mapping[str, Any], first: Judgement) -> Opinion:
    """Evaluate a statement at an example with singular values and vectors from mpmath."""
    with by_mpmath() as counted:
        try:
            again = judge(lambda: applied(statement, example), cap=first.bits, start=first.bits)
        except (ArithmeticError, ValueError):
            return Opinion(Truth.UNDECIDED)
    if not counted.decompositions:
        return Opinion(None)
    opposite = {Truth.HOLDS: Truth.FAILS, Truth.FAILS: Truth.HOLDS}
    return Opinion(again.truth, again.truth is opposite.get(first.truth))
