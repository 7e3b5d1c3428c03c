"""What premises do to numbers: the signs that their symbols are declared with, and what a limit moves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sympy import Expr, Integer, Symbol

from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.assumption import Assumption
from jacspec.theory.derivations.domain import Domain, Parameter
from jacspec.theory.derivations.relation import Relation
from jacspec.theory.derivations.scalars.steps import Given, ScalarStep, inserted
from jacspec.theory.derivations.scalars.values import SignedDomain
from jacspec.theory.derivations.step import Step
from jacspec.theory.notation.printing import text
from jacspec.theory.notation.symbols import N, epsilon, i, j, k, l, n, r

_MEANT = frozenset({N, epsilon, i, j, k, l, n, r})
"""Symbols of which the notation says what they count."""


def signed(
    numbers: Iterable[Symbol], premises: Sequence[Assumption], everywhere: Domain
) -> Iterator[Parameter]:
    """Numbers that are declared with a sign, and have it by no range and no premise."""
    given, where = {rule.lhs: rule.rhs for rule in _given_by(premises)}, _where(premises, everywhere)
    said = {each.symbol for each in everywhere.parameters} | where.positive | _MEANT
    for each in sorted({*numbers} - said, key=str):
        value = inserted(given[each], _given_by(premises)) if each in given else each
        if each.is_nonnegative and (value == each or where.sign(value) != 1):
            yield Parameter(each, Integer(1 if each.is_integer and each.is_positive else 0))


def misdeclared(everywhere: Domain) -> Iterator[str]:
    """Numbers whose ranges have not the sign that their symbols are declared with, in words."""
    for each in everywhere.parameters:
        if each.symbol.is_nonnegative and not everywhere.contains(each.least, Integer(0), None):
            yield f"{text(each.symbol)} is declared to be ≥ 0: the proposition claims {each}"


def valueless(
    sides: Iterable[Expr],
    premises: Sequence[Assumption],
    everywhere: Domain,
    limits: tuple[tuple[Symbol, Expr], ...],
) -> Iterator[Expr]:
    """Parts of formulas that are not seen to have a value, nor do with what premises give put in."""
    where = replace(_where(premises, everywhere), limits=limits)
    given = [rule for premise in premises for rule in premise.rules]
    for side in sides:
        if any(where.without_value(inserted(side, given))):
            yield from where.without_value(side)


def moved(premises: Iterable[Assumption], steps: Iterable[Step]) -> Iterator[str]:
    """What limits hold fixed, though a premise has it move with their variable, or the reverse, in words."""
    given = _given_by(premises)
    for step in steps:
        if step.relation is not Relation.LIMIT or not isinstance(step, ScalarStep) or step.limit is None:
            continue
        variable = step.limit[0]
        if any(rule.lhs == variable for rule in given):
            yield f"the step '{step.rule}' moves {text(variable)}, which is given"
        moving: set[Expr] = {variable}
        for _ in given:  # one may be given by another
            moving |= {rule.lhs for rule in given if rule.rhs.free_symbols & moving}
        sides = [inserted(side, step.rules).free_symbols for side in (step.before, step.after)]
        held = moving & set.union(*map(set, sides)) - {variable}
        if held:
            name = min(map(text, held))
            yield f"the step '{step.rule}' holds {name} fixed, which moves with {text(variable)}"


def _where(premises: Sequence[Assumption], everywhere: Domain) -> SignedDomain:
    return SignedDomain(everywhere, frozenset(each for premise in premises for each in premise.positive))


def _given_by(premises: Iterable[Assumption]) -> tuple[Rule, ...]:
    """The equations by which premises give numbers."""
    rules = (rule for each in premises for rule in each.rules if isinstance(rule, Given))
    return tuple(dict.fromkeys(rules))
