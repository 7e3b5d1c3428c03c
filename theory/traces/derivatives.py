"""d/dt of polynomials of words, by the rule for products; what has no declared velocity is refused."""

from __future__ import annotations

from fractions import Fraction

from jacspec.theory.notation.heads import HEADS
from jacspec.theory.traces.polynomials import (
    ONE,
    ZERO,
    Atom,
    Letter,
    Monomial,
    Polynomial,
    Word,
    of_word,
    power,
    raised,
)

_STILL = ("symbol", "equal")
"""Sizes, indices and ε do not move."""


def derivative(polynomial: Polynomial) -> Polynomial:
    """The time derivative, term by term."""
    return sum((_of_term(term).scaled(value) for term, value in polynomial.terms), ZERO)


def _of_term(term: Monomial) -> Polynomial:
    total = ZERO
    for place, (atom, exponent) in enumerate(term.powers):
        others = Monomial(term.powers[:place] + term.powers[place + 1 :], term.word)
        outer = exponent * power(atom, exponent - ONE) * Polynomial(((others, Fraction(1)),))
        total += _of_atom(atom, exponent) * outer
    scalars = Polynomial(((Monomial(term.powers), Fraction(1)),))
    total += scalars * _of_word(term.word)
    return total.summed(term.limits)


def _of_word(word: Word) -> Polynomial:
    moved = (of_word((*word[:at], _moving(letter), *word[at + 1 :])) for at, letter in enumerate(word))
    return sum(moved, ZERO)


def _of_atom(atom: Atom, exponent: Polynomial) -> Polynomial:
    kind, *parts = atom
    if any(each[0] not in _STILL for term, _ in exponent.terms for each, _ in term.powers):
        message = f"the time derivative of a power whose exponent may move, {exponent.key}, is not declared"
        raise TypeError(message)
    if kind in _STILL:
        return ZERO
    if kind == "head":
        return power(("head", *_moving((parts[0], parts[1]))))
    if kind == "inner":
        return _of_word(parts[0])
    if kind == "closed":
        return derivative(parts[0])
    if kind == "function" and parts[0] == "log":
        return derivative(parts[1]) * raised(parts[1], ONE.scaled(Fraction(-1)))
    message = f"the time derivative of {atom!r} is not declared in the notation"
    raise TypeError(message)


def _moving(letter: Letter) -> Letter:
    name, indices = letter
    head = HEADS[name].derivative
    if head is None:
        message = f"the time derivative of {name} is not declared in the notation"
        raise TypeError(message)
    return head.name, indices
