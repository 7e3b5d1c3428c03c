"""Scope: at which values of its indices a relation is claimed, and which premises condition what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from jacspec.proofs_check.interpretation.statements.evaluation import Places, is_whole, whole_value
from jacspec.theory.statements.expression import Comparison
from jacspec.theory.statements.statement import Statement
from jacspec.theory.statements.tree import Op

Instance = tuple[Comparison, Mapping[str, int]]
"""A comparison, and the values of its free indices."""


def instances(statement: Statement, sizes: Places) -> list[Instance]:
    """Each relation at each choice of its indices that the premises on indices and sizes allow."""
    return [
        (relation, places)
        for relation in statement.relations
        for places in _allowed(relation.indices, {}, statement, sizes)
    ]


def premises(statement: Statement, sizes: Places) -> list[Instance]:
    """The premises on the example as a whole, at all values of their own indices."""
    return [
        (premise, places)
        for premise in statement.given
        if on_the_whole(premise, statement)
        for places in _allowed(premise.indices, {}, statement, sizes)
    ]


def on_the_whole(premise: Comparison, statement: Statement) -> bool:
    """Whether a premise is one on the example as a whole, not on indices, sizes or a relation's instance."""
    return not is_whole_comparison(premise) and not premise.indices & statement.shared


def premises_at(statement: Statement, sizes: Places, places: Places) -> list[Instance]:
    """The premises that condition an instance of a relation: those that share an index with it."""
    return [
        (premise, at)
        for premise in statement.given
        if not is_whole_comparison(premise) and premise.indices & places.keys()
        for at in _allowed(premise.indices, places, statement, sizes)
    ]


def is_whole_comparison(comparison: Comparison) -> bool:
    """Whether both sides are of whole numbers, sizes and indices alone: it is decided before any example."""
    return not comparison.of_matrices and all(map(is_whole, comparison.args))


def holds_of_whole(comparison: Comparison, places: Places) -> bool:
    """Whether such a comparison holds."""
    a, b = (whole_value(side, places) for side in comparison.args)
    signs = {Op.LE: a <= b, Op.LT: a < b, Op.GE: a >= b, Op.GT: a > b, Op.EQ: a == b, Op.NE: a != b}
    return signs[comparison.op]


def _allowed(
    names: frozenset[str], fixed: Places, statement: Statement, sizes: Places
) -> Iterator[dict[str, int]]:
    """All values of some indices that the premises on indices and sizes allow.

    At which of them every term exists shows when it is evaluated: an index runs to one more than any size,
    as the empty product A_{N+1} exists.
    """
    rules = [premise for premise in statement.given if is_whole_comparison(premise)]
    ranges = [
        [fixed[name]] if name in fixed else range(1, max(sizes.values(), default=3) + 2)
        for name in sorted(names)
    ]
    for values in product(*ranges):
        places = dict(zip(sorted(names), values, strict=True))
        if all(
            holds_of_whole(rule, {**sizes, **fixed, **places})
            for rule in rules
            if rule.indices <= places.keys() | fixed.keys()
        ):
            yield places
