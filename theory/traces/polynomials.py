"""Sums of terms ``coefficient · scalars · word``, summed over indices: plain arithmetic alone.

A term is a product of powers of atoms, a word of matrices and vectors, and the indices over which it is
summed. An atom is a tuple that begins with its kind: a symbol, a head at its indices, an inner product of a
word, [i = j], a function of a polynomial, or a polynomial whose power stays closed. Exponents are
polynomials themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import count, permutations
from typing import Any

from jacspec.theory.notation.heads import HEADS, Kind
from jacspec.theory.traces.indices import Index, index_at, index_sum

Atom = tuple[Any, ...]
Letter = tuple[str, tuple[Index, ...]]
"""A matrix or a vector: the name of its head, and its indices."""
Word = tuple[Letter, ...]
Limits = tuple[tuple[str, Index, Index], ...]

EULER: Atom = ("e",)
"""The base of exponentials."""


@dataclass(frozen=True)
class Monomial:
    """A product of powers of atoms and a word, under sums; the order of the powers is fixed."""

    powers: tuple[tuple[Atom, Polynomial], ...] = ()
    word: Word = ()
    limits: Limits = ()

    @cached_property
    def key(self) -> str:
        """What it is called when terms are put in order."""
        powers = ";".join(f"{atom!r}^{exponent.key}" for atom, exponent in self.powers)
        return f"{powers}|{self.word!r}|{self.limits!r}"

    def __hash__(self) -> int:
        return hash(self.key)

    def times(self, other: Monomial) -> Monomial:
        """The product: words one after the other, exponents added."""
        exponents = dict(self.powers)
        for atom, exponent in other.powers:
            exponents[atom] = _added(exponents[atom], exponent) if atom in exponents else exponent
        return _closed(exponents, self.word + other.word, self.limits + other.limits)


def _closed(exponents: dict[Atom, Polynomial], word: Word, limits: Limits) -> Monomial:
    """Every row … column of a word is an inner product, which is a scalar."""
    letters = list(word)
    start = None
    position = 0
    while position < len(letters):
        kind = HEADS[letters[position][0]].kind
        if kind is Kind.ROW:
            start = position
        elif kind is Kind.COLUMN and start is not None:
            inside = tuple(letters[start : position + 1])
            atom: Atom = ("inner", min(inside, transposed(inside)))
            exponents = {**exponents, atom: exponents.get(atom, ZERO) + ONE}
            del letters[start : position + 1]
            start, position = None, -1
        position += 1
    for atom, exponent in exponents.items():
        if atom[0] == "equal" and (exponent.number or 0) > 0:
            exponents = {**exponents, atom: ONE}  # it is 0 or 1
    kept = sorted(((a, x) for a, x in exponents.items() if x.terms), key=lambda pair: repr(pair[0]))
    return Monomial(tuple(kept), tuple(letters), limits)


def transposed(word: Word) -> Word:
    """(XY⋯Z)ᵀ = Zᵀ⋯YᵀXᵀ."""
    turned = []
    for name, indices in reversed(word):
        head = HEADS[name].transpose
        if head is None:
            message = f"{name} has no transpose"
            raise TypeError(message)
        turned.append((head.name, indices))
    return tuple(turned)


@dataclass(frozen=True)
class Polynomial:
    """A sum of terms with rational coefficients, in a fixed order."""

    terms: tuple[tuple[Monomial, Fraction], ...] = ()

    @classmethod
    def of(cls, terms: Iterable[tuple[Monomial, Fraction]]) -> Polynomial:
        """Like terms gathered."""
        total: dict[Monomial, Fraction] = {}
        for monomial, coefficient in terms:
            known = total.get(monomial)
            total[monomial] = coefficient if known is None else known + coefficient
        kept = ((monomial, value) for monomial, value in total.items() if value)
        return cls(tuple(sorted(kept, key=lambda term: term[0].key)))

    @cached_property
    def key(self) -> str:
        """What it is called when terms are put in order."""
        return "+".join(f"{value}*{monomial.key}" for monomial, value in self.terms)

    def __repr__(self) -> str:
        return f"({self.key})"

    def __hash__(self) -> int:
        return hash(self.key)

    @classmethod
    def total(cls, parts: Iterable[Polynomial]) -> Polynomial:
        """The sum of polynomials, gathered once."""
        return cls.of(term for part in parts for term in part.terms)

    def __add__(self, other: Polynomial) -> Polynomial:
        if not (self.terms and other.terms):
            return self if self.terms else other
        return Polynomial.of((*self.terms, *other.terms))

    def __sub__(self, other: Polynomial) -> Polynomial:
        return self + other.scaled(Fraction(-1))

    def __mul__(self, other: Polynomial) -> Polynomial:
        if self is ONE or other is ONE:
            return other if self is ONE else self
        return Polynomial.of((left.times(right), a * b) for left, a in self.terms for right, b in other.terms)

    def scaled(self, factor: Fraction) -> Polynomial:
        """Itself times a number."""
        return Polynomial(tuple((monomial, value * factor) for monomial, value in self.terms if factor))

    def summed(self, limits: Limits) -> Polynomial:
        """The sum of it over indices."""
        return Polynomial.of(
            (Monomial(each.powers, each.word, each.limits + limits), value) for each, value in self.terms
        )

    @property
    def number(self) -> Fraction | None:
        """Its value, if it is a number."""
        if not self.terms:
            return Fraction(0)
        (monomial, value), *others = self.terms
        return None if others or monomial != Monomial() else value

    @cached_property
    def depth(self) -> int:
        """How deeply sums of atoms are nested in it: names of one depth are not captured at another."""
        atoms = (atom for each, _ in self.terms for atom, _ in each.powers)
        return 1 + max((atom[-1].depth for atom in atoms if atom[0] in _NESTED), default=0)

    @cached_property
    def renamed(self) -> Polynomial:
        """Its summation indices named canonically: terms that differ in these names only are like terms."""
        if not any(each.limits for each, _ in self.terms):
            return self
        return Polynomial.of((_renamed(each, self.depth), value) for each, value in self.terms)

    def fresh(self) -> Polynomial:
        """Its summation indices named as they are nowhere else."""
        if not any(term.limits for term, _ in self.terms):
            return self
        parts = []
        for term, value in self.terms:
            names = {name: ((f"{name.partition('~')[0]}~{next(_COUNT)}", 1),) for name, _, _ in term.limits}
            parts.append(_with_names(term, names).scaled(value))
        return Polynomial.total(parts)


@lru_cache(maxsize=4096)
def _added(left: Polynomial, right: Polynomial) -> Polynomial:
    return left + right


_COUNT = count()
_NESTED = ("function", "closed")
"""Atoms that hold a polynomial."""

ZERO = Polynomial()
ONE = Polynomial(((Monomial(), Fraction(1)),))


def constant(value: Fraction | int) -> Polynomial:
    """A number."""
    return ONE.scaled(Fraction(value))


def of_index(index: Index) -> Polynomial:
    """An index as a number."""
    return Polynomial.of(
        (Monomial((((("symbol", name)), ONE),)) if name else Monomial(), Fraction(count))
        for name, count in index
    )


def of_word(word: Word) -> Polynomial:
    """A word of matrices and vectors."""
    return Polynomial(((_closed({}, word, ()), Fraction(1)),))


def power(atom: Atom, exponent: Polynomial = ONE) -> Polynomial:
    """A power of an atom."""
    return Polynomial(((Monomial(((atom, exponent),)) if exponent.terms else Monomial(), Fraction(1)),))


# --- other names and values for indices ---------------------------------------------------------

Values = Mapping[str, Index]


def substituted(polynomial: Polynomial, values: Values) -> Polynomial:
    """Values put for indices, all at once, wherever they stand: in numbers, words, exponents and ends."""
    return Polynomial.total(_term_at(each, values).scaled(value) for each, value in polynomial.terms)


def _term_at(term: Monomial, values: Values) -> Polynomial:
    limits = tuple((name, index_at(a, values), index_at(b, values)) for name, a, b in term.limits)
    word = tuple((name, tuple(index_at(each, values) for each in at)) for name, at in term.word)
    total = Polynomial(((Monomial((), word, limits), Fraction(1)),))
    for atom, exponent in term.powers:
        total = _power_at(atom, substituted(exponent, values), values) * total
    return total


def _power_at(atom: Atom, exponent: Polynomial, values: Values) -> Polynomial:
    """The power of an atom at other values; a symbol may become a sum, of which only whole powers expand."""
    kind, *parts = atom
    if kind == "symbol":
        if parts[0] not in values:
            return power(atom, exponent)
        return raised(of_index(values[parts[0]]), exponent)
    if kind == "head":
        name, at = parts
        return power(("head", name, tuple(index_at(each, values) for each in at)), exponent)
    if kind == "inner":
        word = tuple((name, tuple(index_at(each, values) for each in at)) for name, at in parts[0])
        return power(("inner", min(word, transposed(word))), exponent)
    if kind == "equal":
        return raised(equal(*(index_at(each, values) for each in parts)), exponent)
    if kind == "closed":
        return raised(substituted(parts[-1], values), exponent)
    if kind == "function":
        return power((*atom[:-1], substituted(parts[-1], values).renamed), exponent)
    return power(atom, exponent)


def equal(left: Index, right: Index) -> Polynomial:
    """[left = right]."""
    gap = index_sum((left, 1), (right, -1))
    if not gap:
        return ONE
    if set(gap) == {("", dict(gap).get("", 0))}:
        return ZERO
    return power(("equal", min(left, right), max(left, right)))


def _renamed(term: Monomial, depth: int) -> Monomial:
    """Of all orders of its sums, the one that comes first when its indices are numbered in that order."""
    if not term.limits:
        return term
    found = []
    for order in permutations(term.limits):
        names = {name: ((f"{depth}#{place}", 1),) for place, (name, _, _) in enumerate(order)}
        ((renamed, _),) = _with_names(term, names).terms
        found.append(Monomial(renamed.powers, renamed.word, tuple(sorted(renamed.limits))))
    return min(found, key=lambda each: each.key)


def _with_names(term: Monomial, names: Values) -> Polynomial:
    """A term with other names for its summation indices."""
    renamed = _term_at(Monomial(term.powers, term.word), names)
    limits = tuple((names[x][0][0], index_at(a, names), index_at(b, names)) for x, a, b in term.limits)
    return renamed.summed(limits)


# --- powers ---------------------------------------------------------------------------------------


def raised(base: Polynomial, exponent: Polynomial) -> Polynomial:
    """A power: expanded for a whole exponent, factor by factor for a product, closed for any other sum.

    A product of which a factor may be negative has no powers that are not whole.
    """
    whole = exponent.number
    is_whole = whole is not None and whole.denominator == 1
    if whole == 0:
        return ONE
    simple = len(base.terms) == 1 and not base.terms[0][0].word and not base.terms[0][0].limits
    if whole is not None and is_whole and whole > 0 and not simple:
        total = base
        for _ in range(int(whole) - 1):
            total = total * base.fresh()
        return total
    if not base.terms:
        message = "a power of 0 that is not positive and whole"
        raise ZeroDivisionError(message)
    if simple:
        ((term, value),) = base.terms
        if is_whole or (value > 0 and all(_positive(atom) for atom, _ in term.powers)):
            total = ONE
            for atom, each in term.powers:
                total = total * power(atom, each * exponent)
            if whole is not None and is_whole:
                return total.scaled(value ** int(whole))
            return total if value == 1 else total * power(("closed", constant(value)), exponent)
    return power(("closed", base.renamed), exponent)


def _positive(atom: Atom) -> bool:
    kind, *parts = atom
    return kind in ("e", "positive") or (
        HEADS[parts[0]].positive if kind == "head" else kind == "symbol" and parts[0] in ("N", "n")
    )
