"""The laws by which a move may replace a term: rules at their values, sums, what stands in functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from sympy import Expr, Symbol, exp

from jacspec.theory.algebra.rules import Rule
from jacspec.theory.algebra.trace import (
    Contracted,
    Counted,
    Inside,
    Move,
    Reindexed,
    Rewritten,
    Trace,
    WrittenOut,
)
from jacspec.theory.notation.index_ranges import ENDS
from jacspec.theory.notation.printing import text
from jacspec.theory.traces.indices import (
    Index,
    Ranges,
    at_most,
    index_sum,
    index_text,
    number,
    shifted,
    within,
)
from jacspec.theory.traces.polynomials import (
    ONE,
    ZERO,
    Atom,
    Limits,
    Monomial,
    Polynomial,
    Word,
    of_index,
    of_word,
    power,
    raised,
    substituted,
    transposed,
)
from jacspec.theory.traces.reading import Reader, exponential, logarithm


class RefusedError(ValueError):
    """A move that its law does not allow."""


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise RefusedError(message)


@dataclass(frozen=True)
class Follower(Reader):
    """A reader that may use ``rules``, and makes the moves ``before`` on what stands under a d/dt."""

    rules: frozenset[Rule] = frozenset()
    before: Mapping[Expr, tuple[Move, ...]] = field(default_factory=dict)
    outside: Mapping[Symbol, Index] = field(default_factory=dict)
    """What indices of rules are that stand for one value: no sum around the place of a move binds them."""

    @classmethod
    def of(
        cls, rules: Iterable[Rule], values: Mapping[Symbol, Index], ranges: Ranges, trace: Trace
    ) -> Follower:
        """The follower of a trace; ``values`` are those of indices that have one only."""
        moves = dict(trace.before_derivatives)
        return cls(values, ranges, rules=frozenset(rules), before=moves, outside=values)

    def moving(self, expression: Expr) -> Polynomial:
        """What stands under a d/dt, after the moves on it."""
        return self.reached(expression, self.before.get(expression, ()))

    def reached(self, expression: Expr, moves: Iterable[Move]) -> Polynomial:
        """An expression, with every term of a move replaced by what equals it."""
        return Polynomial.total((self.read(expression), *map(self._change, moves)))

    def _change(self, move: Move) -> Polynomial:
        """What a move adds and takes away, which is 0."""
        under, limits = self.under(move.limits)
        inside = replace(self, values=under.values, ranges=under.ranges)
        scalar = inside.read(move.scalar)
        word = tuple(map(inside.letter, move.word))
        term = scalar * of_word(word)
        if isinstance(move, Rewritten):
            return (inside.rewritten(move, scalar, word) - term).summed(limits)
        if isinstance(move, Inside):
            return (inside.within_function(move, term) - term).summed(limits)
        whole = term.summed(limits)
        (name, _), *rest = inside.index(move.index)  # type: ignore[attr-defined]
        _require(not rest and name in {each for each, _, _ in limits}, f"no sum runs over {name}")
        made = ZERO
        for each, value in whole.terms:
            made += inside.resummed(move, name, each).scaled(value)
        return made - whole

    # --- rules ------------------------------------------------------------------------------------

    def rewritten(self, move: Rewritten, scalar: Polynomial, word: Word) -> Polynomial:
        """The term with the right-hand side of a rule in place of its left-hand side."""
        _require(move.rule in self.rules, f"the rule for {move.rule.lhs} is none of those that may be used")
        values = {index: self.index(value) for index, value in move.values}
        _require(values.keys() == {*move.rule.indices}, f"the rule for {move.rule.lhs} has other indices")
        at = Reader({**self.outside, **values}, self.ranges)
        for symbol, first, last in move.rule.ranges:
            ends = at.index(first), at.index(last)
            _require(
                within(values[symbol], ends, self.ranges),
                _beyond(move.rule, f"index {symbol}", values[symbol]),
            )
        left, right = tuple(at.letters(move.rule.lhs)), at.read(move.rule.rhs)
        for index, counted, ranges in at.met:
            low, high = ENDS[counted]
            known = Reader().index(low), None if high is None else Reader().index(high)
            _require(within(index, known, ranges), _beyond(move.rule, counted.value, index))
        if move.inside:
            inner = tuple(map(self.letter, move.inside))
            made = _replaced(inner, move.position, left, right)
            _require(all(not each.word for each, _ in made.terms), "an inner product is no scalar any more")
            return _exchanged(scalar, ("inner", min(inner, transposed(inner))), made) * of_word(word)
        if move.position is not None:
            return scalar * _replaced(word, move.position, left, right)
        _require(len(left) == 1, "a scalar is one head")
        return _exchanged(scalar, ("head", *left[0]), right) * of_word(word)

    def within_function(self, move: Inside, term: Polynomial) -> Polynomial:
        """The term with the argument of an exponential or a logarithm replaced by what equals it."""
        (argument,) = move.factor.args
        follower = replace(self, before=dict(move.trace.before_derivatives))
        reached = follower.reached(argument, move.trace.moves)
        before = self.read(move.factor)
        if isinstance(move.factor, exp):
            return term * raised(before, ONE.scaled(Fraction(-1))) * exponential(reached)
        ((only, _),) = before.terms
        ((atom, _),) = only.powers
        _require(before == power(atom), f"{text(move.factor)} is no logarithm that stands by itself")
        return _exchanged(term, atom, logarithm(reached.renamed))

    # --- sums -------------------------------------------------------------------------------------

    def resummed(self, move: Move, name: str, term: Monomial) -> Polynomial:
        """A term with one of its sums contracted, counted, or over another range."""
        ((_, first, last),) = (each for each in term.limits if each[0] == name)
        others = tuple(each for each in term.limits if each[0] != name)
        if isinstance(move, Contracted):
            return self._contracted(term, name, self.index(move.value), (first, last), others)
        if isinstance(move, Counted):
            summand = Monomial(term.powers, term.word)
            _require(not _holds(summand, others, name), f"the summand holds {name}")
            _require(at_most(first, shifted(last, 1), self.ranges), f"the sum over {name} may be empty")
            number_of = of_index(shifted(index_sum((last, 1), (first, -1)), 1))
            return (Polynomial(((summand, Fraction(1)),)) * number_of).summed(others)
        if isinstance(move, WrittenOut):
            steps = range(_whole(index_sum((last, 1), (first, -1))) + 1)
            one = Polynomial(((Monomial(term.powers, term.word), Fraction(1)),))
            terms = (substituted(one, {name: shifted(first, step)}) for step in steps)
            return sum(terms, ZERO).summed(others)
        _require(isinstance(move, Reindexed), "no law for such a move")
        return self._reindexed(move, name, term, (first, last), others)  # type: ignore[arg-type]

    def _contracted(
        self, term: Monomial, name: str, value: Index, ends: tuple[Index, Index], others: Limits
    ) -> Polynomial:
        gap = index_sum((((name, 1),), 1), (value, -1))
        joined = [
            atom
            for atom, exponent in term.powers
            if atom[0] == "equal" and (exponent.number or 0) > 0
            if index_sum((atom[1], 1), (atom[2], -1)) in (gap, index_sum((gap, -1)))
        ]
        _require(bool(joined), f"no factor says that {name} is {index_text(value)}")
        _require(name not in dict(value), f"{name} is set equal to something that holds it")
        ranges = {each: both for each, both in self.ranges.items() if each != name}
        _require(within(value, ends, ranges), f"{index_text(value)} may lie outside of the sum over {name}")
        kept = Monomial(tuple(each for each in term.powers if each[0] != joined[0]), term.word, others)
        return substituted(Polynomial(((kept, Fraction(1)),)), {name: value})

    def _reindexed(
        self, move: Reindexed, name: str, term: Monomial, ends: tuple[Index, Index], others: Limits
    ) -> Polynomial:
        _require(not any(name in dict(end) for _, *both in others for end in both), f"an end holds {name}")
        shift, first, last = (self.index(each) for each in (move.shift, move.first, move.last))
        low, high = (index_sum((end, 1), (shift, 1)) for end in ends)
        for start, end in ((low, high), (first, last)):
            _require(
                at_most(start, shifted(end, 1), self.ranges), f"a sum over {name} may end before it begins"
            )
        extra, missing = (_whole(index_sum((a, 1), (b, -1))) for a, b in ((high, last), (low, first)))
        summand = Polynomial(((Monomial(term.powers, term.word), Fraction(1)),))
        moved = substituted(summand, {name: index_sum((((name, 1),), 1), (shift, -1))})
        total = moved.summed(((name, first, last),))
        beyond = [(1, shifted(last, step)) for step in range(1, extra + 1)]
        short = [(-1, shifted(last, -step)) for step in range(-extra)]
        cut = [(-1, shifted(first, step)) for step in range(missing)]
        ahead = [(1, shifted(first, -step)) for step in range(1, 1 - missing)]
        for sign, at in (*beyond, *short, *cut, *ahead):
            total += substituted(moved, {name: at}).scaled(Fraction(sign))
        return total.summed(others)


def _beyond(rule: Rule, what: str, index: Index) -> str:
    used = f"the rule for {text(rule.lhs)} is used at {index_text(index)} as the {what}"
    return f"{used}, which may lie outside of its range"


def _whole(index: Index) -> int:
    _require(index == number(dict(index).get("", 0)), "two ends do not differ by a whole number")
    return dict(index).get("", 0)


def _holds(term: Monomial, limits: Limits, name: str) -> bool:
    polynomial = Polynomial(((term, Fraction(1)),)).summed(limits)
    return substituted(polynomial, {name: (("another", 1),)}) != polynomial


def _replaced(word: Word, position: int | None, left: Word, right: Polynomial) -> Polynomial:
    _require(position is not None and position >= 0, "a place in a word is a number")
    assert position is not None  # noqa: S101 -- just required
    end = position + len(left)
    _require(word[position:end] == left, "the left-hand side of the rule does not stand there")
    return of_word(word[:position]) * right * of_word(word[end:])


def _exchanged(polynomial: Polynomial, atom: Atom, value: Polynomial) -> Polynomial:
    """Powers of an atom replaced by those of a value."""
    found, parts = False, []
    for term, coefficient in polynomial.terms:
        own = dict(term.powers)
        exponent = own.pop(atom, ZERO)
        found = found or bool(exponent.terms)
        rest = Polynomial(((Monomial(tuple(own.items()), term.word, term.limits), coefficient),))
        parts.append(rest * raised(value.fresh(), exponent))
    _require(found, f"{atom!r} is no factor of the term")
    return Polynomial.total(parts)
