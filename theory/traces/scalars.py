"""Whether scalar formulas are related as it is said, by plain arithmetic and stated laws, without SymPy's.

The laws, each one function here: ψ^{(r)}(x+1) = ψ^{(r)}(x) + (-1)^r r!/x^{r+1}, and Γ(x+1) = x Γ(x);
log xy = log x + log y of what is positive; derivatives of products, powers, logarithms, ψ and Γ;
∫_0^∞ x^{a-1} e^{-c x^b} dx = Γ(a/b)/(b c^{a/b}) for a, b, c > 0; Σ up to e + q is Σ up to e and q
terms, and Σ f(i) from a to b is Σ f(a+b-i). An equality for all whole numbers holds at 0, and in every
difference. A sum may be empty, but not end before that. The laws of powers stand in quotients.py, those of
limits and of signs in limits.py and bounds.py. What is beyond these laws is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, factorial

from sympy import Expr, Integer, Integral, Subs, Sum, Symbol, binomial, oo

from jacspec.theory.algebra.rules import Rule
from jacspec.theory.traces.bounds import SUFFIXES, fault_of_sign, is_seen_positive
from jacspec.theory.traces.indices import Index, Ranges, at_most, index_sum, number, shifted
from jacspec.theory.traces.limits import LimitAt, far_out
from jacspec.theory.traces.polynomials import (
    ONE,
    ZERO,
    Atom,
    Limits,
    Monomial,
    Polynomial,
    constant,
    of_index,
    power,
    raised,
    substituted,
)
from jacspec.theory.traces.quotients import settled, without_denominators
from jacspec.theory.traces.reading import UnreadableError, ranges_of
from jacspec.theory.traces.scalar_reading import ScalarReader, primes, put_in

_BINDING = (Sum, Integral, Subs)
"""What has a variable of its own."""


@dataclass(frozen=True)
class ScalarClaim:
    """left = right with the ``given`` values of symbols, for all ``induction`` ≥ 0 if there is one.

    With ``at_most`` it is left ≤ right; with a ``limit``, a variable and a point, left → right. Each of the
    ``free`` parameters lies between two ends, which may name those before it.
    """

    left: Expr
    right: Expr
    given: tuple[Rule, ...] = ()
    induction: Symbol | None = None
    free: tuple[tuple[Symbol, Expr, Expr | None], ...] = ()
    at_most: bool = False
    limit: tuple[Symbol, Expr] | None = None

    @property
    def ranges(self) -> Ranges:
        """Those of its whole numbers."""
        zero = () if self.induction is None else ((self.induction, Integer(0), None),)
        return ranges_of((*self.free, *zero))

    @property
    def reader(self) -> ScalarReader:
        """What reads its formulas."""
        return ScalarReader(ranges=self.ranges)

    @property
    def least(self) -> Iterator[tuple[Atom, Index | Polynomial]]:
        """The parameters that have a least value, with it."""
        for symbol, first, _ in self.free:
            if symbol.is_integer:
                yield ("symbol", symbol.name), self.reader.index(first)
            elif not first.is_infinite:
                yield self.atom(symbol), self.reader.read(first)

    def atom(self, symbol: Symbol) -> Atom:
        """What a symbol is read as."""
        ((atom, _),) = self.reader.read(symbol).terms[0][0].powers
        return atom


def fault_between(claim: ScalarClaim) -> str:
    """What of a claim these laws do not show; empty if they show it."""
    misread = _misread(claim)
    if misread:
        return misread
    try:
        left, right = (_inserted(side, claim.given, claim.reader) for side in (claim.left, claim.right))
        if claim.at_most:
            return fault_of_sign(right - left, claim.least, claim.ranges)
        if claim.limit is not None:
            left = _limit(claim, left, right)
        gaps = [left - right]
        if claim.induction is not None:
            name = claim.induction.name
            following = substituted(gaps[0], {name: ((("", 1), (name, 1)))})
            gaps = [substituted(gaps[0], {name: ()}), following - gaps[0]]
        rests = [_normal(gap, claim.ranges) for gap in gaps]
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        return str(error)
    return next(
        (f"what is left of the difference of its sides is not 0: {rest.key}" for rest in rests if rest.terms),
        "",
    )


def _misread(claim: ScalarClaim) -> str:
    """Why the laws would take a symbol for another, or as fixed that moves; empty if they do not."""
    sides = (claim.left, claim.right, *(side for rule in claim.given for side in (rule.lhs, rule.rhs)))
    bound = {symbol for side in sides for each in side.atoms(*_BINDING) for symbol in each.bound_symbols}
    moving = bound | {rule.lhs for rule in claim.given} | {claim.induction, *(claim.limit or ())[:1]}
    if any(each.args[0].free_symbols & moving for side in sides for each in side.atoms(binomial)):
        return "a binomial coefficient is of what moves"
    for symbol, first, _ in claim.free:
        if symbol.name in ("N", "n") and not (symbol.is_integer and first.is_positive):
            return f"{symbol.name} is a size, a whole number from 1 on, and begins at {first}"
        if symbol.is_positive and not symbol.is_integer and not first.is_nonnegative:
            return f"{symbol.name} is declared positive, and begins at {first}"
        if symbol.name.endswith(SUFFIXES):
            return f"'{symbol.name}' is the name of a remainder"
    return ""


def _limit(claim: ScalarClaim, left: Polynomial, right: Polynomial) -> Polynomial:
    """What the left side tends to; sums by which the right side divides are not 0."""
    assert claim.limit is not None  # noqa: S101 -- asked by the caller
    variable, point = claim.limit
    if point == oo and variable.is_integer:
        return far_out(left, variable.name)
    nonzero = frozenset(atom for term, _ in right.terms for atom, own in term.powers if own == constant(-1))
    least = [*claim.least]
    at = LimitAt(
        claim.atom(variable),
        claim.reader.read(point),
        nonzero,
        lambda each: is_seen_positive(settled(each), least),
    )
    return at.of(left)


def _inserted(side: Expr, given: Sequence[Rule], reader: ScalarReader) -> Polynomial:
    polynomial = reader.read(side)
    for rule in reversed(given):
        ((atom, _),) = reader.read(rule.lhs).terms[0][0].powers
        polynomial = put_in(polynomial, atom, reader.read(rule.rhs))
    if any(term.word for term, _ in polynomial.terms):
        message = f"{side} holds matrices or vectors; expected numbers, whose order does not matter"
        raise UnreadableError(message)
    return polynomial


# --- the normal form -------------------------------------------------------------------------------------


def _normal(polynomial: Polynomial, ranges: Ranges) -> Polynomial:
    """ψ and Γ near (0, 1], sums to their natural ends and forwards, and no denominators."""
    total = ZERO
    for term, value in polynomial.terms:
        total += _summed(_shifted(Monomial(term.powers)).scaled(value), term.limits, ranges)
    return without_denominators(settled(total.renamed))


def _shifted(term: Monomial) -> Polynomial:
    total = ONE
    for atom, exponent in term.powers:
        value = atom[1].number if atom[0] == "closed" else None
        if value is None or value <= 0:
            total = total * raised(_brought_down(atom), exponent)
            continue
        for prime, count in (*primes(value.numerator, 1), *primes(value.denominator, -1)):
            total = total * power(("closed", constant(prime)), exponent.scaled(Fraction(count)))
    return total


def _brought_down(atom: Atom) -> Polynomial:
    """ψ^{(r)}(x + q) and Γ(x + q), q whole, by what they are at x with a constant in (0, 1]."""
    if atom[0] == "closed":
        return sum((_shifted(term).scaled(value).summed(term.limits) for term, value in atom[1].terms), ZERO)
    if atom[0] != "function" or atom[1].partition(" ")[0] not in ("psi", "gamma"):
        return power(atom)
    name, argument = atom[1], atom[2]
    offset = dict(argument.terms).get(Monomial(), Fraction(0))
    whole = ceil(offset) - 1 if argument.number is None or offset > 0 else 0
    below = argument - constant(whole)
    steps = [(1, below + constant(step)) for step in range(whole)]
    steps += [(-1, below - constant(step)) for step in range(1, 1 - whole)]
    made = ONE if name == "gamma" and below == ONE else power(("function", name, below.renamed))
    for sign, at in steps:
        if name == "gamma":
            made = made * raised(at, constant(sign))
        else:
            order = int(name.removeprefix("psi "))
            made += raised(at, constant(-order - 1)).scaled(Fraction(sign * (-1) ** order * factorial(order)))
    return made


def _summed(summand: Polynomial, limits: Limits, ranges: Ranges) -> Polynomial:
    for limit in limits:
        total = ZERO
        for term, value in summand.terms:
            total += _over(Polynomial(((term, value),)), limit, ranges)
        summand = total
    return summand


def _over(one: Polynomial, limit: tuple[str, Index, Index], ranges: Ranges) -> Polynomial:
    """Σ of one term: written out between numbers, counted if constant, else the shorter way round."""
    name, first, last = limit
    offset = dict(last).get("", 0) if {*dict(last)} - {""} else 0
    end, span = index_sum((last, 1), (number(offset), -1)), index_sum((last, 1), (first, -1))
    if not all(at_most(first, shifted(each, 1), ranges) for each in (last, end)):
        raise UnreadableError(f"the sum over {name} may end before it begins")
    if not {each for each, _ in span} - {""}:
        places = (shifted(first, step) for step in range(dict(span).get("", 0) + 1))
        return sum((_again(substituted(one, {name: at})) for at in places), ZERO)
    if substituted(one, {name: (("another", 1),)}) == one:
        return one * of_index(shifted(span, 1))
    backwards = substituted(one, {name: index_sum((first, 1), (last, 1), (((name, 1),), -1))})
    ways = (_again(backwards), one)
    chosen = min(ways, key=lambda each: (len(_names(each)), each.summed((limit,)).renamed.key))
    total = chosen.summed(((name, first, end),))
    for sign, step in [(1, up + 1) for up in range(offset)] + [(-1, -down) for down in range(-offset)]:
        total += _again(substituted(chosen, {name: shifted(end, step)})).scaled(Fraction(sign))
    return total


def _names(polynomial: Polynomial) -> set[str]:
    """What a polynomial holds, within its functions too."""
    atoms = [(atom, exponent) for term, _ in polynomial.terms for atom, exponent in term.powers]
    nested = (
        each for atom, exponent in atoms for each in (exponent, atom[-1]) if isinstance(each, Polynomial)
    )
    own = {atom[-1] for atom, _ in atoms if isinstance(atom[-1], str)}
    return own.union(*map(_names, nested))


def _again(polynomial: Polynomial) -> Polynomial:
    """The terms of a sum that were moved, brought down once more."""
    return sum(
        (
            _shifted(Monomial(term.powers)).scaled(value).summed(term.limits)
            for term, value in polynomial.terms
        ),
        ZERO,
    )
