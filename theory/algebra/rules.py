"""Equations used from left to right: ``lhs = rhs`` matched against concrete symbols.

A rule's left-hand side is one head (``s_k(A_l)``) or a product of two (``A_{l+1} M_l``). Its index
symbols (those in ``indices``) match anything: ``A_{l+1}`` matches ``A_7`` with l = 6. A rule that
is only claimed on a range (depth scaling on the non-empty products, say) is not applied outside it,
nor to a summation index that may leave it. What an index matches is put in everywhere at once, and is
never captured by a summation of the right-hand side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sympy import Dummy, Eq, Expr, Integer, Mul, Pow, Sum, Symbol, expand

from jacspec.theory.notation.heads import head_of
from jacspec.theory.notation.symbols import N

__all__ = ["Range", "Rule", "match", "rewrite", "surely_within"]

Range = tuple[Expr, Expr]
"""The first and the last value that an index takes."""

_BEYOND_TWO = Symbol("N-2", integer=True, nonnegative=True)


@dataclass(frozen=True)
class Rule:
    """``lhs = rhs`` for all values of ``indices``, those in ``ranges`` only between their two ends.

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

    def covers(self, values: Mapping[Symbol, Expr], limits: Mapping[Symbol, Range]) -> bool:
        """Decide whether the rule is claimed at these index values, given what they run over."""
        return all(surely_within(values[index], (first, last), limits) for index, first, last in self.ranges)

    @cached_property
    def _right(self) -> Expr:
        """The right-hand side with summation indices that occur nowhere else."""
        return _with_own_indices(self.rhs)

    def right(self, values: Mapping[Symbol, Expr]) -> Expr:
        """The right-hand side at these index values."""
        return self._right.xreplace(values)


def _with_own_indices(expression: Expr) -> Expr:
    if not expression.has(Sum):
        return expression
    renamed = expression.func(*map(_with_own_indices, expression.args))
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


def rewrite(atoms: tuple[Expr, ...], rules: Sequence[Rule], limits: Mapping[Symbol, Range]) -> Expr | None:
    """Rewrite a head, or two neighbours of a word, by the first rule that matches, if any."""
    for rule in rules:
        if len(rule.pattern) != len(atoms):
            continue
        values = match(rule.pattern, atoms, rule.indices)
        if values is not None and rule.covers(values, limits):
            return rule.right(values)
    return None


def surely_within(value: Expr, ends: Range, limits: Mapping[Symbol, Range]) -> bool:
    """Whether an index lies between two ends for all depths N ≥ 2, whatever its variables run over.

    False also where that cannot be told.
    """
    first, last = ends
    return _at_most(first, value, limits) and _at_most(value, last, limits)


def _at_most(low: Expr, high: Expr, limits: Mapping[Symbol, Range]) -> bool:
    difference = expand(high - low)
    # An end may hold another variable; the depth of nesting bounds the number of rounds.
    for _ in range(len(limits)):
        for variable, (start, end) in limits.items():
            if variable not in difference.free_symbols:
                continue
            slope = difference.diff(variable)
            if slope.is_Integer:
                least = end if slope.is_negative else start  # as in A_{N-l}
                difference = expand(difference.xreplace({variable: least}))
    difference = expand(difference.xreplace({N: _BEYOND_TWO + 2}))
    return difference.is_nonnegative is True
