"""Sums in denominators and in exponents: multiplied out where they stay, in lowest terms within powers."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import reduce
from math import floor

from jacspec.theory.traces.polynomials import (
    ONE,
    ZERO,
    Atom,
    Monomial,
    Polynomial,
    constant,
    power,
    raised,
)


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
        by_exponent: dict[Polynomial, list[tuple[Monomial, Fraction]]] = {}
        for term, value in polynomial.terms:
            own = dict(term.powers)
            exponent = own.pop(atom, ZERO)
            rest = Monomial(tuple(own.items()), term.word, term.limits)
            by_exponent.setdefault(exponent, []).append((rest, value))
        parts = (
            Polynomial.of(rests) * raised(atom[1], exponent - constant(least))
            for exponent, rests in by_exponent.items()
        )
        polynomial = Polynomial.total(parts).renamed
    return polynomial


def _whole(exponent: Polynomial) -> int:
    """An exponent, if it is a whole number, else 0."""
    value = exponent.number
    return int(value) if value is not None and value.denominator == 1 else 0


# --- powers ----------------------------------------------------------------------------------------------


def settled(polynomial: Polynomial) -> Polynomial:
    """Bases and exponents of powers in lowest terms, and by the laws of powers with whole exponents.

    x^{e+q} = x^e x^q; (xy)^e = x^e y^e and (-1)^{2e} = 1 for whole e.
    """
    parts = []
    for term, value in polynomial.terms:
        powers = (_settled_power(atom, _in_lowest_terms(settled(exponent))) for atom, exponent in term.powers)
        parts.append(reduce(Polynomial.__mul__, powers, constant(value)).summed(term.limits))
    once = Polynomial.total(parts)
    return polynomial if once == polynomial else settled(once)


def _settled_power(atom: Atom, exponent: Polynomial) -> Polynomial:
    if atom[0] != "closed":
        return power(atom, exponent)
    base = _in_lowest_terms(settled(atom[1]))
    if len(base.terms) > 1 and _whole(exponent) < 0:
        common = _common_factor(base)
        inverse = raised(common, constant(-1))
        return raised(common, exponent) * raised(base * inverse, exponent)
    if len(base.terms) == 1 and _is_whole(exponent) and not base.terms[0][0].limits:
        ((term, value),) = base.terms
        factors = (power(each, own * exponent) for each, own in term.powers)
        return reduce(Polynomial.__mul__, factors, _power_of_number(value, exponent))
    return _split(base, exponent)


def _split(base: Polynomial, exponent: Polynomial) -> Polynomial:
    """x^{e+q} as x^e x^q, q the whole part of the constant of the exponent."""
    offset = dict(exponent.terms).get(Monomial(), Fraction(0))
    whole = floor(offset) if exponent.number is None or len(base.terms) == 1 else 0
    return raised(base, exponent - constant(whole)) * raised(base, constant(whole))


def _power_of_number(value: Fraction, exponent: Polynomial) -> Polynomial:
    size = ONE if abs(value) == 1 else _split(constant(abs(value)), exponent)
    odd = Polynomial.of((term, count % 2) for term, count in exponent.terms)
    return size if value > 0 else size * _split(constant(-1), odd)


def _is_whole(exponent: Polynomial) -> bool:
    """Whether it is made of whole numbers by sums and products."""
    return all(
        value.denominator == 1
        and not term.limits
        and all(atom[0] == "symbol" and _whole(own) > 0 for atom, own in term.powers)
        for term, value in exponent.terms
    )


def _common_factor(base: Polynomial) -> Polynomial:
    """The leading coefficient, and of each atom the least power that a term has."""
    factors = (power(atom, constant(min(of_terms))) for atom, of_terms in _degrees(base).items())
    return reduce(Polynomial.__mul__, factors, constant(_leading(base)[1]))


def _degrees(base: Polynomial) -> dict[Atom, tuple[int, ...]]:
    """Of every atom the whole exponents that it has in the terms."""
    terms = [dict(term.powers) for term, _ in base.terms]
    atoms = sorted({atom for each in terms for atom in each}, key=repr)
    return {atom: tuple(_whole(each.get(atom, ZERO)) for each in terms) for atom in atoms}


def _leading(base: Polynomial) -> tuple[Monomial, Fraction]:
    """The term that comes last by degree, and of one degree by the atoms in their order."""
    degrees = [(sum(each), each) for each in zip(*_degrees(base).values(), strict=True)]
    return base.terms[degrees.index(max(degrees))]


def _in_lowest_terms(polynomial: Polynomial) -> Polynomial:
    """p/X, X a sum, as q + r/X with p = qX + r, where the leading term of X divides none of r; 1/xX apart."""
    rest, reached = polynomial, ZERO
    while rest.terms:
        first, rest = Polynomial(rest.terms[:1]), Polynomial(rest.terms[1:])
        divided = _divided(*first.terms[0])
        if divided is None:
            reached += first
        else:
            rest += divided
    return reached


def _divided(term: Monomial, value: Fraction) -> Polynomial | None:
    """A term over X by one step of the division by X; None if it is in lowest terms."""
    for atom, exponent in term.powers:
        if atom[0] != "closed" or _whole(exponent) >= 0 or not _is_plain(atom[1]):
            continue
        base: Polynomial = atom[1]
        first = _pivot(base, dict(term.powers))
        if first is not None:
            whole = Polynomial(((term, value),)) * raised(first, constant(-1))
            return whole * (power(atom) + first - base)
    return None


def _pivot(base: Polynomial, own: Mapping[Atom, Polynomial]) -> Polynomial | None:
    """The leading term of a sum if it divides a product; its constant, if that divides what the others do."""
    leading, coefficient = _leading(base)
    if all(_whole(own.get(each, ZERO)) >= _whole(degree) for each, degree in leading.powers):
        return Polynomial(((leading, coefficient),))
    number = dict(base.terms).get(Monomial())
    others = [dict(term.powers) for term, _ in base.terms if term.powers]
    below = any(
        _whole(own.get(atom, ZERO)) < 0 and all(atom in each for each in others) for atom in others[0]
    )
    return constant(number) if number is not None and below else None


def _is_plain(base: Polynomial) -> bool:
    """Whether it is a sum of products of whole powers that are not all numbers."""
    exponents = [own for term, _ in base.terms for _, own in term.powers]
    flat = not any(term.limits or term.word for term, _ in base.terms)
    return flat and bool(exponents) and len(base.terms) > 1 and all(_whole(own) > 0 for own in exponents)
