"""Expressions of the notation read into polynomials of words, node by node; no operation of SymPy is used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import count

from sympy import (
    Abs,
    Add,
    Dummy,
    Expr,
    Integer,
    KroneckerDelta,
    Mul,
    Pow,
    Rational,
    Sum,
    Symbol,
    exp,
    log,
    sinh,
)

from jacspec.theory.notation.heads import Argument, Kind, head_of
from jacspec.theory.notation.words import D, Inner
from jacspec.theory.traces.derivatives import derivative
from jacspec.theory.traces.indices import Index, Ranges, index_sum, number
from jacspec.theory.traces.polynomials import (
    EULER,
    ONE,
    ZERO,
    Letter,
    Limits,
    Polynomial,
    constant,
    equal,
    of_index,
    of_word,
    power,
    raised,
)

_COUNT = count()


class UnreadableError(ValueError):
    """What stands outside of the notation that a trace speaks of."""


@dataclass(frozen=True)
class Reader:
    """Reads expressions; indices are ``values`` where they are not names, and names have ``ranges``.

    ``met`` collects every argument of a head, what it counts, and the ranges where it stands.
    """

    values: Mapping[Symbol, Index] = field(default_factory=dict)
    ranges: Ranges = field(default_factory=dict)
    met: list[tuple[Index, Argument, Ranges]] = field(default_factory=list)

    def moving(self, expression: Expr) -> Polynomial:
        """What stands under a d/dt, as it is differentiated."""
        return self.read(expression)

    def read(self, expression: Expr) -> Polynomial:
        """The polynomial that an expression is."""
        if isinstance(expression, Rational):
            return constant(Fraction(int(expression.p), int(expression.q)))
        if isinstance(expression, Symbol):
            return of_index(self.index(expression))
        if isinstance(expression, Add):
            return Polynomial.total(map(self.read, expression.args))
        if isinstance(expression, Mul):
            total = ONE
            for part in expression.args:
                total = total * self.read(part)
            return total
        if isinstance(expression, exp):
            return exponential(self.read(expression.args[0]))
        if isinstance(expression, Pow):
            return raised(self.read(expression.base), self.read(expression.exp))
        if isinstance(expression, Sum):
            inside, limits = self.under(expression.limits)
            return inside.read(expression.function).summed(limits)
        return self._read_symbol(expression)

    def _read_symbol(self, expression: Expr) -> Polynomial:
        if isinstance(expression, KroneckerDelta):
            return equal(*map(self.index, expression.args))
        if isinstance(expression, Inner):
            found = self.read(expression.args[0])
            if any(term.word for term, _ in found.terms):
                message = f"{expression} is no scalar"
                raise UnreadableError(message)
            return found
        if isinstance(expression, D):
            return derivative(self.moving(expression.args[0]))
        if isinstance(expression, log):
            return logarithm(self.read(expression.args[0]))
        if isinstance(expression, Abs):
            return power(("function", "abs", self.read(expression.args[0]).renamed))
        if isinstance(expression, sinh):
            rate = self.read(expression.args[0])
            both = exponential(rate) - exponential(rate.scaled(Fraction(-1)))
            return both.scaled(Fraction(1, 2))
        head = head_of(expression)
        if head is None:
            message = f"{expression} is no expression of the notation"
            raise UnreadableError(message)
        letter = self.letter(expression)
        return power(("head", *letter)) if head.kind is Kind.SCALAR else of_word((letter,))

    def letter(self, expression: Expr) -> Letter:
        """A head at its indices."""
        head = head_of(expression)
        if head is None:
            message = f"{expression} is no head of the notation"
            raise UnreadableError(message)
        indices = tuple(map(self.index, expression.args))
        self.met.extend((index, what, self.ranges) for index, what in zip(indices, head.takes, strict=True))
        return head.name, indices

    def letters(self, word: Expr) -> Iterator[Letter]:
        """The heads of a word, in order."""
        if isinstance(word, Mul):
            for part in word.args:
                yield from self.letters(part)
        elif isinstance(word, Pow) and isinstance(word.exp, Integer):
            yield from [self.letter(word.base)] * int(word.exp)
        else:
            yield self.letter(word)

    def index(self, expression: Expr) -> Index:
        """A linear index."""
        if isinstance(expression, Integer):
            return number(int(expression))
        if isinstance(expression, Dummy) and expression not in self.values:
            message = f"the index {expression} is bound nowhere"
            raise UnreadableError(message)
        if isinstance(expression, Symbol):
            return self.values.get(expression, ((expression.name, 1),))
        if isinstance(expression, Add):
            return index_sum(*((self.index(part), 1) for part in expression.args))
        if isinstance(expression, Mul) and len(expression.args) == 2:
            factor, rest = expression.args
            if isinstance(factor, Integer):
                return index_sum((self.index(rest), int(factor)))
        message = f"{expression} is no index"
        raise UnreadableError(message)

    def under(self, limits: tuple[tuple[Symbol, Expr, Expr], ...]) -> tuple[Reader, Limits]:
        """The reader under sums, and their limits; the last of them is the outermost."""
        inside, found = self, []
        for symbol, first, last in reversed(limits):
            name = f"{symbol.name}~{next(_COUNT)}"
            ends = inside.index(first), inside.index(last)
            found.append((name, *ends))
            inside = replace(
                inside,
                values={**inside.values, symbol: ((name, 1),)},
                ranges={**inside.ranges, name: ends},
            )
        return inside, tuple(found)


def ranges_of(free: tuple[tuple[Symbol, Expr, Expr | None], ...]) -> Ranges:
    """The ranges of names that are free; leading directions are some of all."""
    reader = Reader()
    ranges: dict[str, tuple[Index, Index | None]] = {
        "N": (number(1), None),
        "n": (number(1), None),
        "r": (number(1), (("n", 1),)),
    }
    for symbol, first, last in free:
        if symbol.is_integer:
            ranges[symbol.name] = (reader.index(first), None if last is None else reader.index(last))
    return ranges


def exponential(rate: Polynomial) -> Polynomial:
    """The exponential of a polynomial; e^{a log x} is x^a."""
    total, rest = ONE, ZERO
    for term, value in rate.terms:
        logs = [(atom, x) for atom, x in term.powers if atom[:2] == ("function", "log") and x == ONE]
        plain = Polynomial(((term, value),))
        if len(logs) == 1:
            ((atom, _),) = logs
            total = total * raised(atom[-1], plain * power(atom, constant(-1)))
        else:
            rest = rest + plain
    return total * power(EULER, rest.renamed)


def logarithm(argument: Polynomial) -> Polynomial:
    """The logarithm of a polynomial; log e^x is x."""
    if argument == ONE:
        return ZERO
    if len(argument.terms) == 1:
        ((term, value),) = argument.terms
        if value == 1 and len(term.powers) == 1 and term.powers[0][0] == EULER:
            return term.powers[0][1]
    return power(("function", "log", argument.renamed))
