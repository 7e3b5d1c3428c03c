"""Sums in denominators: what is 0 once it is multiplied by them is 0."""

from __future__ import annotations

from jacspec.theory.traces.polynomials import ZERO, Monomial, Polynomial, constant, raised

__all__ = ["without_denominators"]


def without_denominators(polynomial: Polynomial) -> Polynomial:
    """Multiplied out, and by the sums in its denominators, but for those that hold a summation index."""
    while sums := {
        atom
        for term, _ in polynomial.terms
        for atom, exponent in term.powers
        if atom[0] == "closed" and _whole(exponent)
        if not any(name in atom[1].key for name, _, _ in term.limits)
    }:
        atom = min(sums, key=repr)
        least = min([0, *(_whole(dict(term.powers).get(atom, ZERO)) for term, _ in polynomial.terms)])
        total = ZERO
        for term, value in polynomial.terms:
            own = dict(term.powers)
            exponent = own.pop(atom, ZERO)
            rest = Polynomial(((Monomial(tuple(own.items()), term.word, term.limits), value),))
            total += rest * raised(atom[1], exponent - constant(least))
        polynomial = total.renamed
    return polynomial


def _whole(exponent: Polynomial) -> int:
    """An exponent, if it is a whole number, else 0."""
    value = exponent.number
    return int(value) if value is not None and value.denominator == 1 else 0
