"""What premises do to numbers: the signs that their symbols are declared with, and what a limit moves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from string import digits

from sympy import Derivative, Expr, Integer, Integral, Subs, Sum, Symbol

from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.assumption import Assumption
from jacspec.theory.derivations.domain import Domain, Parameter
from jacspec.theory.derivations.relation import Relation
from jacspec.theory.derivations.scalars.steps import Given, ScalarStep, inserted
from jacspec.theory.derivations.scalars.values import SignedDomain
from jacspec.theory.derivations.step import Step
from jacspec.theory.notation.declare import COUNTED, LETTERS, READ
from jacspec.theory.notation.heads import written
from jacspec.theory.notation.printing import latex, text
from jacspec.theory.notation.symbols import N, epsilon, i, j, k, l, n, r

_MEANT = frozenset({N, epsilon, i, j, k, l, n, r})
"""Symbols of which the notation says what they count."""
_MOVING = (Derivative, Integral, Subs, Sum)
"""What has a variable of its own, or moves one."""


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


def hidden(numbers: Iterable[Symbol]) -> Iterator[str]:
    """What numbers are declared to be and no range says, as that they are even, in words."""
    for each in sorted(numbers, key=str):
        said = [
            name for name in ("integer", "real", "nonnegative", "positive") if each.assumptions0.get(name)
        ]
        if each.assumptions0 != Symbol(each.name, **dict.fromkeys(said, True)).assumptions0:
            yield (
                f"{text(each)} is declared to be more than real, whole, ≥ 0 or > 0, which is not shown: "
                "state it as a premise or a range"
            )


def misnamed(numbers: Iterable[Symbol]) -> Iterator[str]:
    """Numbers that are written as others are, or as something else that the notation writes, in words."""
    known = sorted(numbers, key=str)
    written_as = [(text(each), latex(each)) for each in known]
    for number, (name, shown) in zip(known, written_as, strict=True):
        if [other for other, in_latex in written_as if other == name or in_latex == shown][1:]:
            yield f"two numbers are called {name}: write one symbol for both"
        letters = {*name[:1]} <= LETTERS and {*name} <= LETTERS | {*digits, "_"} and "__" not in name
        read = name in READ and number not in _MEANT and READ[name] not in COUNTED
        if read or not letters or written(name) is not None:
            yield f"a number is called '{name}': expected letters that stand for nothing else"


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
    """What is held fixed, though a premise has it move with the variable of a limit, a derivative or a sum.

    In words; so is a limit of what is given.
    """
    given = _given_by(premises)
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


def _where(premises: Sequence[Assumption], everywhere: Domain) -> SignedDomain:
    return SignedDomain(everywhere, frozenset(each for premise in premises for each in premise.positive))


def _given_by(premises: Iterable[Assumption]) -> tuple[Rule, ...]:
    """The equations by which premises give numbers."""
    rules = (rule for each in premises for rule in each.rules if isinstance(rule, Given))
    return tuple(dict.fromkeys(rules))
