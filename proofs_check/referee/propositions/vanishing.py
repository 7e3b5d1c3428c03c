"""Limits as ε → 0: what they say at every small ε, everything else held fixed.

A premise holds at every small ε if it does so by each power of ε: then an example stands for a family, along
which the limit is reached or certainly is not. Of a single ε at which premises hold, however small, nothing
follows; where the sides differ there, the limit stays open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from flint import arb
from sympy import Expr, Integer, Symbol
from sympy.core.function import AppliedUndef

from jacspec.proofs_check.claims.margin import Truth
from jacspec.proofs_check.interpretation import Interpretation, Known, evaluate, norm
from jacspec.proofs_check.interpretation.index_values import claimed_at
from jacspec.proofs_check.interpretation.propositions import Sides, holds_at, sides_at
from jacspec.proofs_check.interpretation.small_level import (
    AtSomeSmallLevels,
    at_level,
    at_small,
    levels,
    powers,
    speaks_of_level,
)
from jacspec.proofs_check.interpretation.values import as_scalar
from jacspec.theory import Assumption, Relation, Rule
from jacspec.theory.algebra.definitions import introduced
from jacspec.theory.algebra.rules import substituted
from jacspec.theory.derivations.proposition import Proposition
from jacspec.theory.notation.heads import Head, Kind
from jacspec.theory.notation.symbols import epsilon

_AT_SMALL = ", at every small $ε$"
_NEAR = arb(0.5, 0.5) / 2**20
"""All values of a variable between 0 and 2^-20."""


@dataclass(frozen=True)
class AtSmallLevel(Proposition):
    """A limit as ε → 0, at every small ε; ``stated`` is the limit itself."""

    stated: Proposition | None = field(default=None, repr=False)

    @property
    def conclusion(self) -> str:
        """That of the limit itself."""
        return super().conclusion if self.stated is None else self.stated.conclusion

    @property
    def is_seen(self) -> bool:
        """Whether its premises hold at every small ε where they are seen to."""
        return not any(isinstance(each, AtSomeSmallLevels) for assumed in self.given for each in assumed.says)


def reached(proposition: Proposition) -> Proposition:
    """A limit as ε → 0 where it is reached: an equality at ε = 0, if its sides are sums of powers of ε."""
    if proposition.relation is not Relation.LIMIT or proposition.towards[0] != epsilon:
        return proposition
    stated = _with_definitions(proposition)
    gap = powers(stated.left - stated.right)
    left, right, relation = stated.left, stated.right, Relation.LIMIT
    if gap is not None and not any(power < 0 for power in gap):
        left, right = (side.xreplace({epsilon: Integer(0)}) for side in (left, right))
        relation = Relation.EQUAL
    given = tuple(map(_premise, stated.given))
    return AtSmallLevel(left, relation, right, given, stated.domain, named=stated.named, stated=proposition)


def holds_by_level(proposition: Proposition, assumption: Assumption) -> bool:
    """Whether a premise of a limit may hold at some ε only: the limit asks for it, no hypothesis does."""
    return isinstance(proposition, AtSmallLevel) and assumption.title.endswith(_AT_SMALL)


def _premise(assumption: Assumption) -> Assumption:
    small = at_small(assumption)
    if small.conditions == assumption.says:
        return assumption
    how = _AT_SMALL if speaks_of_level(assumption) else ", $ε = 0$"
    return replace(small, title=f"{assumption.title}{how}")


@cache
def _with_definitions(proposition: Proposition) -> Proposition:
    """With the numbers that premises define by ε as what they are."""
    for assumed in proposition.given:
        for rule in assumed.rules:
            at_one = replace(rule, rhs=rule.rhs.xreplace({epsilon: Integer(1)}))
            head = introduced(at_one) if rule.rhs.has(epsilon) else None
            if head is not None and head.kind is Kind.SCALAR and not rule.rhs.has(rule.lhs.func):
                proposition = _inserted(proposition, rule)
    return proposition


def _inserted(proposition: Proposition, rule: Rule) -> Proposition:
    def inserted(side: Expr) -> Expr:
        atoms = (atom for atom in side.atoms(AppliedUndef) if atom.func == rule.lhs.func)
        return side.xreplace(
            {atom: substituted(rule.rhs, dict(zip(rule.lhs.args, atom.args, strict=True))) for atom in atoms}
        )

    given = []
    for assumed in proposition.given:
        said = [
            replace(each, left=inserted(each.left), right=inserted(each.right))
            for each in assumed.says
            if (each.left, each.right) != (rule.lhs, rule.rhs)
        ]
        given.append(
            assumed
            if not any(each.left.has(rule.lhs.func) or each.right.has(rule.lhs.func) for each in assumed.says)
            else replace(assumed, rules=(), positive=(), conditions=tuple(said))
        )
    left, right = inserted(proposition.left), inserted(proposition.right)
    return replace(proposition, left=left, right=right, given=tuple(given))


def differing_at(
    proposition: AtSmallLevel, point: Interpretation, values: Mapping[Symbol, int]
) -> Iterator[tuple[Expr, Sides]]:
    """An ε > 0 at which the premises hold, though not at every small one, and the sides certainly differ."""
    if proposition.stated is None:
        return
    stated = _with_definitions(proposition.stated)
    for level in levels(_sums(stated, point, values)):
        given = [at_level(each, level) for each in stated.given]
        at = {epsilon: level}
        left, right = stated.left.xreplace(at), stated.right.xreplace(at)
        if all(holds_at(each, point, values) is Truth.HOLDS for each in given):
            sides = sides_at(replace(stated, left=left, right=right, relation=Relation.EQUAL), point, values)
            if sides is not None and sides.ball < 0:
                yield level, sides
                return


def _sums(stated: Proposition, point: Interpretation, values: Mapping[Symbol, int]) -> Iterator[list[float]]:
    """Of what the premises say, both sides' difference as a polynomial in ε, at the point."""
    for condition in (each for assumed in stated.given for each in assumed.says):
        found = powers(condition.left - condition.right)
        if not found or not all(power.is_Integer and power >= 0 for power in found):
            continue
        for inside in claimed_at(condition, point, {**point.indices, **values}):
            series = [0.0] * (int(max(found)) + 1)
            for power, coefficient in found.items():
                value = evaluate(coefficient, point, {**values, **inside})
                if isinstance(value, arb):
                    series[int(power)] = float(value.mid())
            yield series


