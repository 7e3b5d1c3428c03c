"""Which equations of the assumptions' models say what a head is at a point."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sympy import Integer, Symbol

from jacspec.proofs_check.interpretation.base import Indices
from jacspec.theory import Assumption
from jacspec.theory.algebra.rules import Rule, match
from jacspec.theory.notation.heads import Head


@dataclass(frozen=True)
class Definition:
    """An equation ``head = rule.rhs`` of an assumption's model, with the values of the rule's indices."""

    assumption: str
    rule: Rule
    values: Mapping[Symbol, int]


class Models:
    """The models of the assumptions at a point of given sizes and free indices."""

    def __init__(self, assumptions: Sequence[Assumption], indices: Indices) -> None:
        self._fixed = {symbol: Integer(value) for symbol, value in indices.items()}
        # Assumptions share models: each equation counts once.
        self._rules: dict[Rule, str] = {}
        for assumption in assumptions:
            for rule in assumption.model:
                self._rules.setdefault(rule, assumption.title)

    def of(self, head: Head, indices: tuple[int, ...]) -> tuple[Definition, ...]:
        """Every equation that says what the head is; there should be one at most."""
        return tuple(self._definitions(head, indices))

    def _definitions(self, head: Head, indices: tuple[int, ...]) -> Iterator[Definition]:
        atom = head(*map(Integer, indices))
        for rule, title in self._rules.items():
            if rule.lhs.func != atom.func:
                continue
            # An index over which the rule does not range is that of the point.
            known = {symbol: value for symbol, value in self._fixed.items() if symbol not in rule.indices}
            values = match((rule.lhs.xreplace(known),), (atom,), rule.indices)
            if values is None:
                continue
            ends = [(i, first.xreplace(known), last.xreplace(known)) for i, first, last in rule.ranges]
            if all(first <= values[i] <= last for i, first, last in ends):
                yield Definition(title, rule, {index: int(value) for index, value in values.items()})
