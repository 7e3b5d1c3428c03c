"""Wrong variants of a statement: of each side, of each relation, and each premise left out.

Of a relation change its direction, its strictness and a constant, which becomes five per cent tighter.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction

from jacspec.theory.statements.expression import Comparison, Expression
from jacspec.theory.statements.mutation.expression_variants import Kind, replaced_at, variants
from jacspec.theory.statements.printing import text
from jacspec.theory.statements.rebuilding import compared
from jacspec.theory.statements.statement import Statement
from jacspec.theory.statements.tree import COMPOUND, MEASURED, Op

FLIPPED = {Op.LE: Op.GE, Op.GE: Op.LE, Op.LT: Op.GT, Op.GT: Op.LT, Op.EQ: Op.NE, Op.NE: Op.EQ}
_STRICT = {Op.LE: Op.LT, Op.GE: Op.GT}
_TIGHTER = Fraction(19, 20)


@dataclass(frozen=True)
class StatementMutant:
    """A statement that is changed at one site: the kind of change, how it reads, and what results."""

    kind: Kind
    change: str
    statement: Statement


def mutants_of(statement: Statement) -> list[StatementMutant]:
    """All single-site variants of a statement, each once."""
    found: dict[tuple[int, ...], StatementMutant] = {}

    def add(kind: Kind, change: str, changed: Statement) -> None:
        found.setdefault(_key(changed), StatementMutant(kind, change, changed))

    add(Kind.RELATION, "", statement)
    for position, relation in enumerate(statement.relations):
        for kind, changed in _of_relation(relation, tuple(statement.variables.values())):
            others = replaced_at(statement.relations, position, changed)
            add(kind, f"${text(changed)}$", replace(statement, relations=others))
    for position, premise in enumerate(statement.given):
        kept = statement.given[:position] + statement.given[position + 1 :]
        if all(name in Statement(statement.relations, kept).sizes for name in statement.ranges):
            add(Kind.PREMISE, f"without ${text(premise)}$", replace(statement, given=kept))
    return list(found.values())[1:]


def _key(statement: Statement) -> tuple[int, ...]:
    return tuple(map(id, (*statement.relations, *statement.given)))


def _of_relation(
    relation: Comparison, variables: tuple[Expression, ...]
) -> Iterator[tuple[Kind, Comparison]]:
    if relation.op in COMPOUND:
        for place, part in enumerate(relation.args):
            for kind, other in _of_relation(part, variables) if isinstance(part, Comparison) else ():
                yield kind, Comparison(relation.op, replaced_at(relation.args, place, other), relation.data)
        return
    for place, side in enumerate(relation.args[:2]):
        for each in variants(side, variables):
            sides = replaced_at(relation.args, place, each.expression)
            if relation.op not in MEASURED:
                with suppress(TypeError, ValueError):  # sizes that do not fit: no statement at all
                    yield each.kind, compared(relation.op, *sides)
            elif each.expression.shape is None:
                yield each.kind, Comparison(relation.op, sides, relation.data)
    sign = relation.data[0] if relation.op is Op.MEAN else relation.op
    # That a mean is not what it was found to be is refuted by no sample.
    if relation.op is Op.TENDS or (relation.op is Op.MEAN and sign is Op.EQ):
        return
    left, right = relation.args
    yield Kind.RELATION, _related(relation, FLIPPED[sign], left, right)
    if sign in _STRICT and not relation.of_matrices:
        yield Kind.RELATION, _related(relation, _STRICT[sign], left, right)
        tighter = (left, _TIGHTER * right) if sign is Op.LE else (_TIGHTER * left, right)
        yield Kind.FACTOR, _related(relation, sign, *tighter)


def _related(relation: Comparison, sign: Op, left: Expression, right: Expression) -> Comparison:
    if relation.op is Op.MEAN:
        return Comparison(relation.op, (left, right), (sign, *relation.data[1:]))
    return compared(sign, left, right)
