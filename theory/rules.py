"""Equations used from left to right: ``lhs = rhs`` matched against concrete symbols.

A rule's left-hand side is one head (``s_k(A_l)``) or a product of two (``A_{l+1} M_l``). Its index
symbols (those in ``indices``) match anything: ``A_{l+1}`` matches ``A_7`` with l = 6. A rule that
is only claimed on a range (depth scaling on the non-empty products, say) is not applied outside it,
nor to a summation index that may leave it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sympy import Eq, Expr, Integer, Mul, Pow, Symbol, expand

from theory.notation import N, head_of

__all__ = ["Range", "Rule", "match", "rewrite"]

Range = tuple[Expr, Expr]
"""The first and the last value that an index takes."""

_BEYOND_TWO = Symbol("N-2", integer=True, nonnegative=True)


@dataclass(frozen=True)
class Rule:
    """``lhs = rhs`` for all values of ``indices``, those in ``ranges`` only between their two ends.

    Ends are compared for depths N ≥ 2; a chain of one factor has no partial products to speak of.
    """

    lhs: Expr
    rhs: Expr
    indices: tuple[Symbol, ...] = ()
    ranges: tuple[tuple[Symbol, Expr, Expr], ...] = ()

    def __post_init__(self) -> None:
        """Refuse a left-hand side that is not one or two heads."""
        if not 1 <= len(self.pattern) <= 2 or any(head_of(atom) is None for atom in self.pattern):
            message = f"the left-hand side {self.lhs} of a rule must be one head or a product of two"
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
        for index, first, last in self.ranges:
            lowest = highest = values[index]
            for variable, (start, end) in limits.items():
                descending = expand(values[index]).coeff(variable).is_negative  # as in A_{N-l}
                least, greatest = (end, start) if descending else (start, end)
                lowest = lowest.xreplace({variable: least})
                highest = highest.xreplace({variable: greatest})
            if not (_at_most(first, lowest) and _at_most(highest, last)):
                return False
        return True


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
            elif expand(expected.subs(found) - argument) != 0:
                return None
    return found


def rewrite(atoms: tuple[Expr, ...], rules: Sequence[Rule], limits: Mapping[Symbol, Range]) -> Expr | None:
    """Rewrite a head, or two neighbours of a word, by the first rule that matches, if any."""
    for rule in rules:
        if len(rule.pattern) != len(atoms):
            continue
        values = match(rule.pattern, atoms, rule.indices)
        if values is not None and rule.covers(values, limits):
            return rule.rhs.subs(values, simultaneous=True)
    return None


def _at_most(low: Expr, high: Expr) -> bool:
    difference = expand((high - low).xreplace({N: _BEYOND_TWO + 2}))
    return difference.is_nonnegative is True
