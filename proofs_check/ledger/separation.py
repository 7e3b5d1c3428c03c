"""Section 4 of the ledger: separation by the dynamics, at exact singular values and drives.

Velocities are those that the drive prescribes; the derivative of the closed form is taken by SymPy.
"""

from __future__ import annotations

from fractions import Fraction

from flint import arb, fmpq
from hypothesis import strategies as st

from jacspec.proofs_check.claims.claim import Claim, Expectation, Whose
from jacspec.proofs_check.interpretation import Interpretation, Value, evaluate
from jacspec.proofs_check.interpretation.points.numbers import NumbersPoint
from jacspec.proofs_check.referee.propositions.conclusion import searched
from jacspec.proofs_check.strategies import rationals
from jacspec.theory.notation.heads import Head, Quantity
from jacspec.theory.notation.symbols import i, k, s
from jacspec.theory.results import separation
from jacspec.theory.results.propositions.separation import ANY_DEPTH, PROPOSITIONS

Pair = tuple[fmpq, fmpq]


class _Modes(Interpretation):
    """Two modes at some depth, driven as ``POWER_DRIVE`` of the theory says."""

    def __init__(self, depth: int, values: Pair, drive: fmpq, power: fmpq) -> None:
        # Where a wrong variant names a further direction i, it is the second.
        super().__init__(depth, 2, {i: 2})
        self._values = values
        self._scalars = {Quantity.STRENGTH: arb(drive), Quantity.POWER: arb(power)}

    def head(self, head: Head, indices: tuple[int, ...]) -> Value:
        """Return c, p, a singular value, or its velocity under the drive."""
        if head.quantity in self._scalars:
            return self._scalars[head.quantity]
        if head is s:
            return arb(self._values[indices[0] - 1])
        (rule,) = separation.POWER_DRIVE.rules
        return evaluate(rule.rhs, self, {k: indices[0]})


def _solution(depth: int, drive: fmpq, start: fmpq, elapsed: fmpq) -> NumbersPoint:
    """One mode that starts at s_0, at a time t; b is what is left of the base of the power by then."""
    values = {"c": arb(drive), "s_0": arb(start), "t": arb(elapsed)}
    if depth > 2:  # any share of the time until the blow-up
        power = 1 - arb(2) / depth
        begun = arb(start) ** -power
        values["b"] = left = begun / (1 + arb(elapsed))
        values["t"] = (begun - left) / (power * arb(drive))
    return NumbersPoint({}, values, depth=depth)


def _at_common_drive(depth: int, values: Pair, drive: fmpq) -> _Modes:
    return _Modes(depth, values, drive, fmpq(0))


_DEPTHS, _POSITIVE = st.integers(1, 8), rationals(Fraction(1, 5), 5)
_DIFFERENT = st.lists(_POSITIVE, min_size=2, max_size=2, unique_by=str).map(tuple)
_COMMON = {"depth": _DEPTHS, "values": _DIFFERENT, "drive": _POSITIVE}

CLAIMS = (
    Claim(
        label="separation-closed-form",
        **searched(PROPOSITIONS["separation-closed-form"], _solution),
        given={"depth": _DEPTHS, "drive": _POSITIVE, "start": _POSITIVE, "elapsed": _POSITIVE},
        derivation=separation.closed_form,
        whose=Whose.POSTER,
    ),
    Claim(
        label="separation-dynamics",
        **searched(PROPOSITIONS["separation-dynamics"], _at_common_drive),
        given=_COMMON,
        derivation=separation.separation,
        whose=Whose.POSTER,
    ),
    Claim(
        label="separation-dynamics-any-depth",
        **searched([ANY_DEPTH], _at_common_drive),
        given=_COMMON,
        expected=Expectation.REFUTED,
        whose=Whose.OURS,
    ),
    Claim(
        label="separation-rate",
        **searched(PROPOSITIONS["separation-rate"], _Modes),
        given={**_COMMON, "power": rationals(-2, 2)},
        derivation=separation.rate,
        whose=Whose.FOLLOW_UP,
        source="Theorem 13 of the first author's public notes",
    ),
)
"""The claims of section 4, in the ledger's order."""
