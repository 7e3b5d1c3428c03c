"""Derivations of scalar formulas: what holds for numbers n, k, σ, …, each on its domain.

A :class:`ScalarStep` is a step like any other; what differs is what its sides are made of (no matrix:
ψ, Γ, logarithms, sums, integrals) and how it is decided: by the normal form of theory/algebra/scalar_form.py,
by induction on a whole number, by a limit, or, for an inequality, because the difference of its sides
is a quotient of polynomials without a negative coefficient.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Self

from sympy import (
    Add,
    Derivative,
    Expr,
    Integer,
    Integral,
    Pow,
    Subs,
    Sum,
    Symbol,
    oo,
)

from jacspec.theory.algebra.rules import Rule
from jacspec.theory.algebra.scalar_form import (
    differ,
    induction_holds,
    is_open_power,
    open_powers,
    replaced,
    same,
    scalar_form,
)
from jacspec.theory.derivations.assumption import Assumption
from jacspec.theory.derivations.calculation import Calculation
from jacspec.theory.derivations.domain import Domain, Parameter
from jacspec.theory.derivations.lemma import Lemma, without_proof
from jacspec.theory.derivations.relation import Relation
from jacspec.theory.derivations.scalars.deciding import is_never_negative, vanishes
from jacspec.theory.derivations.scalars.values import SignedDomain
from jacspec.theory.derivations.step import Step, place_in_source
from jacspec.theory.notation.printing import text
from jacspec.theory.traces.scalars import ScalarClaim, fault_between

NO_NEGATIVE_COEFFICIENT = without_proof(
    Lemma("no-negative-coefficient", "no negative coefficient", Integer(0), Symbol("f"))
)
"""0 ≤ f for a quotient of polynomials without negative coefficients, at arguments that are not negative.

