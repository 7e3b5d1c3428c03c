"""Wrong variants of a statement: every change of a single site of its tree, each once.

Indices ±1, exponents ±1, factors doubled, halved and left out, signs, terms left out, transposes, orders of
products, other variables, other norms, minimum for maximum; of a relation its direction, its strictness and
a constant five per cent tighter; and each premise left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeVar

from jacspec.theory.statements.expression import Comparison, Expression, expression
from jacspec.theory.statements.printing import text
from jacspec.theory.statements.rebuilding import compared, rebuilt
from jacspec.theory.statements.sizes import size
from jacspec.theory.statements.statement import Statement
from jacspec.theory.statements.tree import COMPOUND, MEASURED, VARIABLES, WHOLE_PLACES, Op
from jacspec.theory.statements.vocabulary import NORMS, maximum, minimum, norm

__all__ = ["FLIPPED", "StatementMutant", "mutants_of"]

T = TypeVar("T")
FLIPPED = {Op.LE: Op.GE, Op.GE: Op.LE, Op.LT: Op.GT, Op.GT: Op.LT, Op.EQ: Op.NE, Op.NE: Op.EQ}
_STRICT = {Op.LE: Op.LT, Op.GE: Op.GT}
_TIGHTER = Fraction(19, 20)


@dataclass(frozen=True)
class StatementMutant:
    """A wrong variant: the kind of change, how it reads, and the statement that results."""

    kind: str
    change: str
    statement: Statement


def mutants_of(statement: Statement) -> list[StatementMutant]:
    """All single-site variants of a statement, each once."""
    found: dict[tuple[int, ...], StatementMutant] = {_key(statement): StatementMutant("", "", statement)}

    def add(kind: str, change: str, changed: Statement) -> None:
        found.setdefault(_key(changed), StatementMutant(kind, change, changed))

    for position, relation in enumerate(statement.relations):
        for kind, changed in _of_relation(relation, statement):
            others = _with(statement.relations, position, changed)
            add(kind, f"${text(changed)}$", replace(statement, relations=others))
    for position, premise in enumerate(statement.given):
        kept = statement.given[:position] + statement.given[position + 1 :]
        if all(name in Statement(statement.relations, kept).sizes for name in statement.ranges):
            add("premise", f"without ${text(premise)}$", replace(statement, given=kept))
    return list(found.values())[1:]


def _key(statement: Statement) -> tuple[int, ...]:
    return tuple(map(id, (*statement.relations, *statement.given)))


def _of_relation(relation: Comparison, statement: Statement) -> Iterator[tuple[str, Comparison]]:
    if relation.op in COMPOUND:
        for place, part in enumerate(relation.args):
            for kind, other in _of_relation(part, statement) if isinstance(part, Comparison) else ():
                yield kind, Comparison(relation.op, _with(relation.args, place, other), relation.data)
        return
    if relation.op in MEASURED:
        for place, side in enumerate(relation.args[:2]):
            for kind, varied in _variants(side, list(statement.variables.values())):
                if varied.shape is None:
                    yield kind, Comparison(relation.op, _with(relation.args, place, varied), relation.data)
        return
    left, right = relation.args
    variables = list(statement.variables.values())
    for place, side in enumerate(relation.args):
        for kind, changed in _variants(side, variables):
            try:
                yield kind, compared(relation.op, *_with(relation.args, place, changed))
            except (TypeError, ValueError):  # sizes that do not fit: no statement at all
                continue
    yield "direction", compared(FLIPPED[relation.op], left, right)
    if relation.op in _STRICT and not relation.of_matrices:
        yield "strictness", compared(_STRICT[relation.op], left, right)
        tighter = (left, _TIGHTER * right) if relation.op is Op.LE else (_TIGHTER * left, right)
        yield "constant", compared(relation.op, *tighter)


def _variants(node: Expression, variables: list[Expression]) -> Iterator[tuple[str, Expression]]:
    """All changes of one site in an expression, with their kinds."""
    yield from _here(node)
    if node.op in VARIABLES:
        alike = (other for other in variables if other.op is node.op and _alike(node, other))
        yield from (("variable", other) for other in alike)
    whole = WHOLE_PLACES.get(node.op, ())
    for place, argument in enumerate(node.args):
        changes = _shifted(argument) if place in whole else _variants(argument, variables)
        for kind, changed in changes:
            try:
                yield kind, rebuilt(node, _with(node.args, place, changed))
            except (TypeError, ValueError):
                continue


def _shifted(index: Expression) -> Iterator[tuple[str, Expression]]:
    for by in (1, -1):
        yield "index", size(index + by) if index.op not in (Op.MIN, Op.MAX) else index + by


def _here(node: Expression) -> Iterator[tuple[str, Expression]]:
    """The changes of a node itself."""
    match node.op:
        case Op.NUMBER if node.data:
            yield "factor", expression(2 * node.data)
            yield "factor", expression(node.data / 2)
            yield "sign", expression(-node.data)
        case Op.POW:
            base, exponent = node.args
            for by in (1, -1):
                changed = expression(exponent.data + by) if exponent.op is Op.NUMBER else exponent + by
                yield "exponent", base**changed
        case Op.ADD | Op.SUB:
            left, right = node.args
            yield "term", left
            yield "term", right if node.op is Op.ADD else -right
            yield "sign", left - right if node.op is Op.ADD else left + right
        case Op.NEG | Op.ABS | Op.TRANSPOSE | Op.INVERSE:
            yield {Op.NEG: "sign", Op.ABS: "modulus"}.get(node.op, node.op.value), node.args[0]
        case Op.MUL | Op.SCALE:
            yield "factor", node.args[1]
            if node.op is Op.MUL:
                yield "factor", node.args[0]
        case Op.MATMUL if _alike(node, node.args[0]) and _alike(node, node.args[1]):
            yield "order", node.args[1] @ node.args[0]
        case Op.MATRIX if node.shape is not None and node.shape[0] is node.shape[1]:
            yield "transpose", node.T
        case Op.MIN | Op.MAX:
            yield "extreme", (maximum if node.op is Op.MIN else minimum)(*node.args)
        case Op.NORM if len(node.args) == 1:
            yield from (("norm", norm(node.args[0], kind)) for kind in NORMS[:3] if kind != node.data)


def _alike(node: Expression, other: Expression) -> bool:
    """Whether two expressions are different, and of the same shape."""
    if node is other or node.shape is None or other.shape is None:
        return node is not other and node.shape is other.shape
    return all(a is b for a, b in zip(node.shape, other.shape, strict=True))


def _with(items: tuple[T, ...], place: int, new: T) -> tuple[T, ...]:
    return (*items[:place], new, *items[place + 1 :])
