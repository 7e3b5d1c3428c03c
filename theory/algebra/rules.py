"""Equations used from left to right: ``lhs = rhs`` matched against concrete symbols.

A rule's left-hand side is one head (``s_k(A_l)``) or a product of two (``A_{l+1} M_l``). Its index
symbols (those in ``indices``) match anything in their range: ``A_{l+1}`` matches ``A_7`` with l = 6. A rule
is claimed where each of its heads stands for something (there is no factor M_{N+1}, and no s_{n+1}), or on a
narrower range of its own (depth scaling on the non-empty products, say). It is not applied outside of that,
nor to an index that may leave it. What an index matches is put in everywhere at once, and is never captured
by a summation of the right-hand side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sympy import Dummy, Eq, Expr, Integer, Mul, Pow, Sum, Symbol, expand

from jacspec.theory.algebra.remembered import hashed_once
from jacspec.theory.notation.heads import head_of
from jacspec.theory.notation.index_ranges import Ends, arguments
from jacspec.theory.notation.printing import text
from jacspec.theory.notation.symbols import N, n, r

Range = Ends
"""The first and the last value that an index takes; None if there is no last one."""

Lies = Callable[[Expr, Expr, Expr | None], bool]
"""Whether a value surely lies between two ends; without the second there is no last one."""

_BEYOND_TWO = Symbol("N-2", integer=True, nonnegative=True)
_SIZES = (r, n, N)
_RANK: Mapping[Symbol, Range] = {r: (Integer(1), n)}
"""The leading directions are some of all."""


@hashed_once
@dataclass(frozen=True)
class Rule:
    """``lhs = rhs`` for all values of ``indices`` at which it stands for something.

    ``ranges`` confine some of them to less than that; ``claimed`` is what results.

    On the left an index stands alone or with a whole number added (``l + 1``), so that what it matches
    is unique. Ends are compared for depths N ≥ 2; a chain of one factor has no partial products to
    speak of. Raises TypeError for any other left-hand side, and for an index that is not on it.
    """

    lhs: Expr
    rhs: Expr
    indices: tuple[Symbol, ...] = ()
    ranges: tuple[tuple[Symbol, Expr, Expr], ...] = ()

    def __post_init__(self) -> None:
        """Refuse a left-hand side that is not one or two heads, or whose indices cannot be solved for."""
        if not 1 <= len(self.pattern) <= 2 or any(head_of(atom) is None for atom in self.pattern):
            message = f"the left-hand side {self.lhs} of a rule must be one head or a product of two"
            raise TypeError(message)
        own = set(self.indices)
        arguments = [
            argument for atom in self.pattern for argument in atom.args if argument.free_symbols & own
        ]
        for argument in arguments:
            (index, *others) = sorted(argument.free_symbols, key=str)
            if others or not (argument - index).is_Integer:
                message = (
                    f"the index {argument} in {self.lhs} cannot be matched: expected one of "
                    f"{', '.join(map(str, self.indices))}, alone or with a whole number added"
                )
                raise TypeError(message)
        given = own | {index for index, _, _ in self.ranges}
        loose = sorted(given - {each for argument in arguments for each in argument.free_symbols}, key=str)
        if loose:
            message = f"the index {loose[0]} of a rule is not on its left-hand side {self.lhs}"
            raise TypeError(message)

    @property
    def pattern(self) -> tuple[Expr, ...]:
        """The heads of the left-hand side, in order; a square, ``D_l D_l``, is two."""
        if isinstance(self.lhs, Pow) and self.lhs.exp == Integer(2):
            return (self.lhs.base, self.lhs.base)
        return Mul.make_args(self.lhs)  # type: ignore[no-any-return]

    @property
    def equation(self) -> Eq:
        """The rule as a SymPy equation."""
        return Eq(self.lhs, self.rhs, evaluate=False)

    @cached_property
    def claimed(self) -> Mapping[Symbol, Range]:
        """For each of its indices the first and the last value for which the rule is claimed."""
        return claimed((self.lhs, self.rhs), self.indices, self.ranges)

    def outside(self, values: Mapping[Symbol, Expr], limits: Mapping[Symbol, Range]) -> OutOfRange | None:
        """The first index whose value may lie where the rule is not claimed, given what they run over."""
        for index, ends in self.claimed.items():
            if not surely_within(values[index], ends, limits):
                return OutOfRange(self, index, values[index])
        return None

    def gives(self, number: Expr, lies: Lies) -> bool:
        """Whether it says what a single head is, wherever that stands."""
        values = match(self.pattern, (number,), self.indices) if len(self.pattern) == 1 else None
        return values is not None and all(lies(values[each], *ends) for each, ends in self.claimed.items())

    @cached_property
    def _right(self) -> Expr:
        """The right-hand side with summation indices that occur nowhere else."""
        return with_own_indices(self.rhs)

    def right(self, values: Mapping[Symbol, Expr]) -> Expr:
        """The right-hand side at these index values."""
        return self._right.xreplace(values)


@dataclass(frozen=True)
class OutOfRange:
    """A use of a rule that is refused: ``index`` would be ``value``, where the rule is not claimed."""

    rule: Rule
    index: Symbol
    value: Expr

    def __str__(self) -> str:
        first, last = self.rule.claimed[self.index]
        ends = f"≥ {text(first)}" if last is None else f"in {text(first)} … {text(last)}"
        equation = f"{text(self.rule.lhs)} = {text(self.rule.rhs)}"
        return f"'{equation}' holds for {self.index} {ends}, not for {self.index} = {text(self.value)}"


def claimed(
    sides: Sequence[Expr], indices: Sequence[Symbol], ranges: Sequence[tuple[Symbol, Expr, Expr]]
) -> dict[Symbol, Range]:
    """For each index its first and last value: within the ranges, where both sides stand for something."""
    return {index: _tightest(_ends_of(index, sides, indices, ranges)) for index in indices}


def _ends_of(
    index: Symbol,
    sides: Sequence[Expr],
    indices: Sequence[Symbol],
    ranges: Sequence[tuple[Symbol, Expr, Expr]],
) -> Iterator[Range]:
    yield from ((first, last) for symbol, first, last in ranges if symbol == index)
    for side in sides:
        for _, argument, (first, last), limits in arguments(side):
            slope = argument.diff(index)
            others = argument.free_symbols & (({*indices} | limits.keys()) - {index})
            if slope in (1, -1) and not others:
                offset = argument - slope * index
                low = first - offset
                high = None if last is None else last - offset
                if slope == 1:
                    yield low, high
                elif high is not None:
                    yield -high, -low


def _tightest(ends: Iterator[Range]) -> Range:
    """The greatest of the first and the least of the last values, as far as they can be compared."""
    first, last = Integer(1), None
    lowest: Expr | None = None
    for low, high in ends:
        if lowest is None or _at_most(lowest, low, {}):
            lowest = expand(low)
        if high is not None and (last is None or _at_most(high, last, {})):
            last = expand(high)
    return first if lowest is None else lowest, last


def substituted(expression: Expr, values: Mapping[Expr, Expr]) -> Expr:
    """Values put for symbols; an index of a sum that is called like one of them is renamed."""
    met = {*values}.union(*(value.free_symbols for value in values.values()))
    captures = not met.isdisjoint(each for total in expression.atoms(Sum) for each in total.bound_symbols)
    return (with_own_indices(expression) if captures else expression).xreplace(values)


def with_own_indices(expression: Expr) -> Expr:
    """The expression with indices of its sums that occur nowhere else."""
    if not expression.has(Sum):
        return expression
    renamed = expression.func(*map(with_own_indices, expression.args))
    if not isinstance(expression, Sum):
        return renamed
    fresh = {limit[0]: Dummy(limit[0].name, integer=True, positive=True) for limit in expression.limits}
    return renamed.xreplace(fresh)


def match(
    pattern: Sequence[Expr], atoms: Sequence[Expr], indices: Sequence[Symbol]
) -> dict[Symbol, Expr] | None:
    """Return the values of ``indices`` that turn ``pattern`` into ``atoms``, if there are any."""
    found: dict[Symbol, Expr] = {}
    for wanted, given in zip(pattern, atoms, strict=True):
        # Most heads differ by their names; to compare functions takes SymPy much longer.
        if type(wanted).__name__ != type(given).__name__:
            return None
        if wanted.func != given.func or len(wanted.args) != len(given.args):
            return None
        for expected, argument in zip(wanted.args, given.args, strict=True):
            unknown = (expected.free_symbols & set(indices)) - found.keys()
            if len(unknown) == 1:
                (index,) = unknown
                found[index] = expand(argument - (expected - index))
            elif expand(expected.xreplace(found) - argument) != 0:
                return None
    return found


def rewrite(
    atoms: tuple[Expr, ...],
    rules: Sequence[Rule],
    limits: Mapping[Symbol, Range],
    refused: list[OutOfRange] | None = None,
) -> tuple[Rule, dict[Symbol, Expr]] | None:
    """The first rule that matches a head, or two neighbours of a word, and the values of its indices.

    Rules that match where they are not claimed are added to ``refused``.
    """
    for rule in rules:
        if len(rule.pattern) != len(atoms):
            continue
        values = match(rule.pattern, atoms, rule.indices)
        if values is None:
            continue
        outside = rule.outside(values, limits)
        if outside is None:
            return rule, values
        if refused is not None:
            refused.append(outside)
    return None


def surely_within(value: Expr, ends: Range, limits: Mapping[Symbol, Range]) -> bool:
    """Whether an index lies between two ends for all depths N ≥ 2, whatever its variables run over.

    False also where that cannot be told.
    """
    first, last = ends
    return _at_most(first, value, limits) and (last is None or _at_most(value, last, limits))


def _at_most(low: Expr, high: Expr, limits: Mapping[Symbol, Range]) -> bool:
    difference = expand(high - low)
    limits = {**_RANK, **limits}
    indices = [variable for variable in limits if variable not in _SIZES]
    # An end may hold another variable; the depth of nesting bounds the number of rounds. Sizes come last.
    for variable in (*indices * len(indices), *_SIZES):
        if difference.is_Integer:
            break
        if variable not in limits or variable not in difference.free_symbols:
            continue
        start, end = limits[variable]
        slope = difference.diff(variable)
        least = end if slope.is_negative else start  # as in A_{N-l}
        if slope.is_Integer and least is not None:
            difference = expand(difference.xreplace({variable: least}))
    difference = expand(difference.xreplace({N: _BEYOND_TWO + 2}))
    return difference.is_nonnegative is True
