"""The values of indices at a point: those in the domain of a proposition, and of what a condition claims.

What depends on sizes and indices alone is the same at many points, and found once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache, lru_cache
from itertools import product
from typing import Any

from sympy import Expr, Integer, Symbol, ceiling, floor

from jacspec.proofs_check.interpretation.base import Interpretation, evaluate
from jacspec.proofs_check.interpretation.values import as_scalar
from jacspec.theory.derivations.assumption import Condition
from jacspec.theory.derivations.domain import Parameter
from jacspec.theory.derivations.proposition import Proposition
from jacspec.theory.notation.index_ranges import arguments
from jacspec.theory.notation.symbols import N, n

Values = Mapping[Symbol, int]

_MOST_POWERS = 2
"""An index without an end, such as the power of a matrix, is tried up to here."""


def instances(proposition: Proposition, point: Interpretation) -> Iterator[dict[Symbol, int]]:
    """All values of the indices in the domain of a proposition; none where sizes, or numbers, lie outside."""
    for chosen in _chosen(
        whole_domain(proposition), frozenset(point.indices.items()), frozenset(point.particular)
    ):
        if all(_is_open(gap, point, dict(chosen)) for gap in proposition.gaps):
            yield dict(chosen)


@lru_cache(maxsize=1 << 12)
def _chosen(
    parameters: tuple[Parameter, ...], at: frozenset[tuple[Symbol, int]], particular: frozenset[Symbol]
) -> tuple[tuple[tuple[Symbol, int], ...], ...]:
    """All values of the parameters where indices have these values, and some of them no others."""
    indices, chosen = dict(at), [dict[Symbol, int]()]
    for parameter in parameters:
        chosen = [
            {**values, parameter.symbol: value}
            for values in chosen
            for value in _run(parameter, indices, values, particular)
        ]
    return tuple(tuple(each.items()) for each in chosen)


@cache
def whole_domain(proposition: Proposition) -> tuple[Parameter, ...]:
    """The ranges of its sizes and indices."""
    return proposition.everywhere.whole.parameters


def _is_open(gap: Expr, point: Interpretation, values: Values) -> bool:
    with suppress(KeyError):  # of a number that the point does not have
        return bool(as_scalar(evaluate(gap, point, values)) > 0)
    return True


def _run(parameter: Parameter, indices: Values, values: Values, particular: frozenset[Symbol]) -> list[int]:
    known = {symbol: Integer(value) for symbol, value in {**indices, **values}.items()}
    least = int(ceiling(parameter.least.xreplace(known)))
    most = None if parameter.most is None else int(floor(parameter.most.xreplace(known)))
    if parameter.symbol in particular or most is None:
        own = indices[parameter.symbol]
        return [own] if least <= own and (most is None or own <= most) else []
    return list(range(least, most + 1))


@cache
def _arguments(expression: Expr) -> tuple[tuple[Any, ...], ...]:
    return tuple(
        (argument, *ends, tuple(limits.items())) for _, argument, ends, limits in arguments(expression)
    )


@lru_cache(maxsize=1 << 16)
def stands(expression: Expr, indices: frozenset[tuple[Symbol, int]]) -> bool:
    """Whether the arguments of all symbols lie between their ends, those of sums included."""
    known = {symbol: Integer(value) for symbol, value in indices}
    for argument, first, last, limits in _arguments(expression):
        spans = [range(int(low.xreplace(known)), int(high.xreplace(known)) + 1) for _, (low, high) in limits]
        for inner in product(*spans):
            at = known | {symbol: Integer(value) for (symbol, _), value in zip(limits, inner, strict=True)}
            value = argument.xreplace(at)
            if value < first.xreplace(at) or (last is not None and value > last.xreplace(at)):
                return False
    return True


def claimed_at(condition: Condition, point: Interpretation, values: Values) -> Iterator[dict[Symbol, int]]:
    """Every value of the indices at which the condition is claimed and both sides stand for something."""
    if not condition.claimed:
        yield {}
        return
    ends = tuple(condition.claimed.values())
    for chosen in _within(ends, frozenset({**values, N: point.depth, n: point.width}.items())):
        yield dict(zip(condition.indices, chosen, strict=True))


@lru_cache(maxsize=1 << 12)
def _within(
    ends: tuple[tuple[Expr, Expr | None], ...], at: frozenset[tuple[Symbol, int]]
) -> tuple[tuple[int, ...], ...]:
    known = {symbol: Integer(value) for symbol, value in at}
    spans = []
    for low, high in ends:
        last = _MOST_POWERS if high is None else int(high.xreplace(known))
        spans.append(range(int(low.xreplace(known)), last + 1))
    return tuple(product(*spans))
