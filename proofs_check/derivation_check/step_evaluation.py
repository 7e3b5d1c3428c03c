"""Both sides of a step in balls, at the points of its domain."""

from __future__ import annotations

from collections.abc import Sequence

from flint import arb
from sympy import Expr

from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.claims.margin import Truth
from jacspec.proofs_check.interpretation import Interpretation, Known, difference, in_balls, known, norm
from jacspec.proofs_check.interpretation.statements.exact import ball, is_exact
from jacspec.theory import Relation, Step
from jacspec.theory.algebra.normal_form import agree

_BITS = 320
"""Ball precision; the values are rationals of a few digits and exponentials of such."""

_RESOLUTION = 200
"""Bits to which the two sides of an equality must be seen to agree, relative to their size."""

_LIMIT_RESOLUTION = 120
"""In the limit ε → 0 the sides differ by O(ε); at ε = 2^-160 they must agree to 120 bits."""


class _ValuesAtPoints:
    """An expression at every point, each evaluated when it is asked for."""

    def __init__(self, expression: Expr, points: Sequence[Interpretation]) -> None:
        self.expression, self.points = expression, points
        self._values: dict[int, Known] = {}

    def __getitem__(self, position: int) -> Known:
        """The value at one of the points; the caller sets the ball precision."""
        if position not in self._values:
            self._values[position] = known(self.expression, self.points[position])
        return self._values[position]


class ChainJudge:
    """What ball evaluation says of a step between expressions of chains, and of its variants."""

    def __init__(self, step: Step, points: Sequence[Interpretation]) -> None:
        self.step, self.points = step, points
        self._befores, self._afters = (_ValuesAtPoints(side, points) for side in (step.before, step.after))
        self._last = self._afters

    def truth(self, relation: Relation, after: Expr) -> Truth:
        """HOLDS if ``before relation after`` is seen at every point, FAILS if it certainly fails at one.

        Between exact values equality decides; elsewhere it is seen to the resolution, and so is ≤, which may
        be attained.
        """
        truth = Truth.HOLDS
        for position in range(len(self.points)):
            found = self._truth_at(position, relation, after)
            if found is Truth.FAILS:
                return found
            truth = found if found is Truth.UNDECIDED else truth
        return truth

    def is_same(self, after: Expr) -> bool:
        """Whether an expression is the right-hand side, however it is written."""
        other = self._valued(after)
        with balls(_BITS):
            # Balls tell apart what differs much sooner than normal forms do.
            differs = any(
                bool(norm(difference(other[position], self._afters[position])) > 0)
                for position in range(len(self.points))
            )
        if differs:
            return False
        # Sizes that are fixed are what they are.
        sizes = {
            each.symbol: each.least for each in self.step.defined_for.parameters if each.most == each.least
        }
        return agree(after.xreplace(sizes), self.step.after.xreplace(sizes))

    @property
    def failure(self) -> str:
        """A point at which the step certainly fails, with both values; empty if there is none."""
        step = self.step
        for position, point in enumerate(self.points):
            if self._truth_at(position, step.relation, step.after) is Truth.FAILS:
                with balls(_BITS):
                    left, right = (_shown(side[position]) for side in (self._befores, self._afters))
                where = getattr(point, "description", "a point")
                return f"at {where} it reads {left} {step.relation.value} {right}"
        return ""

    def _truth_at(self, position: int, relation: Relation, after: Expr) -> Truth:
        limit = relation is Relation.LIMIT
        with balls(_BITS):
            left, right = self._befores[position], self._valued(after)[position]
            gap = difference(left, right)
            excess = _excess(relation, gap)
            resolution = _LIMIT_RESOLUTION if limit else _RESOLUTION
            exact = is_exact(gap) and not limit
            tolerance = arb(0) if exact else (norm(left) + norm(right) + 1) * arb(2) ** -resolution
            if excess > tolerance:
                return Truth.FAILS
            return Truth.HOLDS if excess <= tolerance else Truth.UNDECIDED

    def _valued(self, after: Expr) -> _ValuesAtPoints:
        if after != self._last.expression:
            self._last = _ValuesAtPoints(after, self.points)
        return self._last


def _shown(exact: Known) -> str:
    """A value to a few digits."""
    value = in_balls(exact)
    if isinstance(value, arb):
        return str(value.str(6, radius=False))
    return "; ".join(", ".join(entry.str(6, radius=False) for entry in row) for row in value.tolist())


def _excess(relation: Relation, gap: Known) -> arb:
    """By how much ``before - after`` violates the relation; positive where it does."""
    if not relation.is_inequality:
        return norm(gap)
    return ball(gap) if relation is Relation.AT_MOST else -ball(gap)
