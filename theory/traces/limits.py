"""Limits of scalar formulas, by what is continuous at a point and by what vanishes far out.

At a point: sums, products, and powers whose base is seen not to be 0 there tend to what they are at it;
x^e → 0 as x → 0 from above, for e > 0. As a whole number m → ∞: 1/(cm + a)^q → 0 for c, q > 0, and
ψ(cm + a) - ψ(cm) → 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from jacspec.theory.traces.polynomials import (
    ONE,
    ZERO,
    Atom,
    Monomial,
    Polynomial,
    constant,
    of_index,
    power,
    raised,
    substituted,
)
from jacspec.theory.traces.reading import UnreadableError


@dataclass(frozen=True)
class LimitAt:
    """The limit as ``variable``, which is positive, falls to a ``point``.

    ``nonzero`` are sums known not to be 0, and ``is_positive`` says what is seen to be positive.
    """

    variable: Atom
    point: Polynomial
    nonzero: frozenset[Atom]
    is_positive: Callable[[Polynomial], bool]

    def of(self, polynomial: Polynomial) -> Polynomial:
        """What a polynomial tends to; raises UnreadableError where the laws do not say."""
        total = ZERO
        for term, value in polynomial.terms:
            made = constant(value)
            for atom, exponent in term.powers:
                made = made * self._of_power(atom, exponent)
            total += made.summed(term.limits)
        return total

    def _of_power(self, atom: Atom, exponent: Polynomial) -> Polynomial:
        if _holds(exponent, self.variable):
            raise UnreadableError("no law for the limit of a power whose exponent moves")
        if not _holds(power(atom), self.variable):
            return power(atom, exponent)
        if atom == self.variable:
            if not self.point.terms and self.is_positive(exponent):
                return ZERO
            base = self.point
        elif atom[0] == "closed":
            base = self.of(atom[1])
        else:
            raise UnreadableError(f"no law for the limit of {atom[1]}")
        value = exponent.number
        whole = value is not None and value.denominator == 1
        if not (whole and value > 0) and not self._is_nonzero(base, whole=whole):  # type: ignore[operator]
            raise UnreadableError(f"the base {base.key} of a power is not seen to be other than 0")
        return raised(base, exponent)

    def _is_nonzero(self, base: Polynomial, *, whole: bool) -> bool:
        if self.is_positive(base):
            return True
        return whole and (
            self.is_positive(base.scaled(Fraction(-1))) or ("closed", base.renamed) in self.nonzero
        )


def far_out(polynomial: Polynomial, name: str) -> Polynomial:
    """What a polynomial tends to, but for ψ, as a whole number tends to ∞.

    ψ(cm + a) becomes ψ(cm): the limit is a number if all of them cancel.
    """
    total = ZERO
    for term, value in polynomial.terms:
        held = [each for each in term.powers if _holds(power(*each), ("symbol", name))]
        if any(name in end for limit in term.limits for end in map(dict, limit[1:])):
            raise UnreadableError(f"no law for the limit of a sum whose end is {name}")
        if held and all(_vanishes(*each, name) for each in held):
            continue
        own = dict(term.powers)
        rest = constant(value)
        for atom, _ in held:
            if len(held) > 1 or atom[:2] != ("function", "psi 0") or own.pop(atom) != ONE:
                raise UnreadableError(f"no law for the limit of {atom!r}")
            rest = rest * power(("function", "psi 0", of_index(((name, 1),)).scaled(_slope(atom[2], name))))
        total += (rest * Polynomial(((Monomial(tuple(own.items())), Fraction(1)),))).summed(term.limits)
    return total


def _vanishes(atom: Atom, exponent: Polynomial, name: str) -> bool:
    """Whether it is (cm + a)^{-q}."""
    if atom[0] not in ("closed", "symbol") or exponent.number is None:
        return False
    return exponent.number < 0 and bool(_slope(atom[1] if atom[0] == "closed" else power(atom), name))


def _slope(argument: Polynomial, name: str) -> Fraction:
    """The c > 0 of cm + a; raises UnreadableError if it is nothing like that."""
    following = substituted(argument, {name: (("", 1), (name, 1))})
    slope = (following - argument).number
    if slope is None or slope <= 0:
        raise UnreadableError(f"{argument.key} does not grow in proportion to {name}")
    return slope


def _holds(polynomial: Polynomial, atom: Atom) -> bool:
    """Whether an atom stands anywhere in a polynomial."""
    return any(
        own == atom or _holds(exponent, atom) or (isinstance(own[-1], Polynomial) and _holds(own[-1], atom))
        for term, _ in polynomial.terms
        for own, exponent in term.powers
    )
