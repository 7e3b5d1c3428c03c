"""Propositions at points: both sides for every value of their indices, and premises tested as what they are.

A point fixes the sizes, and whatever else it is about; every other index runs through its domain. Outside of
the domain of a symbol nothing has a value there, and nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from flint import arb
from sympy import Expr, Integer, Symbol

from jacspec.numerics.support.precision import current_bits
from jacspec.proofs_check.claims.margin import Bound, Margin, Truth
from jacspec.proofs_check.interpretation.base import Interpretation, evaluate
from jacspec.proofs_check.interpretation.index_values import Values, claimed_at, stands, whole_domain
from jacspec.proofs_check.interpretation.small_level import SAMPLES, AtEverySmallLevel, AtSomeSmallLevels
from jacspec.proofs_check.interpretation.values import Value, as_scalar, difference, norm
from jacspec.theory import Assumption, Relation
from jacspec.theory.derivations.assumption import Condition
from jacspec.theory.derivations.proposition import Proposition
from jacspec.theory.notation.symbols import N, epsilon, k, n

_ASSUMED_BITS, _CONCLUDED_BITS = 120, 80
"""Equalities are assumed to a finer resolution than that to which they are concluded."""

_FAR, _NEAR = Integer(2) ** -20, Integer(2) ** -40
"""Two values of a variable that tends to 0: on the way from one to the other a limit comes nearer."""


def agreement(left: Value, right: Value, *, bits: int = _CONCLUDED_BITS) -> arb:
    """The margin 2^-bits (1 + Σ|left| + Σ|right|) - Σ|left - right|; a number is that multiple of I."""
    return (norm(left) + norm(right) + 1) * arb(2) ** -bits - norm(difference(left, right))


@dataclass(frozen=True)
class Sides:
    """Both sides of a relation, as values."""

    left: Value
    relation: Relation
    right: Value
    trivial: arb | None = None
    squares: bool = False

    @property
    def ball(self) -> arb:
        """Positive where the relation holds; of an equality to the resolution of what is concluded.

        Of a limit the sides are the distance from it and half the distance from which it was approached.
        """
        if self.relation is Relation.EQUAL:
            return agreement(self.left, self.right)
        return self._bound.margin

    @property
    def comes_nearer(self) -> bool:
        """Whether the two sides of a limit are certainly less far apart nearer to it."""
        return bool(as_scalar(self.left) < 2 * as_scalar(self.right))

    @property
    def margin(self) -> Bound | Margin | arb:
        """The margin of the relation; a bound, or a limit, that is attained to the finer resolution holds."""
        if self.relation is Relation.EQUAL:
            return self.ball
        bound = self._bound
        undecided = not (bound.margin > 0 or bound.margin < 0)
        if undecided and agreement(self.left, self.right, bits=_ASSUMED_BITS) > 0:
            ratio = bound.ratio if self.relation.is_inequality else None
            shown = f"{bound.margin.str(8)}: attained"
            return Margin("", Truth.HOLDS, 0.0, shown, ratio=ratio, telling=bound.telling)
        return bound if self.relation.is_inequality else bound.margin

    @property
    def _bound(self) -> Bound:
        left, right = as_scalar(self.left), as_scalar(self.right)
        small, large = (right, left) if self.relation is Relation.AT_LEAST else (left, right)
        return Bound(small, large, self.trivial, self.squares)

    @property
    def is_finite(self) -> bool:
        """Whether both sides are numbers, at the precision in force."""
        return bool(norm(self.left).is_finite() and norm(self.right).is_finite())

    def same_as(self, other: Sides) -> bool:
        """Whether both sides are those of another, to the resolution of what is concluded."""
        pairs = ((self.left, other.left), (self.right, other.right))
        return self.relation is other.relation and all(agreement(*pair) > 0 for pair in pairs)


def sides_at(
    proposition: Proposition, point: Interpretation, values: Values, known: Mapping[Expr, Value] | None = None
) -> Sides | None:
    """Both sides for these values of the indices; None where a symbol has no value.

    A limit is approached: nearer to it, the two sides are less than half as far apart. ``known`` are the
    sides that have been evaluated.
    """
    left, right = proposition.left, proposition.right
    indices = frozenset({**point.indices, **values}.items())
    if not (stands(left, indices) and stands(right, indices)):
        return None

    def valued(side: Expr) -> Value:
        return known[side] if known and side in known else evaluate(side, point, values)

    try:
        if proposition.relation is not Relation.LIMIT:
            anyway = proposition.trivial
            trivial = None if anyway is None else as_scalar(evaluate(anyway, point, values))
            squares = left.is_Pow and left.exp == 2
            return Sides(valued(left), proposition.relation, valued(right), trivial, squares)
        far, near = _distances(left - right, proposition.towards, point, values)
        return Sides(near, Relation.LIMIT, far / 2)
    except (ValueError, ZeroDivisionError):
        return None


def _distances(
    distance: Expr, towards: tuple[Symbol, Expr], point: Interpretation, values: Values
) -> Iterator[arb]:
    """How far the two sides of a limit are apart, farther from it and nearer to it."""
    approached = _approached(distance, *towards, point)
    yield from (norm(evaluate(at_this, at, {**values, N: at.depth})) for at_this, at in approached)


def _approached(
    distance: Expr, variable: Symbol, end: Expr, point: Interpretation
) -> Iterator[tuple[Expr, Interpretation]]:
    """An expression at two values of a variable on its way to the end, or at two points on that way."""
    moved = point.nearer(variable)
    if not moved and end.is_infinite:
        message = f"this point says nothing of what becomes of it as {variable} grows"
        raise TypeError(message)
    yield from ((distance, nearer) for nearer in moved)
    if not moved:
        yield from ((_moved(distance, variable, end + step), point) for step in (_FAR, _NEAR))


@cache
def _moved(expression: Expr, variable: Symbol, value: Expr) -> Expr:
    return expression.xreplace({variable: value})


# --- premises --------------------------------------------------------------------------------------------


@cache
def is_about(assumption: Assumption, proposition: Proposition) -> bool:
    """Whether a premise shares an index with its proposition: then it is a condition on that index."""
    named = [(each.left.free_symbols | each.right.free_symbols) - {*each.indices} for each in assumption.says]
    named.append({*assumption.distinct})
    indices = {parameter.symbol for parameter in whole_domain(proposition)} - {N, n}
    return any(symbols & indices for symbols in named)


def holds_at(assumption: Assumption, point: Interpretation, values: Values) -> Truth:
    """Whether all that an assumption says holds; where one of its symbols has no value it does not.

    What was found at a point is remembered: an assumption names few of the indices, and it is asked as a
    hypothesis, in every case of every proposition, and once more where a claim speaks of an example.
    """
    named = _named(assumption)
    at = current_bits(), assumption, frozenset(each for each in values.items() if each[0] in named)
    if at not in point.truths:
        try:
            point.truths[at] = truth_at(assumption, point, values)
        except (IndexError, ValueError, ZeroDivisionError):
            point.truths[at] = Truth.FAILS
    return point.truths[at]


@cache
def _named(assumption: Assumption) -> frozenset[Symbol]:
    """The symbols on whose values it may depend whether an assumption holds; more than those would do."""
    found = {*assumption.distinct, *(k for _ in assumption.differentiable)}
    for parameter in assumption.restricts:
        ends = (each for each in (parameter.least, parameter.most) if each is not None)
        found |= {parameter.symbol}.union(*(each.free_symbols for each in ends))
    for said in assumption.says:
        sides = (said.left, said.right, *(said.coefficients if isinstance(said, AtEverySmallLevel) else ()))
        ends = (end for limits in said.claimed.values() for end in limits if end is not None)
        free = set[Symbol]().union(*(each.free_symbols for each in sides)) - {*said.indices}
        found |= free.union(*(each.free_symbols for each in ends))
    return frozenset(found)


def truth_at(assumption: Assumption, point: Interpretation, values: Values) -> Truth:
    """Whether all that an assumption says holds: its equations to the resolution of what is assumed.

    Raises IndexError, ValueError or ZeroDivisionError where one of its symbols has no value.
    """
    if not admits(assumption, point, values):
        return Truth.FAILS
    for head in assumption.differentiable:
        evaluate(head(k), point, values)
    truth = Truth.HOLDS
    for margin in (each for said in assumption.says for each in condition_margins(said, point, values)):
        if margin < 0:
            return Truth.FAILS
        if not margin > 0:
            truth = Truth.UNDECIDED
    return truth


def admits(assumption: Assumption, point: Interpretation, values: Values) -> bool:
    """Whether sizes and indices lie where the assumption confines them, and differ where it says so."""
    if not (assumption.distinct or assumption.restricts):
        return True
    known = {**point.indices, N: point.depth, n: point.width, **values}
    at = {symbol: Integer(value) for symbol, value in known.items()}
    apart = [at[each] for each in assumption.distinct if each in at]
    return len({*apart}) == len(apart) and all(each.allows(at) for each in assumption.restricts)


def condition_margins(condition: Condition, point: Interpretation, values: Values) -> Iterator[arb]:
    """Of what is assumed, the margin at every value of its indices; a bound that is attained holds.

    A limit is approached, as that of a proposition is.
    """
    known = {**point.indices, **values}
    for inside in claimed_at(condition, point, known):
        at = {**values, **inside}
        if isinstance(condition, AtEverySmallLevel):
            yield _eventually(condition, point, at)
            continue
        if isinstance(condition, AtSomeSmallLevels):
            for level in SAMPLES:
                left, right = (_moved(side, epsilon, level) for side in (condition.left, condition.right))
                tried = Condition(left, condition.relation, right, strict=condition.strict)
                yield from condition_margins(tried, point, at)
            continue
        if condition.relation is Relation.LIMIT:
            far, near = _distances(condition.left - condition.right, condition.towards, point, at)
            yield far / 2 - near
            continue
        left, right = (evaluate(side, point, at) for side in (condition.left, condition.right))
        equal = None if condition.strict else agreement(left, right, bits=_ASSUMED_BITS)
        if equal is not None and (equal > 0 or condition.relation is Relation.EQUAL):
            yield equal
        else:
            low, high = (left, right) if condition.relation is Relation.AT_MOST else (right, left)
            gap = as_scalar(high) - as_scalar(low)
            yield arb(-1) if gap.is_zero() else gap


def _eventually(condition: AtEverySmallLevel, point: Interpretation, values: Values) -> arb:
    """The first coefficient that is not 0, to the resolution of what is assumed."""
    for each in condition.coefficients:
        value = as_scalar(evaluate(each, point, values))
        if not agreement(value, arb(0), bits=_ASSUMED_BITS) > 0:
            return value
    return arb(-1 if condition.strict else 1)
