"""What premises do to numbers: the signs that their symbols are declared with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sympy import Expr, Integer, Symbol

from jacspec.theory.derivations.assumption import Assumption
from jacspec.theory.derivations.domain import Domain, Parameter
from jacspec.theory.derivations.scalars.steps import given_by, inserted
from jacspec.theory.derivations.scalars.values import SignedDomain
from jacspec.theory.notation.printing import text
from jacspec.theory.notation.symbols import N, epsilon, i, j, k, l, n, r

_MEANT = frozenset({N, epsilon, i, j, k, l, n, r})
"""Symbols of which the notation says what they count."""


def signed(
    numbers: Iterable[Symbol], premises: Sequence[Assumption], everywhere: Domain
) -> Iterator[Parameter]:
    """Numbers that are declared with a sign, and have it by no range and no premise."""
    given, where = {rule.lhs: rule.rhs for rule in given_by(premises)}, _where(premises, everywhere)
    said = {each.symbol for each in everywhere.parameters} | where.positive | _MEANT
    for each in sorted({*numbers} - said, key=str):
        value = inserted(given[each], given_by(premises)) if each in given else each
        if each.is_nonnegative and (value == each or where.sign(value) != 1):
            yield Parameter(each, Integer(1 if each.is_integer and each.is_positive else 0))


def misdeclared(everywhere: Domain) -> Iterator[str]:
    """Numbers whose ranges have not the sign that their symbols are declared with, in words."""
    for each in everywhere.parameters:
        first = Integer(1 if each.symbol.is_integer and each.symbol.is_positive else 0)
        if each.symbol.is_nonnegative and not everywhere.contains(each.least, first, None):
            yield f"{text(each.symbol)} is declared to be ≥ {first}: the proposition claims {each}"


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


def _where(premises: Sequence[Assumption], everywhere: Domain) -> SignedDomain:
    return SignedDomain(everywhere, frozenset(each for premise in premises for each in premise.positive))
