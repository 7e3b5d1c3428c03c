"""Scalar formulas read into polynomials: logarithms, derivatives and one integral by their laws."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from sympy import (
    Derivative,
    Expr,
    Integer,
    Integral,
    Subs,
    Symbol,
    bernoulli,
    binomial,
    gamma,
    log,
    oo,
    polygamma,
)

from jacspec.theory.traces.indices import at_most, number
from jacspec.theory.traces.polynomials import (
    EULER,
    ONE,
    ZERO,
    Atom,
    Monomial,
    Polynomial,
    constant,
    power,
    raised,
)
from jacspec.theory.traces.reading import Reader, UnreadableError

_MINUS = ONE.scaled(Fraction(-1))


def put_in(polynomial: Polynomial, atom: Atom, value: Polynomial) -> Polynomial:
    """A value put for an atom, within functions, powers and exponents too."""
    total = ZERO
    for term, coefficient in polynomial.terms:
        made = Polynomial(((Monomial(), coefficient),))
        for own, exponent in term.powers:
            at = put_in(exponent, atom, value)
            made = made * (raised(value, at) if own == atom else raised(_within(own, atom, value), at))
        total += made.summed(term.limits)
    return total


def _within(own: Atom, atom: Atom, value: Polynomial) -> Polynomial:
    if own[0] not in ("function", "closed"):
        return power(own)
    inside = put_in(own[-1], atom, value)
    return inside if own[0] == "closed" else function(own[1], inside)


def function(name: str, argument: Polynomial) -> Polynomial:
    """A function of a polynomial."""
    return _logarithm(argument) if name == "log" else power(("function", name, argument.renamed))


@dataclass(frozen=True)
class ScalarReader(Reader):
    """Reads scalar formulas; a symbol that is positive says so, a whole number by its range.

    The ``signless`` are read as of any sign.
    """

    signless: frozenset[Symbol] = frozenset()

    def read(self, expression: Expr) -> Polynomial:
        """The polynomial that a formula is."""
        if isinstance(expression, Symbol) and not expression.is_integer and expression not in self.values:
            positive = expression.is_positive and expression not in self.signless
            return power(("positive" if positive else "real", expression.name))
        if isinstance(expression, polygamma):
            order, argument = expression.args
            return function(f"psi {int(order)}", self.read(argument))
        if isinstance(expression, gamma):
            argument = self.read(expression.args[0])
            if not self._is_seen_positive(argument):
                raise UnreadableError(f"{expression} is Γ of what may not be positive")
            return function("gamma", argument)
        if isinstance(expression, log):
            return _logarithm(self.read(expression.args[0]))
        if isinstance(expression, bernoulli):
            return function("bernoulli", self.read(expression.args[0]))
        if isinstance(expression, binomial) and isinstance(expression.args[0], Symbol):
            return function(f"binomial {self.index(expression.args[0])}", self.read(expression.args[1]))
        if isinstance(expression, Derivative):
            return self._differentiated(expression)
        if isinstance(expression, Subs):
            return self._put_in(expression)
        if isinstance(expression, Integral):
            return self._integrated(expression)
        return super().read(expression)

    def _put_in(self, expression: Subs) -> Polynomial:
        """What stands at a point; where that may be negative, its symbol is not read as positive."""
        points = {symbol: self.read(point) for symbol, point in zip(*expression.args[1:], strict=True)}
        signless = (
            symbol for symbol, at in points.items() if not all(self._reaches(0, *each) for each in at.terms)
        )
        inside = replace(self, signless=self.signless.union(signless))
        read = inside.read(expression.expr)
        for symbol, at in points.items():
            ((atom, _),) = inside.read(symbol).terms[0][0].powers
            read = put_in(read, atom, at)
        return read

    def _differentiated(self, expression: Derivative) -> Polynomial:
        read = self.read(expression.expr)
        for symbol, count in expression.variable_count:
            for _ in range(int(count)):
                read = _slope(read, self.read(symbol).terms[0][0].powers[0][0])
        return read

    def _integrated(self, expression: Integral) -> Polynomial:
        """∫_0^∞ x^{a-1} e^{-c x^b} dx = Γ(a/b)/(b c^{a/b}) for a, b, c > 0."""
        ((symbol, first, last),) = expression.limits
        if (first, last) != (Integer(0), oo):
            raise UnreadableError("no law for an integral between such ends")
        ((atom, _),) = self.read(symbol).terms[0][0].powers
        ((term, value),) = self.read(expression.function).terms
        own = dict(term.powers)
        a = own.pop(atom, ZERO) + ONE
        ((rate, size),) = own.pop(EULER).terms
        inside = dict(rate.powers)
        b = inside.pop(atom)
        rest = Polynomial(((Monomial(tuple(inside.items())), -size),))
        sums = term.limits or rate.limits
        fit = all(self._is_seen_positive(each) and not _holds(each, atom) for each in (a, b, rest))
        if own or sums or not fit:
            raise UnreadableError("no law for such an integrand")
        share = a * raised(b, _MINUS)
        return (
            function("gamma", share) * raised(b, _MINUS) * raised(rest, share.scaled(Fraction(-1)))
        ).scaled(value)

    def _is_seen_positive(self, polynomial: Polynomial) -> bool:
        """Whether every term shows that it is ≥ 0, and one of them that it is > 0."""
        return all(self._reaches(0, *each) for each in polynomial.terms) and any(
            self._reaches(1, *each) for each in polynomial.terms
        )

    def _reaches(self, least: int, term: Monomial, value: Fraction) -> bool:
        """Whether each factor is positive, or a whole number that begins at the least one or later."""
        return (
            value > 0
            and not term.limits
            and all(
                at_most(number(least), ((atom[1], 1),), self.ranges)
                if atom[0] == "symbol"
                else _is_positive(atom)
                for atom, _ in term.powers
            )
        )


def _holds(polynomial: Polynomial, atom: Atom) -> bool:
    return put_in(polynomial, atom, power(("real", "another"))) != polynomial


def _logarithm(argument: Polynomial) -> Polynomial:
    """The log of a product of positive things is a sum."""
    if len(argument.terms) != 1:
        return power(("function", "log", argument.renamed))
    ((term, value),) = argument.terms
    signed = [atom for atom, _ in term.powers if not _is_positive(atom)]
    if signed or term.limits or value <= 0:
        return power(("function", "log", argument.renamed))
    total = ZERO
    for prime, count in (*primes(value.numerator, 1), *primes(value.denominator, -1)):
        total += power(("function", "log", constant(prime))).scaled(Fraction(count))
    for atom, exponent in term.powers:
        total += exponent * (ONE if atom == EULER else _log_of(atom))
    return total


def _log_of(atom: Atom) -> Polynomial:
    if atom[0] == "closed":
        return _logarithm(atom[1])
    return power(("function", "log", power(atom)))


def _is_positive(atom: Atom) -> bool:
    kind, *parts = atom
    if kind == "closed":
        return parts[0].number is not None and parts[0].number > 0
    # Γ is read of positive numbers only.
    return kind in ("e", "positive") or (kind, *parts[:1]) in (
        ("symbol", "N"),
        ("symbol", "n"),
        ("function", "gamma"),
    )


def primes(number: int, sign: int) -> Iterator[tuple[int, int]]:
    """The prime factors of a whole number, each with the sign."""
    prime = 2
    while number > 1:
        while number % prime == 0:
            number //= prime
            yield prime, sign
        prime += 1


# --- derivatives -----------------------------------------------------------------------------------------


def _slope(polynomial: Polynomial, by: Atom) -> Polynomial:
    """d/dx, term by term and factor by factor."""
    total = ZERO
    for term, value in polynomial.terms:
        if term.limits:
            raise UnreadableError("no law for the derivative of a sum over an index")
        for place, (atom, exponent) in enumerate(term.powers):
            others = Polynomial(((Monomial(term.powers[:place] + term.powers[place + 1 :]), value),))
            inner = exponent * power(atom, exponent - ONE) * _slope_of(atom, by)
            outer = _slope(exponent, by)
            if outer.terms:
                inner += power(atom, exponent) * outer * (ONE if atom == EULER else _log_of(atom))
            total += others * inner
    return total


def _slope_of(atom: Atom, by: Atom) -> Polynomial:
    kind, *parts = atom
    if atom == by:
        return ONE
    if kind == "closed":
        return _slope(parts[0], by)
    if kind != "function":
        return ZERO
    name, argument = parts
    inside = _slope(argument, by)
    if not inside.terms:
        return ZERO
    if name == "log":
        return inside * raised(argument, _MINUS)
    if name == "gamma":
        return inside * power(atom) * function("psi 0", argument)
    order = int(name.removeprefix("psi "))
    return inside * function(f"psi {order + 1}", argument)
