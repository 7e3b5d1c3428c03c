"""Inequalities by signs: parameters as their ends and what they are beyond, and no negative coefficient.

A quotient is not negative if it is not once it is multiplied by sums that are positive; a sum over an index,
if its summand is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from jacspec.theory.traces.indices import Index, Ranges, at_most, index_sum, shifted
from jacspec.theory.traces.polynomials import (
    Atom,
    Limits,
    Monomial,
    Polynomial,
    power,
    substituted,
)
from jacspec.theory.traces.quotients import without_denominators
from jacspec.theory.traces.scalar_reading import put_in
from jacspec.theory.traces.signs import even

_BEYOND = " beyond its least value"
"""Of a whole number: ≥ 0."""
_ABOVE = " above its least value"
"""Of any other: > 0."""
SUFFIXES = (_BEYOND, _ABOVE)
"""Of names of what a parameter is beyond its least value; no parameter is called so itself."""

Least = Iterable[tuple[Atom, Index | Polynomial]]
"""Parameters with their least values, each before those whose ends name it."""


def fault_of_sign(gap: Polynomial, least: Least, ranges: Ranges) -> str:
    """Why a polynomial is not seen to be ≥ 0; empty if it is."""
    least = [*least]
    for limits, summand in _by_limits(gap.renamed):
        if not all(at_most(first, shifted(last, 1), ranges) for _, first, last in limits):
            return f"a sum over {limits[0][0]} may end before it begins"
        indices = [(("symbol", name), first) for name, first, _ in reversed(limits)]
        beyond = _from_least(summand, [*least, *indices])
        if not all(_is_positive(each) for each in _denominators(beyond)):
            return f"a denominator of {beyond.key} is not seen to be positive"
        multiplied = without_denominators(beyond)
        if not all(_is_nonnegative(*each) for each in multiplied.terms):
            return f"not every term of {multiplied.key} is seen to be ≥ 0"
    return ""


def is_seen_positive(polynomial: Polynomial, least: Least) -> bool:
    """Whether all its terms are ≥ 0 and one is > 0, as it stands."""
    return _is_positive(_from_least(polynomial, least))


def _by_limits(polynomial: Polynomial) -> Iterator[tuple[Limits, Polynomial]]:
    gathered: dict[Limits, list[tuple[Monomial, Fraction]]] = {}
    for term, value in polynomial.terms:
        gathered.setdefault(term.limits, []).append((Monomial(term.powers), value))
    for limits, terms in gathered.items():
        yield limits, Polynomial(tuple(terms))


def _from_least(polynomial: Polynomial, least: Least) -> Polynomial:
    """Every parameter as its least value and what it is beyond: ≥ 0 if whole, else > 0."""
    for (kind, name), start in reversed([*least]):
        if isinstance(start, Polynomial):
            polynomial = put_in(polynomial, (kind, name), start + power((kind, f"{name}{_ABOVE}")))
        else:
            polynomial = substituted(
                polynomial, {name: index_sum((start, 1), (((f"{name}{_BEYOND}", 1),), 1))}
            )
    return polynomial


def _denominators(polynomial: Polynomial) -> Iterator[Polynomial]:
    """Sums in powers that stay closed, and those within them."""
    for term, _ in polynomial.terms:
        for atom, _ in term.powers:
            if atom[0] == "closed":
                yield atom[1]
                yield from _denominators(atom[1])


def _is_positive(polynomial: Polynomial) -> bool:
    """Whether each of its terms is seen to be ≥ 0, and one to be > 0."""
    return all(_is_nonnegative(*each) for each in polynomial.terms) and any(
        all(
            atom[0] == "positive" or (atom[0] == "closed" and _is_positive(atom[1]))
            for atom, _ in term.powers
        )
        for term, _ in polynomial.terms
    )


def _is_nonnegative(term: Monomial, value: Fraction) -> bool:
    return value > 0 and all(
        atom[0] in ("positive", "e")
        or (atom[0] == "symbol" and atom[1].endswith(_ABOVE))
        or (atom[0] == "closed" and _is_positive(atom[1]))
        or (
            _has_value_at_zero(exponent)
            and ((even(exponent) and _is_real(atom)) or (atom[0] == "symbol" and atom[1].endswith(_BEYOND)))
        )
        for atom, exponent in term.powers
    )


def _has_value_at_zero(exponent: Polynomial) -> bool:
    """Whether so high a power has a value at 0, which one of the inverse has not."""
    return exponent.number is not None and exponent.number >= 0


def _is_real(atom: Atom) -> bool:
    """Whether what has a sign is a real number; the logarithm of what may be negative is none."""
    return atom[:2] != ("function", "log") or _is_positive(atom[-1])
