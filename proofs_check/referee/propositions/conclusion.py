"""What propositions conclude of an example, and what they assume of it, evaluated at its point."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from flint import arb
from sympy import Integer, Symbol

from jacspec.numerics.support.precision import current_bits
from jacspec.proofs_check.claims.claim import Claim, Statement
from jacspec.proofs_check.claims.margin import START_BITS, Bound, Margin, Truth
from jacspec.proofs_check.interpretation import Interpretation
from jacspec.proofs_check.interpretation.propositions import (
    Sides,
    holds_at,
    instances,
    is_about,
    sides_at,
)
from jacspec.theory import Assumption, Relation
from jacspec.theory.derivations.assumption import Condition
from jacspec.theory.derivations.proposition import Proposition
from jacspec.theory.notation.symbols import epsilon

__all__ = ["Case", "StatedConclusion", "searched", "without"]

_MARGINS = {Truth.HOLDS: arb(1), Truth.FAILS: arb(-1), Truth.UNDECIDED: arb(0, 1)}

PointOf = Callable[..., Interpretation]


@dataclass
class _Points:
    """The point of an example; of the last one it is remembered, with the values that it has computed."""

    make: PointOf
    last: tuple[int, tuple[Any, ...], Interpretation] | None = None

    def __call__(self, example: Mapping[str, Any]) -> Interpretation:
        bits, given = current_bits(), tuple(example.values())
        if self.last is not None and self.last[0] == bits:
            known = self.last[1]
            if len(known) == len(given) and all(a is b for a, b in zip(known, given, strict=True)):
                return self.last[2]
        point = self.make(**example)
        self.last = (bits, given, point)
        return point


@cache
def _said(proposition: Proposition) -> str:
    return proposition.conclusion


@dataclass(frozen=True)
class Case:
    """A proposition at some values of its indices, where its premises hold or are not seen to fail."""

    proposition: Proposition
    point: Interpretation
    values: Mapping[Symbol, int]
    sides: Sides
    assumed: Truth

    @property
    def name(self) -> str:
        """The proposition, and the values of its indices."""
        at = ", ".join(f"${symbol} = {value}$" for symbol, value in self.values.items())
        return f"{_said(self.proposition)} at {at}"

    @property
    def margin(self) -> Bound | Margin | arb:
        """That of its relation; undecided where a premise is."""
        return self.sides.margin if self.assumed is Truth.HOLDS else _MARGINS[self.assumed]


@dataclass(frozen=True)
class StatedConclusion:
    """Margins of propositions at the point of an example, for all values of their indices.

    Where a premise about an index fails, or a symbol has no value, nothing is said of that value. ``whole``
    are the premises about the example as a whole, which its hypotheses test; ``dropped`` names premises that
    are not asked for. ``beside`` is a second witness: what it says of the example must hold too.
    """

    propositions: tuple[Proposition, ...]
    points: _Points
    whole: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()
    beside: Statement | None = None
    bits: int = START_BITS
    """The precision of the first evaluation: fewer bits decide no equation."""

    def __call__(self, **example: Any) -> Iterator[tuple[str, Any]]:
        """The margins, by the names of the propositions and the values of their indices."""
        point = self.points(example)
        found = False
        for proposition in self.propositions:
            for case in self.cases(proposition, point):
                found = True
                yield case.name, case.margin
        if found and self.beside is not None:
            beside = self.beside(**example)
            yield from beside.items() if isinstance(beside, Mapping) else beside  # type: ignore[misc]

    def cases(self, proposition: Proposition, point: Interpretation) -> Iterator[Case]:
        """Where the proposition says something of the point."""
        asked = [each for each in proposition.given if each.title not in self.whole | self.dropped]
        about = [each for each in asked if is_about(each, proposition)]
        every = list(instances(proposition, point))
        whole = {holds_at(each, point, {}) for each in asked if each not in about} if every else set()
        for values in every if Truth.FAILS not in whole else ():
            truths = whole | {holds_at(each, point, values) for each in about}
            if Truth.FAILS in truths:
                continue
            sides = sides_at(proposition, point, values)
            if sides is not None:
                assumed = Truth.UNDECIDED if Truth.UNDECIDED in truths else Truth.HOLDS
                yield Case(proposition, point, values, sides, assumed)

    def without(self, names: Sequence[str]) -> StatedConclusion:
        """The same without some of the premises."""
        return replace(self, dropped=self.dropped | frozenset(names))


@dataclass(frozen=True)
class _Premise:
    """Whether a premise holds at the point of an example; of one about an index: somewhere."""

    assumption: Assumption
    about: tuple[Proposition, ...]
    points: _Points
    bits: int

    def __call__(self, **example: Any) -> arb:
        point = self.points(example)
        if not self.about:
            return _MARGINS[holds_at(self.assumption, point, {})]
        truths = set()
        for proposition in self.about:
            for values in instances(proposition, point):
                truths.add(holds_at(self.assumption, point, values))
                if Truth.HOLDS in truths:
                    return _MARGINS[Truth.HOLDS]
        return _MARGINS[Truth.UNDECIDED if Truth.UNDECIDED in truths else Truth.FAILS]


def _reached(proposition: Proposition) -> Proposition:
    """A limit as ε → 0, where it is reached: an equality under the premises at ε = 0."""
    if proposition.relation is not Relation.LIMIT or proposition.towards[0] != epsilon:
        return proposition
    given = tuple(map(_without_error, proposition.given))
    return replace(proposition, relation=Relation.EQUAL, given=given)


def _without_error(assumption: Assumption) -> Assumption:
    """The premise at ε = 0, where what it says to hold in the limit is an equality."""
    zero = {epsilon: Integer(0)}
    rules = tuple(
        replace(rule, lhs=rule.lhs.xreplace(zero), rhs=rule.rhs.xreplace(zero)) for rule in assumption.rules
    )
    conditions = tuple(_condition_without_error(each) for each in assumption.conditions)
    at_zero = replace(assumption, rules=rules, conditions=conditions)
    return assumption if at_zero == assumption else replace(at_zero, title=f"{assumption.title}, $ε = 0$")


def _condition_without_error(condition: Condition) -> Condition:
    left, right = (side.xreplace({epsilon: Integer(0)}) for side in (condition.left, condition.right))
    reached = condition.relation is Relation.LIMIT and condition.towards[0] == epsilon
    relation = Relation.EQUAL if reached else condition.relation
    return replace(condition, left=left, relation=relation, right=right)


def without(claim: Claim, names: Sequence[str]) -> Claim:
    """The claim without some of its hypotheses."""
    kept = {name: each for name, each in claim.hypotheses.items() if name not in names}
    relaxed = {name: each for name, each in claim.relaxed.items() if name in kept}
    conclusion = claim.conclusion
    if isinstance(conclusion, StatedConclusion):
        conclusion = conclusion.without(names)
    return replace(claim, hypotheses=kept, relaxed=relaxed, conclusion=conclusion)


def searched(
    propositions: Sequence[Proposition],
    at: PointOf,
    hypotheses: Mapping[str, Statement] | None = None,
    beside: Statement | None = None,
) -> dict[str, Any]:
    """The fields of a claim that says what its propositions say, of the points of its examples.

    Parameters
    ----------
    propositions:
        What the claim says.
    at:
        Function of an example's values, by name, that returns the point at which it is evaluated.
    hypotheses:
        By name, what is assumed beside the premises.
    beside:
        A second witness, like a claim's conclusion: for what the point does not cover.
    """
    points, reached = _Points(at), tuple(map(_reached, propositions))
    common = [each for each in reached[0].given if all(each in other.given for other in reached)]
    tested = [each for each in common if each.says]
    whole = [each for each in tested if not any(is_about(each, other) for other in reached)]
    equations = any(each.rules for each in tested) or any(not each.relation.is_inequality for each in reached)
    bits = 2 * START_BITS if equations else START_BITS
    made: dict[str, Statement] = {
        each.title: _Premise(each, () if each in whole else reached, points, bits) for each in tested
    }
    titles = frozenset(each.title for each in whole)
    return {
        "propositions": tuple(propositions),
        "conclusion": StatedConclusion(reached, points, titles, beside=beside, bits=bits),
        "hypotheses": {**made, **(hypotheses or {})},
    }
