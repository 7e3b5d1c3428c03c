"""What propositions conclude of an example, and what they assume of it, evaluated at its point."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from flint import arb
from sympy import Expr, Symbol

from jacspec.numerics.spectra.independent import usage
from jacspec.numerics.support.precision import current_bits
from jacspec.proofs_check.claims.claim import Claim, Statement
from jacspec.proofs_check.claims.exact_values import unshared
from jacspec.proofs_check.claims.margin import START_BITS, Bound, Margin, Margins, Truth
from jacspec.proofs_check.interpretation import Interpretation
from jacspec.proofs_check.interpretation.index_values import instances
from jacspec.proofs_check.interpretation.propositions import Sides, holds_at, is_about, sides_at
from jacspec.proofs_check.referee.propositions.vanishing import (
    AtSmallLevel,
    differing_at,
    holds_by_level,
    reached,
    stays_apart,
)
from jacspec.theory import Assumption, Relation
from jacspec.theory.derivations.proposition import Proposition
from jacspec.theory.notation.printing import text
from jacspec.theory.notation.symbols import epsilon

_MARGINS = {Truth.HOLDS: arb(1), Truth.FAILS: arb(-1), Truth.UNDECIDED: arb(0, 1)}

PointOf = Callable[..., Interpretation]


@dataclass
class _Points:
    """The point of an example; of the last one it is remembered, with the values that it has computed.

    A second opinion has a point of its own: it is handed nothing that the first computed.
    """

    make: PointOf
    last: tuple[int, tuple[Any, ...], Interpretation] | None = None

    def __call__(self, example: Mapping[str, Any]) -> Interpretation:
        if usage.get() is not None:
            return self.fresh(example)
        bits, given = current_bits(), tuple(example.values())
        if self.last is not None and self.last[0] == bits:
            known = self.last[1]
            if len(known) == len(given) and all(a is b for a, b in zip(known, given, strict=True)):
                return self.last[2]
        point = self.fresh(example)
        self.last = (bits, given, point)
        return point

    def fresh(self, example: Mapping[str, Any]) -> Interpretation:
        """A point that has computed nothing, made of copies."""
        return self.make(**unshared(example))


@cache
def _named(symbol: Symbol) -> str:
    return text(symbol)


@dataclass(frozen=True)
class Case:
    """A proposition at some values of its indices, where its premises hold or are not seen to fail."""

    proposition: Proposition
    point: Interpretation
    values: Mapping[Symbol, int]
    sides: Sides
    assumed: Truth
    level: Expr | None = None
    """Of a limit as ε → 0: the single ε at which it was looked at, as its premises hold at no other."""

    @property
    def name(self) -> str:
        """The proposition, and the values of its indices."""
        values = {**self.values, epsilon: self.level} if self.level is not None else self.values
        at = ", ".join(f"${_named(symbol)} = {value}$" for symbol, value in values.items())
        return f"{self.proposition.conclusion} at {at}"

    @property
    def is_certain(self) -> bool:
        """Whether it fails for good where it certainly fails: a limit, all the way to its end."""
        said = self.proposition
        if isinstance(said, AtSmallLevel) and (self.level is not None or not said.is_seen):
            return False
        return said.relation is not Relation.LIMIT or stays_apart(said, self.point, self.values)

    @property
    def stays_away(self) -> bool:
        """Whether a limit that fails comes no nearer at all, as far as its point goes."""
        return self.sides.relation is not Relation.LIMIT or not self.sides.comes_nearer

    @property
    def margin(self) -> Bound | Margin | arb:
        """That of its relation; undecided where a premise is."""
        return self.sides.margin if self.assumed is Truth.HOLDS else _MARGINS[self.assumed]


@dataclass(frozen=True)
class StatedConclusion:
    """Margins of propositions at the point of an example, for all values of their indices.

    Where a premise about an index fails, or a symbol has no value, nothing is said of that value. ``whole``
    are the premises about the example as a whole, which its hypotheses test; ``dropped`` names premises that
    are not asked for. ``stated`` are the propositions as the claim shows them. ``beside`` is a second
    witness: what it says of the example must hold too.
    """

    propositions: tuple[Proposition, ...]
    points: _Points
    whole: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()
    beside: Statement | None = None
    stated: tuple[Proposition, ...] = ()
    bits: int = START_BITS
    """The precision of the first evaluation: fewer bits decide no equation."""

    def __post_init__(self) -> None:
        """Refuse other propositions than those that the claim shows."""
        if self.propositions != tuple(map(reached, self.stated)):
            message = "what it evaluates are not the propositions that it states"
            raise ValueError(message)

    def __call__(self, **example: Any) -> Iterator[tuple[str, Any]]:
        """The margins, by the names of the propositions and the values of their indices."""
        point = self.points(example)
        found = False
        for proposition in self.propositions:
            for case in self.cases(proposition, point):
                found = True
                yield case.name, case.margin
        if found and self.beside is not None:
            beside = self.beside(**unshared(example))
            yield from beside.items() if isinstance(beside, Mapping) else beside  # type: ignore[misc]

    def cases(self, proposition: Proposition, point: Interpretation) -> Iterator[Case]:
        """Where the proposition says something of the point."""
        asked = [each for each in proposition.given if each.title not in self.whole | self.dropped]
        about = [each for each in asked if is_about(each, proposition)]
        every = list(instances(proposition, point))
        whole = {holds_at(each, point, {}) for each in asked if each not in about} if every else set()
        for values in every:
            truths = (
                whole if Truth.FAILS in whole else whole | {holds_at(each, point, values) for each in about}
            )
            if Truth.FAILS in truths:
                if isinstance(proposition, AtSmallLevel) and not self.dropped:
                    for level, apart in differing_at(proposition, point, values):
                        yield Case(proposition, point, values, apart, Truth.HOLDS, level)
                continue
            sides = sides_at(proposition, point, values)
            if sides is not None:
                assumed = Truth.UNDECIDED if Truth.UNDECIDED in truths else Truth.HOLDS
                yield Case(proposition, point, values, sides, assumed)

    def is_open(self, example: Mapping[str, Any], *, certified: bool) -> bool:
        """Whether all that certainly fails at an example are limits that may yet be reached, or beside it.

        A limit that is ``certified`` to fail has to stay away where it is evaluated, too.
        """
        point = self.points(example)
        cases = (case for each in self.propositions for case in self.cases(each, point))
        failing = [case for case in cases if case.assumed is Truth.HOLDS and case.sides.ball < 0]
        if not failing:
            return self.beside is not None
        return not any(case.stays_away if certified else case.is_certain for case in failing)

    def speaks_of(self, position: int, example: Mapping[str, Any]) -> bool:
        """Whether the premises of the proposition at that position hold at some values of its indices."""
        cases = self.cases(self.propositions[position], self.points(example))
        return any(case.assumed is Truth.HOLDS for case in cases)

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


def applied(statement: Statement, example: Mapping[str, Any]) -> Margins:
    """What a statement of a claim says of an example, which it cannot change for the next one.

    A function of the claim's author gets copies; what is evaluated at a point knows it by its example.
    """
    at_points = isinstance(statement, StatedConclusion | _Premise)
    return statement(**(example if at_points else unshared(example)))


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
    points, limits = _Points(at), tuple(map(reached, propositions))
    common = [each for each in limits[0].given if all(each in other.given for other in limits)]
    levels = {each.title for other in limits for each in other.given if holds_by_level(other, each)}
    tested = [each for each in common if each.says and each.title not in levels]
    whole = [each for each in tested if not any(is_about(each, other) for other in limits)]
    relations = [said.relation for each in common for said in each.says]
    equations = not all(each.is_inequality for each in (*relations, *(each.relation for each in limits)))
    bits = 2 * START_BITS if equations else START_BITS
    made: dict[str, Statement] = {
        each.title: _Premise(each, () if each in whole else limits, points, bits) for each in tested
    }
    titles = frozenset(each.title for each in whole)
    return {
        "propositions": tuple(propositions),
        "conclusion": StatedConclusion(
            limits, points, titles, beside=beside, stated=tuple(propositions), bits=bits
        ),
        "hypotheses": {**made, **(hypotheses or {})},
    }
