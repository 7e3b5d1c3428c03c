"""A statement at an exact example: premises and relations as margins, decided exactly or in balls."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from flint import arb, fmpq_mat

from jacspec.numerics import Chain, InputError
from jacspec.numerics.spectra.independent import usage
from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.claims.margin import START_BITS, Judgement, Margin, Truth, compare, judge
from jacspec.proofs_check.interpretation.heights import separation
from jacspec.proofs_check.interpretation.statements.balls import Balls
from jacspec.proofs_check.interpretation.statements.evaluation import (
    Evaluator,
    MissingTermError,
    NoValueError,
    Places,
)
from jacspec.proofs_check.interpretation.statements.exact import ball
from jacspec.proofs_check.interpretation.statements.instances import (
    Instance,
    instances,
    on_the_whole,
    premises,
    premises_at,
)
from jacspec.proofs_check.interpretation.statements.matrix_relations import compare_matrices
from jacspec.theory.statements.expression import Expression
from jacspec.theory.statements.printing import text
from jacspec.theory.statements.statement import Statement
from jacspec.theory.statements.tree import Op

CAP_BITS = 1536
"""Beyond this precision an undecided margin is reported as indistinguishable from equality."""
MOST_BITS = 1 << 14
"""The highest precision at which algebraic numbers are shown to be equal."""


def judge_statement(
    statement: Statement, example: Mapping[str, Any], *, cap: int = CAP_BITS
) -> Judgement | None:
    """What a statement says at an exact example; None where it says nothing: a premise does not hold."""
    for position, each in enumerate(statement.given):
        if (
            on_the_whole(each, statement)
            and judge(partial(premise, statement, position, example), cap=cap).truth is not Truth.HOLDS
        ):
            return None
    judgement = judge(lambda: conclusion(statement, example), cap=cap)
    return judgement if judgement.margins else None


def conclusion(statement: Statement, example: Mapping[str, Any]) -> list[tuple[str, Margin]]:
    """The margin of every instance of a relation that exists at the example, at the precision in force.

    Of an equivalence those of either direction, where what it assumes holds.
    """
    ways = statement.implications
    if ways == (statement,):
        return _conclusion(statement, example)
    return [
        named
        for way in ways
        if all(
            margin.truth is Truth.HOLDS
            for position in range(len(statement.given), len(way.given))
            if on_the_whole(way.given[position], way)
            for _, margin in premise(way, position, example)
        )
        for named in _conclusion(way, example)
    ]


def _conclusion(statement: Statement, example: Mapping[str, Any]) -> list[tuple[str, Margin]]:
    sizes = sizes_of(statement, example)
    at = Evaluator(Balls(), example, sizes)
    several = len(statement.relations) > 1
    found = []
    for relation, places in instances(statement, sizes):
        if not admits(statement, places, at, whole=False):
            continue
        try:
            margin = _margin((relation, places), at)
        except MissingTermError:
            continue
        except NoValueError as error:
            if not statement.is_witnessed(relation):
                continue
            margin = Margin("", Truth.FAILS, -1.0, f"the witness gives no value: {error}")
        name = [text(relation)] if several else []
        found.append((" at ".join([*name, *filter(None, [_where(places)])]), margin))
    return found


def admits(statement: Statement, places: Places, at: Evaluator, *, whole: bool = True) -> bool:
    """Whether the premises on an instance, and those on the ``whole``, hold at the precision in force."""
    asked = [*premises_at(statement, at.sizes, places), *(premises(statement, at.sizes) if whole else ())]
    return all(_margin_or_failure(each, at).truth is Truth.HOLDS for each in asked)


def premise(statement: Statement, position: int, example: Mapping[str, Any]) -> list[tuple[str, Margin]]:
    """The margins of a premise on the example as a whole, at every value of its own indices."""
    sizes = sizes_of(statement, example)
    at = Evaluator(Balls(), example, sizes)
    mine = [each for each in premises(statement, sizes) if each[0] is statement.given[position]]
    found = [(_where(each[1]), _margin_or_failure(each, at)) for each in mine]
    return found or [("", Margin("", Truth.HOLDS, 1.0, "at no index"))]


def _where(places: Places) -> str:
    return ", ".join(f"{name} = {value}" for name, value in places.items())


def names_of(statement: Statement) -> list[str]:
    """What an example holds: a value for each variable, and each size that no matrix shows."""
    return [*statement.variables, *(name for name in statement.sizes if name not in _shown(statement))]


def sizes_of(statement: Statement, example: Mapping[str, Any]) -> dict[str, int]:
    """The sizes at an example; raises InputError where its matrices do not fit the statement."""
    found = {name: int(example[name]) for name in statement.sizes if name not in _shown(statement)}
    for name, variable in statement.variables.items():
        for node, value in zip(dimensions(variable), _lengths(example[name]), strict=True):
            known = found.setdefault(str(node.data), value) if node.op is Op.SIZE else value
            if known != value:
                message = f"{name} does not fit: {node} is {value} there and {known} elsewhere in the example"
                raise InputError(message)
    whole = (name for name, variable in statement.variables.items() if variable.op is Op.WHOLE)
    for name in (*whole, *found):
        value = example.get(name, found.get(name))
        if value != int(value) or value < 1:
            raise InputError(f"{name} = {value} in the example: expected a whole number from 1 on")
    return found


def dimensions(variable: Expression) -> tuple[Expression, ...]:
    """Its sizes; of a chain, the depth comes first."""
    return (*variable.args, *(variable.shape or ()))


def _lengths(value: Any) -> tuple[int, ...]:
    if isinstance(value, Chain):
        return (value.depth, *value.shape)
    return (value.nrows(), value.ncols()) if isinstance(value, fmpq_mat) else ()


def _shown(statement: Statement) -> set[str]:
    """The sizes that matrices and chains show."""
    sizes = [node for variable in statement.variables.values() for node in dimensions(variable)]
    return {str(node.data) for node in sizes if node.op is Op.SIZE}


def _margin_or_failure(instance: Instance, at: Evaluator) -> Margin:
    """A premise that does not exist at its indices asks nothing; one without a value fails."""
    try:
        return _margin(instance, at)
    except MissingTermError:
        exists = bool(instance[0].indices)
        return Margin("", Truth.HOLDS if exists else Truth.FAILS, float(exists), "a term does not exist")
    except NoValueError as error:
        return Margin("", Truth.FAILS, -1.0, f"without a value: {error}")


def _margin(instance: Instance, at: Evaluator) -> Margin:
    comparison, places = instance
    left, right = (at.value(side, places) for side in comparison.args)
    if comparison.of_matrices:
        return compare_matrices(left, comparison.op, right)
    margin = compare(left, comparison.op.value, right)
    return margin if margin.truth is not Truth.UNDECIDED else _separated(instance, at) or margin


def _separated(instance: Instance, at: Evaluator) -> Margin | None:
    """The margin at a precision at which algebraic numbers that differ do so visibly, if not too high."""
    comparison, places = instance
    needed = None if usage.get() else separation(comparison, places, at)
    if needed is None or needed > MOST_BITS:
        return None
    bits = needed + START_BITS
    while bits <= 4 * MOST_BITS:
        with balls(bits):
            finer = Evaluator(Balls(), at.values, at.sizes)
            left, right = (finer.value(side, places) for side in comparison.args)
            gap = abs(ball(left) - ball(right))
            if gap > 0 or gap.upper() < arb(2) ** -needed:
                return compare(left, comparison.op.value, right if gap > 0 else left)
        bits *= 2
    return None
