"""The second check of scalar steps: both sides in balls at random exact points of their domain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from flint import arb, fmpq
from sympy import Expr, Integer, Rational, Symbol, ceiling, floor, oo

from jacspec.numerics import InputError
from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.claims.margin import Truth
from jacspec.proofs_check.interpretation import Interpretation, Known, evaluate_scalar
from jacspec.proofs_check.interpretation.propositions import truth_at
from jacspec.theory import Assumption, Relation
from jacspec.theory.algebra.scalar_form import same
from jacspec.theory.derivations.domain import Parameter
from jacspec.theory.derivations.scalars.steps import ScalarCalculation, ScalarStep
from jacspec.theory.notation.heads import Head
from jacspec.theory.statements.ledger_symbols import from_sympy

_BITS = 400
_RESOLUTION = 200
"""Bits to which the two sides of an equality must be seen to agree, relative to their size."""

_FAR_BITS = 120
_LIMIT_RESOLUTION = 100
"""A limit is looked at 2^120 far out, or 2^-120 away: the sides must agree to 100 bits there."""

_POINTS, _MANY_POINTS = 6, 48
_SPREAD = 12
"""How far above its least value an unbounded parameter is drawn."""


class ScalarPoint(Interpretation):
    """Exact values of the parameters of a scalar step, whole or rational; the given ones follow."""

    def __init__(self, values: dict[Symbol, Rational], given: Mapping[Symbol, Expr] | None = None) -> None:
        self._given = {symbol.name: definition for symbol, definition in (given or {}).items()}
        self._positive = [symbol.name for symbol in given or {} if symbol.is_positive]
        free = {symbol: value for symbol, value in values.items() if symbol.name not in self._given}
        whole = {symbol: int(value) for symbol, value in free.items() if value.is_Integer}
        super().__init__(1, 1, whole)
        self._values = free
        self._numbers = {symbol.name: fmpq(int(value.p), int(value.q)) for symbol, value in free.items()}

    def symbol(self, name: str) -> Known:
        """Return the value of a parameter."""
        if name in self._given:
            return self.value(from_sympy(self._given[name]), {})
        if name not in self._numbers:
            message = f"{name} has no range: expected a Parameter of the domain for it"
            raise InputError(message)
        return self._numbers[name]

    def head(self, head: Head, indices: tuple[int, ...]) -> Known:
        """Refuse: scalar formulas are made of their parameters alone."""
        message = f"a scalar formula holds no {head.name}{indices}"
        raise KeyError(message)

    @property
    def is_inside(self) -> bool:
        """Whether what is given has the sign that its symbol is declared with."""
        return all(evaluate_scalar(self._given[name], self) > 0 for name in self._positive)

    @property
    def description(self) -> str:
        """Where this point is, for a report."""
        return ", ".join(f"{symbol}={value}" for symbol, value in self._values.items())


def scalar_points(step: ScalarStep, seed: int, count: int = _POINTS) -> list[ScalarPoint]:
    """Random exact points at which the equations that the step uses hold; the same for a seed."""
    given = {rule.lhs: rule.rhs for rule in step.rules}
    seeds = (Random(f"{seed} {number}") for number in range(count))  # noqa: S311 -- points, not secrets
    return [
        ScalarPoint(_drawn(step, random, _SPREAD if number < _POINTS else 1), given)
        for number, random in enumerate(seeds)
    ]


def _drawn(step: ScalarStep, random: Random, spread: int) -> dict[Symbol, Rational]:
    values: dict[Symbol, Rational] = {}
    for parameter in step.domain.parameters:
        low, high = _ends(parameter, values, spread)
        if parameter.symbol.is_integer:
            values[parameter.symbol] = Integer(random.randint(int(ceiling(low)), int(floor(high))))
        else:
            parts = random.randint(5, 19)
            values[parameter.symbol] = low + (high - low) * Rational(random.randint(1, parts - 1), parts)
    if step.limit is not None:
        variable, point = step.limit
        values[variable] = Integer(2) ** _FAR_BITS if point == oo else point + Rational(1, 2**_FAR_BITS)
    return values


def _ends(parameter: Parameter, values: dict[Symbol, Rational], spread: int) -> tuple[Expr, Expr]:
    """Between which numbers a parameter is drawn: its ends; where there is none, as far off as ``spread``."""
    least = None if parameter.least.is_infinite else parameter.least.subs(values)
    most = None if parameter.most is None or parameter.most.is_infinite else parameter.most.subs(values)
    if least is None:
        return (Integer(-spread), Integer(spread)) if most is None else (most - spread, most)
    return least, least + spread if most is None else most


@dataclass(frozen=True)
class ScalarJudge:
    """What ball evaluation says of variants of one step, at the same points."""

    step: ScalarStep
    points: tuple[ScalarPoint, ...]
    befores: tuple[arb, ...]

    @classmethod
    def of(cls, step: ScalarStep, seed: int) -> ScalarJudge:
        """Draw the points, and evaluate the left-hand side there once for all variants."""
        points = tuple(scalar_points(step, seed))
        with balls(_BITS):
            return cls(step, points, tuple(evaluate_scalar(step.before, point) for point in points))

    @property
    def failure(self) -> str:
        """A point at which the step certainly fails, with both values; empty if there is none."""
        for point, before in zip(self.points, self.befores, strict=True):
            alone = ScalarJudge(self.step, (point,), (before,))
            if alone.truth(self.step.relation, self.step.after) is Truth.FAILS:
                with balls(_BITS):
                    after = evaluate_scalar(self.step.after, point)
                left, right = (value.str(6, radius=False) for value in (before, after))
                return f"at {point.description} it reads {left} {self.step.relation.value} {right}"
        return ""

    def truth(self, relation: Relation, after: Expr) -> Truth:
        """HOLDS if ``before relation after`` is seen at every point, FAILS if it certainly fails at one."""
        bits = _LIMIT_RESOLUTION if relation is Relation.LIMIT else _RESOLUTION
        undecided = False
        with balls(_BITS):
            for point, before in zip(self.points, self.befores, strict=True):
                value = evaluate_scalar(after, point)
                if not value.is_finite():
                    # Singular at an exact point at which the left-hand side is a number.
                    return Truth.FAILS
                tolerance = (abs(before) + abs(value) + 1) * arb(2) ** -bits
                excess = _excess(relation, before - value)
                if excess > tolerance:
                    return Truth.FAILS
                undecided |= not excess <= tolerance
        return Truth.UNDECIDED if undecided else Truth.HOLDS

    def is_same(self, after: Expr) -> bool:
        """Whether an expression is the right-hand side, however it is written."""
        with balls(_BITS):
            differs = any(
                abs(evaluate_scalar(after, point) - evaluate_scalar(self.step.after, point)) > 0
                for point in self.points
            )
        return not differs and same(after, self.step.after)


def scalar_domain(
    shown: ScalarCalculation, premises: Sequence[Assumption], seed: int
) -> tuple[tuple[str, ...], str]:
    """Points of a calculation's domain at which all that it is given holds, and its steps; or why none does.

    What is given of one symbol must be one thing, and have the sign that the symbol is declared with.
    """
    steps = [step for step in shown.steps if isinstance(step, ScalarStep)]
    given: dict[Expr, tuple[Expr, str]] = {}
    for used in dict.fromkeys(each for step in steps for each in step.uses):
        for rule in used.rules:
            known, title = given.setdefault(rule.lhs, (rule.rhs, used.title))
            if not same(known, rule.rhs):
                return (), f"'{title}' and '{used.title}' give {rule.lhs} different values"
    if not steps:
        return (), "it has no step"
    uses = tuple(dict.fromkeys((*premises, *(each for step in steps for each in step.uses))))
    points: list[ScalarPoint] = []
    tested: set[Assumption] = set()
    with balls(_BITS):
        for step in steps:
            drawn = scalar_points(replace(step, uses=uses), seed, _MANY_POINTS)
            inside = [point for point in drawn if point.is_inside]
            if not inside:
                return (), "what is given has another sign than its symbol"
            said = {each: [_holds(each, point) for point in inside] for each in uses}
            tested |= {each for each, held in said.items() if None not in held}
            points = [
                point
                for number, point in enumerate(inside)
                if all(held[number] is not False for held in said.values())
            ][:_POINTS]
            if not points:
                refused = next((each for each, held in said.items() if True not in held), uses[0])
                return (), f"'{refused.title}' fails where those before it hold"
            befores = tuple(evaluate_scalar(step.before, point) for point in points)
            if ScalarJudge(step, tuple(points), befores).truth(step.relation, step.after) is not Truth.HOLDS:
                return (), f"the step '{step.rule}' is not seen to hold there"
    for each in uses:
        if each not in tested:
            return (), f"'{each.title}' speaks of what has no value"
    return tuple(point.description for point in points), ""


def _holds(assumption: Assumption, point: ScalarPoint) -> bool | None:
    """Whether all that it says holds at a point; None where it speaks of what has no value there."""
    try:
        return truth_at(assumption, point, {}) is Truth.HOLDS
    except KeyError:
        return None
    except (ValueError, ZeroDivisionError):
        return False


def _excess(relation: Relation, difference: arb) -> arb:
    if relation.is_inequality:
        return difference if relation is Relation.AT_MOST else -difference
    return abs(difference)
