"""The arithmetic of sums of products of random numbers, and of functions of one of them each.

Polynomials in the entries, in |u|, log u, e^u and powers of u are multiplied out, where each u depends on one
entry, one linear form in Gaussian entries or one sum of their squares; means of products are multiplied.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import combinations
from math import prod
from typing import Any

from flint import arb, fmpq

from jacspec.proofs_check.interpretation.statements.ball_operations import OPERATIONS
from jacspec.proofs_check.interpretation.statements.balls import Balls
from jacspec.proofs_check.interpretation.statements.exact import Scalar
from jacspec.proofs_check.referee.statements.means.curves import (
    Curve,
    Factors,
    Law,
    NoExactMeanError,
    Terms,
    is_positive,
    mean_of,
)
from jacspec.theory.statements.tree import Op

MOST = 30_000
"""So many products of terms are multiplied out at most, for one mean."""
_multiplied: ContextVar[int] = ContextVar("products of terms so far", default=0)
Entry = tuple[Any, ...]
"""The name of a variable, and the place of an entry."""
_PLAIN = Curve()


@dataclass(frozen=True)
class Source:
    """A random number: an entry, or a linear form in Gaussian ones, or the sum of the squares of some."""

    parts: frozenset[tuple[Entry, fmpq]]
    law: Law
    squared: bool = False

    @property
    def entries(self) -> frozenset[Entry]:
        """The entries that it is made of."""
        return frozenset(entry for entry, _ in self.parts)


Monomial = frozenset[tuple[tuple[Source, Curve], int]]
_ONE: Monomial = frozenset()


@dataclass(frozen=True, eq=False)
class Sum:
    """A sum of products, by what is multiplied."""

    terms: Mapping[Monomial, Scalar]

    def __add__(self, other: Sum) -> Sum:
        found = dict(self.terms)
        for monomial, coefficient in other.terms.items():
            known = found.pop(monomial, None)
            total = coefficient if known is None else OPERATIONS[Op.ADD](known, coefficient)
            if not (isinstance(total, fmpq) and total == 0):
                found[monomial] = total
        return Sum(found)

    def __neg__(self) -> Sum:
        return Sum({monomial: -coefficient for monomial, coefficient in self.terms.items()})

    def __sub__(self, other: Sum) -> Sum:
        return self + -other

    def __mul__(self, other: Sum) -> Sum:
        done = _multiplied.get() + len(self.terms) * len(other.terms)
        _multiplied.set(done)
        if done > MOST:
            raise NoExactMeanError("too many terms")
        found: dict[Monomial, Scalar] = {}
        for one, a in self.terms.items():
            for two, b in other.terms.items():
                product = _merged(one, two)
                value = OPERATIONS[Op.MUL](a, b)
                found[product] = OPERATIONS[Op.ADD](found[product], value) if product in found else value
        return Sum({m: c for m, c in found.items() if not (isinstance(c, fmpq) and c == 0)})

    @property
    def constant(self) -> Scalar | None:
        """The number that it is; None of what is random."""
        if not self.terms:
            return fmpq(0)
        return self.terms.get(_ONE) if len(self.terms) == 1 else None

    def mean(self) -> Scalar:
        """The mean, exact or a ball; raises NoExactMeanError where it is neither."""
        return reduce(OPERATIONS[Op.ADD], map(_mean_of_term, self.terms.items()), fmpq(0))


def _merged(one: Monomial, two: Monomial) -> Monomial:
    if not one or not two:
        return one or two
    powers = dict(one)
    for factor, power in two:
        powers[factor] = powers.get(factor, 0) + power
    return frozenset(powers.items())


def _mean_of_term(term: tuple[Monomial, Scalar]) -> Scalar:
    monomial, found = term
    by_source: dict[Source, list[tuple[Curve, int]]] = {}
    for (source, curve), power in monomial:
        by_source.setdefault(source, []).append((curve, power))
    if any(one.entries & two.entries for one, two in combinations(by_source, 2)):
        raise NoExactMeanError("functions of several numbers that depend on one another")
    for source, factors in by_source.items():
        found = OPERATIONS[Op.MUL](found, mean_of(source.law, frozenset(factors)))
    return found


def counted_anew() -> None:
    """Another mean begins."""
    _multiplied.set(0)


def entry_of(law: str, *place: Any) -> Sum:
    """An entry of a variable."""
    return _plain(Source(frozenset({(place, fmpq(1))}), Law(law)))


def number(value: Scalar) -> Sum:
    """What is not random."""
    return Sum({} if isinstance(value, fmpq) and value == 0 else {_ONE: value})


def _plain(source: Source) -> Sum:
    return Sum({frozenset({((source, _PLAIN), 1)}): fmpq(1)})


# --- functions of one number -------------------------------------------------------------------------------


def _in_one(u: Sum) -> tuple[Source, Terms]:
    """The one random number of which it is a function, and what of it."""
    terms = {monomial: c for monomial, c in u.terms.items() if isinstance(c, fmpq)}
    if len(terms) < len(u.terms):
        raise NoExactMeanError("a function of numbers that are not rational")
    sources = {source for monomial in terms for (source, _), _ in monomial}
    if len(sources) != 1:
        return _combined(terms)
    (source,) = sources
    body = {frozenset((curve, power) for (_, curve), power in m): c for m, c in terms.items()}
    return source, frozenset(body.items())


def _combined(terms: Mapping[Monomial, fmpq]) -> tuple[Source, Terms]:
    """A linear form in Gaussian entries and a constant, or a multiple of the sum of their squares and one."""
    rest = {monomial: c for monomial, c in terms.items() if monomial}
    factors = [factor for monomial in rest for factor in monomial]
    powers = {power for _, power in factors}
    plain = all(s.law == Law("gaussian") and c.op is None and len(s.parts) == 1 for (s, c), _ in factors)
    same = {str(c) for c in rest.values()}
    if (
        not plain
        or len(factors) != len(rest)
        or powers not in ({1}, {2})
        or (powers == {2} and len(same) > 1)
    ):
        raise NoExactMeanError("a function of several random numbers")
    scale = next(iter(rest.values())) if powers == {2} else fmpq(1)
    entries = {
        next(iter(source.parts))[0]: c / scale for monomial, c in rest.items() for (source, _), _ in monomial
    }
    if powers == {2}:
        law = Law("χ²", fmpq(len(entries)))
    else:
        law = Law("gaussian", sum((c * c for c in entries.values()), fmpq(0)))
    body: dict[Factors, fmpq] = {frozenset({(_PLAIN, 1)}): scale}
    if _ONE in terms:
        body[frozenset()] = terms[_ONE]
    return Source(frozenset(entries.items()), law, powers == {2}), frozenset(body.items())


def _of(op: Op, u: Sum, exponent: Fraction = Fraction(1)) -> Sum:
    """The function of what depends on one random number."""
    source, body = _in_one(u)
    whole = exponent.denominator == 1
    if (op is Op.LOG or (op is Op.POW and not whole)) and not is_positive(body, source.law):
        raise NoExactMeanError("a logarithm or a root of what may be negative")
    return Sum({frozenset({((source, Curve(op, body, exponent)), 1)}): fmpq(1)})


def _expanded(source: Source, terms: Terms) -> Sum:
    """A sum of functions of one number, in the entries where the number itself stands."""
    total = number(fmpq(0))
    for factors, coefficient in terms:
        term = number(coefficient)
        for curve, power in factors:
            if curve.op is None:
                each = sum((_part(source, *part) for part in source.parts), number(fmpq(0)))
            else:
                each = Sum({frozenset({((source, curve), 1)}): fmpq(1)})
            term = reduce(Sum.__mul__, [each] * power, term)
        total = total + term
    return total


def _part(source: Source, entry: Entry, coefficient: fmpq) -> Sum:
    law = "gaussian" if len(source.parts) > 1 or source.squared else source.law.name
    one = entry_of(law, *entry)
    return (one * one if source.squared else one) * number(coefficient)


def _positive(u: Sum) -> bool:
    """Whether it is seen to be at least 0."""
    return all(
        not isinstance(c, arb) and is_positive([(frozenset({(curve, power)}), c)], source.law)
        for m, c in u.terms.items()
        for (source, curve), power in m
    ) and all(bool(c >= 0) for m, c in u.terms.items())


def absolute(u: Sum) -> Sum:
    """|u|, of a product that of its factors."""
    if u.constant is not None:
        return number(OPERATIONS[Op.ABS](u.constant))
    for each in (u, -u):
        if _positive(each):
            return each
    if len(u.terms) > 1:
        return _of(Op.ABS, u)
    ((monomial, coefficient),) = u.terms.items()
    found = number(OPERATIONS[Op.ABS](coefficient))
    for (source, curve), power in monomial:
        one = Sum({frozenset({((source, curve), 1)}): fmpq(1)})
        even = power % 2 == 0 or _positive(one)
        found = found * raised(one if even else _of(Op.ABS, one), Fraction(power))
    return found


def raised(u: Sum, exponent: Fraction) -> Sum:
    """u^exponent; (u^½)² and |u|² are multiplied out again."""
    if u.constant is not None:
        return number(Balls().power(u.constant, exponent))
    whole = exponent.denominator == 1 and exponent >= 0
    if len(u.terms) > 1:
        return _power(u, int(exponent)) if whole else _of(Op.POW, u, exponent)
    ((monomial, coefficient),) = u.terms.items()
    found = number(Balls().power(coefficient, exponent))
    for (source, curve), power in monomial:
        one = Sum({frozenset({((source, curve), 1)}): fmpq(1)})
        if exponent.denominator > 1 and not _positive(one):
            if power % 2:
                raise NoExactMeanError("a root of what may be negative")
            found = found * raised(absolute(one), power * exponent)
        else:
            found = found * _raised(source, curve, power * exponent)
    return found


def _raised(source: Source, curve: Curve, exponent: Fraction) -> Sum:
    """A power of one factor, which is positive unless the exponent is a whole number."""
    one = Sum({frozenset({((source, curve), 1)}): fmpq(1)})
    inner = exponent * curve.exponent if curve.op is Op.POW else exponent
    if curve.op is Op.POW or (curve.op is Op.ABS and inner.denominator == 1 and inner % 2 == 0):
        u = _expanded(source, curve.body)
        if curve.op is Op.POW and exponent.denominator > 1:  # (u²)^½ is |u|
            u = absolute(u)
        if inner.denominator == 1 and inner > 0:
            return _power(u, int(inner))
        if curve.op is Op.POW and (exponent.denominator > 1 or exponent < 0):
            return _of(Op.POW, u, inner)
    if exponent.denominator == 1 and exponent >= 0:
        return Sum({frozenset({((source, curve), int(exponent))}): fmpq(1)})
    return _of(Op.POW, one, exponent)


def _power(u: Sum, exponent: int) -> Sum:
    return reduce(Sum.__mul__, [u] * exponent, number(fmpq(1)))


def logarithm(u: Sum) -> Sum:
    """Log u, of a product of what is positive the sum of logarithms."""
    if u.constant is not None:
        return number(OPERATIONS[Op.LOG](u.constant))
    if len(u.terms) > 1:
        return _of(Op.LOG, u)
    ((monomial, coefficient),) = u.terms.items()
    found = number(OPERATIONS[Op.LOG](coefficient))
    for (source, curve), power in monomial:
        one = Sum({frozenset({((source, curve), 1)}): fmpq(1)})
        if power % 2 == 0 and not _positive(one):
            one = absolute(one)
        found = found + _of(Op.LOG, one) * number(fmpq(power))
    return found


def exponential(u: Sum) -> Sum:
    """e^u, of a sum the product over the random numbers that it depends on."""
    groups: list[tuple[frozenset[Entry], Sum]] = []
    found = number(fmpq(1))
    for monomial, coefficient in u.terms.items():
        term = Sum({monomial: coefficient})
        if not monomial:
            found = number(OPERATIONS[Op.EXP](coefficient))
            continue
        entries = frozenset[Entry]().union(*(source.entries for (source, _), _ in monomial))
        for known, other in [each for each in groups if each[0] & entries]:
            groups = [each for each in groups if each[0] is not known]
            entries, term = entries | known, term + other
        groups.append((entries, term))
    return prod((_of(Op.EXP, term) for _, term in groups), start=found)
