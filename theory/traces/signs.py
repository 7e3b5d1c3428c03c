"""Polynomials of which every term shows that it is not negative, whichever of the indices in it coincide."""

from __future__ import annotations

from jacspec.theory.notation.heads import HEADS
from jacspec.theory.traces.indices import Ranges, at_most, number
from jacspec.theory.traces.polynomials import ONE, ZERO, Atom, Monomial, Polynomial, raised, transposed


def never_negative(polynomial: Polynomial, ranges: Ranges, unsigned: frozenset[str] = frozenset()) -> bool:
    """Whether all terms are manifestly ≥ 0, with every [i = k] put to 0 and to 1.

    Numbers that are ``unsigned`` may be negative.
    """
    for term, _ in polynomial.terms:
        for atom, _ in term.powers:
            if atom[0] == "equal":
                return all(
                    never_negative(_with(polynomial, atom, value), ranges, unsigned) for value in (ZERO, ONE)
                )
    return all(
        value > 0
        and all(even(exponent) or _shows_no_sign(atom, ranges, unsigned) for atom, exponent in term.powers)
        for term, value in polynomial.terms
    )


def _with(polynomial: Polynomial, atom: Atom, value: Polynomial) -> Polynomial:
    total = ZERO
    for term, coefficient in polynomial.terms:
        own = dict(term.powers)
        exponent = own.pop(atom, ZERO)
        rest = Polynomial(((Monomial(tuple(own.items()), term.word, term.limits), coefficient),))
        total += rest * raised(value, exponent)
    return total


def even(exponent: Polynomial) -> bool:
    """Whether it is an even number, to which no power of a real number is negative."""
    value = exponent.number
    return value is not None and value.denominator == 1 and value % 2 == 0


def _shows_no_sign(atom: Atom, ranges: Ranges, unsigned: frozenset[str]) -> bool:
    kind, *parts = atom
    if kind == "head":
        return HEADS[parts[0]].positive
    if kind == "inner":
        return bool(parts[0] == transposed(parts[0]))  # a length, squared
    if kind == "closed":
        return never_negative(parts[0], ranges, unsigned)
    if kind == "symbol":  # sizes, directions, layers, and numbers such as ε, which have no range here
        name = str(parts[0])
        return name not in unsigned if name not in ranges else at_most(number(0), ((name, 1),), ranges)
    return bool(kind == "e" or parts[0] == "abs")
