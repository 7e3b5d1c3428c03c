"""The mean of a number under a law: a rational number or a ball, or None where it is not computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, reduce
from itertools import product
from math import prod
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat

from jacspec.numerics import Chain
from jacspec.proofs_check.interpretation.statements.ball_operations import OPERATIONS
from jacspec.proofs_check.interpretation.statements.balls import Balls
from jacspec.proofs_check.interpretation.statements.evaluation import Evaluator, NoValueError, Places
from jacspec.proofs_check.interpretation.statements.exact import Scalar
from jacspec.proofs_check.referee.statements.means.curves import NoExactMeanError
from jacspec.proofs_check.referee.statements.means.expansion import (
    Sum,
    absolute,
    counted_anew,
    entry_of,
    exponential,
    logarithm,
    number,
    raised,
)
from jacspec.proofs_check.referee.statements.symbolic.entrywise import Entrywise, OutsideError
from jacspec.theory.statements.expression import Expression
from jacspec.theory.statements.tree import Op

Shapes = Mapping[str, tuple[int, ...]]
"""The variables of a law, each with its rows and columns, or with none; of a chain, the depth comes first."""
_MOST_SIGNS = 9
"""So many entries that are ±1 are tried at all their values."""


def exact_mean(node: Expression, law: str, shapes: Shapes, sizes: Places, places: Places) -> Scalar | None:
    """The mean of a number over independent entries of a law, at the precision in force."""
    return _computed(node, law, *(tuple(each.items()) for each in (shapes, sizes, places)))


@lru_cache(maxsize=1 << 10)
def _computed(node: Expression, law: str, shapes: Any, sizes: Any, places: Any) -> Scalar | None:
    try:
        if law == "±1" and sum(prod(shape) for _, shape in shapes) <= _MOST_SIGNS:
            return _over_signs(node, shapes, dict(sizes), dict(places))
        counted_anew()
        values = {name: _variable(law, name, shape) for name, shape in shapes}
        found: Sum = Evaluator(_EXPANSION, values, dict(sizes)).value(node, dict(places))
        return found.mean()
    except (NoExactMeanError, OutsideError, NoValueError, ZeroDivisionError):
        return None


def _over_signs(node: Expression, shapes: Any, sizes: Places, places: Places) -> Scalar:
    """The mean over all values of a few signs, of whatever has a value at each."""
    count = sum(prod(shape) for _, shape in shapes)
    total: Scalar = fmpq(0)
    for signs in product((1, -1), repeat=count):
        entries = iter(signs)
        values = {name: _exact(shape, [next(entries) for _ in range(prod(shape))]) for name, shape in shapes}
        total = OPERATIONS[Op.ADD](total, Evaluator(Balls(), values, sizes).value(node, places))
    return OPERATIONS[Op.MUL](total, fmpq(1, 2**count))  # type: ignore[no-any-return]


def _exact(shape: tuple[int, ...], entries: list[int]) -> Any:
    if not shape:
        return fmpq(entries[0])
    if len(shape) == 2:
        return fmpq_mat(*shape, entries)
    return Chain([np.array(each) for each in np.reshape(entries, shape)])


def _variable(law: str, name: str, shape: tuple[int, ...]) -> Any:
    if not shape:
        return entry_of(law, name)
    found = np.empty(shape, dtype=object)
    for place in np.ndindex(shape):
        found[place] = entry_of(law, name, *place)
    return found


def _extreme(sign: int) -> Callable[..., Sum]:
    half = number(fmpq(1, 2))

    def of_two(a: Sum, b: Sum) -> Sum:
        apart = absolute(a - b)
        return (a + b + (apart if sign > 0 else -apart)) * half

    return lambda *values: reduce(of_two, values)


def _sinh(x: Sum) -> Sum:
    return (exponential(x) - exponential(-x)) * number(fmpq(1, 2))


_EXPANSION = Entrywise(
    number,
    raised,
    {
        Op.ABS: absolute,
        Op.POW: lambda x, exponent: exponential(exponent * logarithm(x)),
        Op.MIN: _extreme(-1),
        Op.MAX: _extreme(1),
        Op.LOG: logarithm,
        Op.EXP: exponential,
        Op.SINH: _sinh,
    },
)
"""The algebra of sums; matrices are arrays of them."""