Term by term in sums; decided by writing every parameter as its least value plus something."""


_MOVING = (Derivative, Integral, Subs, Sum)
"""What has a variable of its own, or moves one."""


class Given(Rule):
    """``symbol = expression``: an equation that defines a parameter of scalar formulas."""

    def __post_init__(self) -> None:
        """Refuse a left-hand side that is no symbol."""
        if not isinstance(self.lhs, Symbol):
            message = f"the left-hand side {self.lhs} of a given equation must be a symbol"
            raise TypeError(message)
        if self.lhs.is_integer and not self.rhs.is_integer:
            message = f"{self.lhs} is a whole number, and {self.rhs}, by which it is given, may be none"
            raise ValueError(message)
        if self.rhs.has(self.lhs):
            message = f"{self.lhs} is given by itself: {self.lhs} = {self.rhs}"
            raise ValueError(message)


@dataclass(frozen=True)
class ScalarStep(Step):
    """A step between scalar formulas on a domain.

    ``induction`` is the whole number, from 0 on, over which an equality is proved by induction;
    ``limit`` the variable and the point of a ``→``. The assumptions it uses hold :class:`Given`
    equations.
    """

    domain: Domain = field(default_factory=Domain)
    induction: Symbol | None = None
    limit: tuple[Symbol, Expr] | None = None

    def __post_init__(self) -> None:
        """Refuse an induction that does not reach all, and to put in what holds in the limit only.

        A formula may divide by that.
        """
        super().__post_init__()
        for used in self.uses:
            if used.relation is Relation.LIMIT:
                message = f"the step '{self.rule}' puts in '{used.title}', which was only shown in the limit"
                raise ValueError(message)
        for parameter in self.domain.parameters:
            if parameter.symbol == self.induction and not parameter.least.is_nonnegative:
                on = text(parameter.symbol)
                message = (
                    f"'{self.rule}' is proved by induction on {on} from 0, and {on} begins at "
                    f"{text(parameter.least)}; expected a range that begins at 0 or later"
                )
                raise ValueError(message)

    @property
    def residual(self) -> Expr:
        """What is left of ``after - before`` in normal form."""
        return scalar_form(self._inserted(self.after) - self._inserted(self.before))

    @cached_property
    def fault_of_trace(self) -> str:
        """Why a checker without code of the normal form does not show it on its domain; empty if it does."""
        free = tuple(
            (each.symbol, each.least, each.most)
            for each in self.domain.parameters
            if each.symbol != self.induction
        )
        ends = (
            (self.before, self.after) if self.relation is not Relation.AT_LEAST else (self.after, self.before)
        )
        bound, limit = self.relation.is_inequality, self.limit if self.relation is Relation.LIMIT else None
        if limit is not None and not self.domain.reaches(*limit):
            return f"{text(limit[0])} is not seen to come near to {text(limit[1])} in its range"
        return fault_between(ScalarClaim(*ends, self.rules, self.induction, free, bound, limit))

    @property
    def directions(self) -> Iterator[Parameter]:
        """None: its domain says what its numbers are."""
        yield from ()

    @property
    def out_of_range(self) -> tuple[str, ...]:
        """Nothing: the equations it uses have no indices."""
        return ()

    def holds(self) -> bool:
        """Decide the step by normal form, and by the stated laws, which hold on its domain."""
        return self._has_normal_form_of_zero and not self.fault_of_trace

    @property
    def _has_normal_form_of_zero(self) -> bool:
        before, after = self._inserted(self.before), self._inserted(self.after)
        if self.relation.is_inequality:
            sign = 1 if self.relation is Relation.AT_MOST else -1
            return bool(self.lemmas) and is_never_negative(sign * after - sign * before, self.domain)
        limit = self.limit if self.relation is Relation.LIMIT else None
        if self.induction is not None and limit is None:
            return induction_holds(before, after, self.induction, Integer(0))
        gap = before - after
        if not _has_sizes_in_exponents(gap):
            return same(before, after) if limit is None else vanishes(gap, *limit)
        gap = Add(*(_sizes_from_least(part, self.domain) for part in Add.make_args(gap)))
        if limit is not None:
            return vanishes(open_powers(gap), *limit)
        if differ(gap, Integer(0), opened=True):
            return False
        return same(before, after) or same(open_powers(gap), Integer(0))

    def _inserted(self, expression: Expr) -> Expr:
        return inserted(expression, self.rules)


@dataclass(frozen=True)
class ScalarCalculation(Calculation):
    """A chain of scalar steps, all on one domain."""

    domain: Domain = field(default_factory=Domain)

    @cached_property
    def holds_for(self) -> Domain:
        """The domain of every step, without what only enters on the way, within what its lemmas show.

        What enters on the way must have a value: where there is none, the lines show nothing. And it must be
        free to have any: what is given lies where it lies.
        """
        filled = [*self.domain.filled()]
        bound = {each.symbol for each in self.domain.parameters if each not in filled}
        given = [rule for step in self.steps for rule in step.rules]
        bound.update(*(rule.lhs.free_symbols | rule.rhs.free_symbols for rule in given))
        own = self.domain.about(self.start.free_symbols | self.end.free_symbols | bound)
        narrower = self.domain.beyond(Domain(tuple(each for step in self.steps for each in step.shown_for)))
        return Domain((*own.parameters, *narrower))

    @property
    def without_value(self) -> tuple[str, ...]:
        """Parts of lines that may have no value, as they stand and with what is given put in.

        And what a line holds fixed, though what the steps use has it move.
        """
        positive = (each for used in self.premises for each in used.positive)
        limits = tuple(step.limit for step in self.steps if isinstance(step, ScalarStep) and step.limit)
        where = SignedDomain(self.domain, frozenset(positive), limits)
        given = tuple(dict.fromkeys(rule for step in self.steps for rule in step.rules))
        lines = (self.start, *(step.after for step in self.steps))
        valueless = (
            f"{text(part)} may have no value in the ranges of its parameters"
            for line in lines
            for part in where.without_value(line)
            if any(where.without_value(inserted(line, given)))
        )
        return tuple(dict.fromkeys((*valueless, *moved(self.premises, self.steps))))

    @property
    def _inexact(self) -> set[Relation]:
        """A limit keeps an inequality that holds all the way to it: its variable is at neither end."""
        met = {step.relation for step in self.steps} - {Relation.EQUAL}
        inequalities = met - {Relation.LIMIT}
        limits = [
            step.limit for step in self.steps if isinstance(step, ScalarStep) and step.limit is not None
        ]
        given = [rule for step in self.steps for rule in step.rules]
        ends = inserted(self.start, given).free_symbols | inserted(self.end, given).free_symbols
        kept = all(variable not in ends for variable, _ in limits)
        return inequalities if inequalities and kept else met

    def by_induction(self, after: Expr, rule: str, *uses: Assumption, on: Symbol) -> Self:
        """Add a step ``… = after``, proved by induction on a whole number ≥ 0."""
        return self._and(ScalarStep(self.end, Relation.EQUAL, after, rule, uses, (), induction=on))

    def bounded(self, relation: Relation, after: Expr, rule: str) -> Self:
        """Add a step ``… ≤ after`` or ``… ≥ after``, by the signs of coefficients."""
        reason = ((Integer(1), NO_NEGATIVE_COEFFICIENT),)
        return self._and(ScalarStep(self.end, relation, after, rule, (), reason))

    def in_the_limit(self, after: Expr, rule: str, *uses: Assumption, of: Symbol, at: Expr = oo) -> Self:
        """Add a step ``… → after`` as the variable tends to a point, from above if it is finite."""
        return self._and(ScalarStep(self.end, Relation.LIMIT, after, rule, uses, (), limit=(of, at)))

    def _and(self, step: ScalarStep) -> Self:
        return replace(
            self, steps=(*self.steps, replace(step, domain=self.domain, written=place_in_source()))
        )

    def _followed_by(
        self,
        relation: Relation,
        after: Expr,
        rule: str,
        uses: Sequence[Assumption],
        lemmas: Sequence[tuple[Expr, Lemma]] = (),
    ) -> Self:
        return self._and(ScalarStep(self.end, relation, after, rule, tuple(uses), tuple(lemmas)))


def inserted(expression: Expr, given: Sequence[Rule]) -> Expr:
    """A formula with what is given put in."""
    for rule in reversed(given):
        expression = replaced(expression, {rule.lhs: rule.rhs})
    return expression


@lru_cache(maxsize=4096)
def _sizes_from_least(summand: Expr, domain: Domain) -> Expr:
    """Each size as its least value and what it is beyond: powers are seen to be of positive numbers."""
    return domain.sizes_from_least(summand)


def _has_sizes_in_exponents(expression: Expr) -> bool:
    powers = filter(is_open_power, expression.atoms(Pow))
    return any(symbol.is_integer for power in powers for symbol in power.exp.free_symbols)


def moved(premises: Iterable[Assumption], steps: Iterable[Step]) -> Iterator[str]:
    """What is held fixed, though a premise has it move with the variable of a limit, a derivative or a sum.

    In words; so is a limit of what is given.
    """
    given = given_by(premises)
    for step in (each for each in steps if isinstance(each, ScalarStep)):
        sides = [inserted(side, step.rules) for side in (step.before, step.after)]
        held: set[tuple[Symbol, frozenset[Symbol]]] = set()
        if step.relation is Relation.LIMIT and step.limit is not None:
            if any(rule.lhs == step.limit[0] for rule in given):
                yield f"the step '{step.rule}' moves {text(step.limit[0])}, which is given"
            held.add((step.limit[0], frozenset[Symbol]().union(*(side.free_symbols for side in sides))))
        for part in set().union(*(line.atoms(*_MOVING) for line in (step.before, step.after, *sides))):
            variables = part.variables if isinstance(part, Derivative | Subs) else part.bound_symbols
            held |= {(each, frozenset(part.args[0].free_symbols)) for each in variables}
        for variable, fixed in held:
            rest = {each: _depends(each, given) for each in fixed - {variable}}
            own = _depends(variable, given)
            if own <= set().union(*rest.values()):
                name = min(text(each) for each, on in rest.items() if on & own)
                yield f"the step '{step.rule}' holds {name} fixed, which moves with {text(variable)}"


def _depends(number: Symbol, given: Sequence[Rule]) -> set[Symbol]:
    """On which numbers that are not given it depends."""
    values = {rule.lhs: rule.rhs.free_symbols for rule in given}
    found = {number}
    for _ in values:  # one may be given by another
        found = set().union(*(values.get(each, {each}) for each in found))
    return found


def given_by(premises: Iterable[Assumption]) -> tuple[Rule, ...]:
    """The equations by which premises give numbers."""
    rules = (rule for each in premises for rule in each.rules if isinstance(rule, Given))
    return tuple(dict.fromkeys(rules))
