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

__all__ = ["ValuesAtPoints", "evaluated", "failure", "surely_differ"]

_BITS = 320
"""Ball precision; the values are rationals of a few digits and exponentials of such."""

_RESOLUTION = 200
"""Bits to which the two sides of an equality must be seen to agree, relative to their size."""

_LIMIT_RESOLUTION = 120
"""In the limit ε → 0 the sides differ by O(ε); at ε = 2^-160 they must agree to 120 bits."""


class ValuesAtPoints:
    """An expression at every point, each evaluated when it is asked for."""

    def __init__(self, expression: Expr, points: Sequence[Interpretation]) -> None:
        self._expression = expression
        self.points = points
        self._values: dict[int, Known] = {}

    def __getitem__(self, position: int) -> Known:
        """The value at one of the points; the caller sets the ball precision."""
        if position not in self._values:
            self._values[position] = known(self._expression, self.points[position])
        return self._values[position]


def surely_differ(left: ValuesAtPoints, right: ValuesAtPoints) -> bool:
    """Whether two expressions are seen to differ at one of the points."""
    with balls(_BITS):
        return any(
            bool(norm(difference(left[position], right[position])) > 0)
            for position in range(len(left.points))
        )


def evaluated(step: Step, befores: ValuesAtPoints, afters: ValuesAtPoints) -> Truth:
    """HOLDS if the step is seen to hold at every point, FAILS if it certainly does not at one.

    Between exact values equality decides; elsewhere it is seen to the resolution, and so is ≤, which may be
    attained.
    """
    resolution = _LIMIT_RESOLUTION if step.relation is Relation.LIMIT else _RESOLUTION
    undecided = False
    with balls(_BITS):
        for position in range(len(befores.points)):
            before, after = befores[position], afters[position]
            gap = difference(before, after)
            excess = _excess(step.relation, gap)
            tolerance = (norm(before) + norm(after) + 1) * arb(2) ** (-resolution)
            if is_exact(gap) and step.relation is not Relation.LIMIT:
                tolerance = arb(0)
            if excess > tolerance:
                return Truth.FAILS
            undecided |= not excess <= tolerance
    return Truth.UNDECIDED if undecided else Truth.HOLDS


def failure(step: Step, points: Sequence[Interpretation]) -> str:
    """A point at which a step certainly fails, with both values; empty if there is none."""
    befores, afters = ValuesAtPoints(step.before, points), ValuesAtPoints(step.after, points)
    for position, point in enumerate(points):
        one = ValuesAtPoints(step.before, [point]), ValuesAtPoints(step.after, [point])
        if evaluated(step, *one) is Truth.FAILS:
            with balls(_BITS):
                left, right = (_shown(values[position]) for values in (befores, afters))
            return (
                f"at {getattr(point, 'description', 'a point')} it reads {left} {step.relation.value} {right}"
            )
    return ""


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