class _Along(Interpretation):
    """A point at which a variable takes all values near its limit at once."""

    def __init__(self, point: Interpretation, variable: Symbol, all_values: arb) -> None:
        super().__init__(point.depth, point.width, point.indices)
        self._point, self._variable, self._all = point, variable, all_values

    def head(self, head: Head, indices: tuple[int, ...]) -> Known:
        """Return what it is at the point."""
        return self._point.head(head, indices)

    def velocity(self, head: Head, indices: tuple[int, ...]) -> Known:
        """Return what it is at the point."""
        return self._point.velocity(head, indices)

    def symbol(self, name: str) -> Known:
        """Return all values of the variable, and of another symbol the point's."""
        return self._all if name == self._variable.name else self._point.symbol(name)


def stays_apart(proposition: Proposition, point: Interpretation, values: Mapping[Symbol, int]) -> bool:
    """Whether the sides of a limit keep a distance all the way: a ball around all of it excludes 0."""
    variable, end = proposition.towards
    if end.is_infinite or point.nearer(variable):
        return False
    along = _Along(point, variable, as_scalar(evaluate(end, point, values)) + _NEAR)
    try:
        return bool(norm(evaluate(proposition.left - proposition.right, along, values)) > 0)
    except (ValueError, ZeroDivisionError):
        return False
