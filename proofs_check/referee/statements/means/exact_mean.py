"""The mean of a number under a law: a rational number or a ball, or None where it is not computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache, reduce
from itertools import product
from math import prod
from typing import Any

import numpy as np
from flint import arb, fmpq, fmpq_mat

from jacspec.numerics import Chain
from jacspec.proofs_check.interpretation.statements.ball_operations import OPERATIONS
from jacspec.proofs_check.interpretation.statements.balls import Balls
from jacspec.proofs_check.interpretation.statements.evaluation import (
    Evaluator,
    MissingTermError,
    NoValueError,
    Places,
)
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
from jacspec.theory.statements.expression import Expression
from jacspec.theory.statements.tree import Op

Shapes = Mapping[str, tuple[int, ...]]
"""The variables of a law, each with its rows and columns, or with none; of a chain, the depth comes first."""
_MOST_SIGNS = 9
"""So many entries that are ±1 are tried at all their values."""
_LARGEST_DETERMINANT = 5


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
        found: Sum = Evaluator(Expansion(), values, dict(sizes)).value(node, dict(places))
        return found.mean()
    except (NoExactMeanError, NoValueError, ZeroDivisionError):
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


class Expansion:
    """The algebra of sums; matrices are arrays of them."""

    def __init__(self) -> None:
        self.operations: Mapping[Op, Callable[..., Any]] = {
            op: _OPERATIONS.get(op) or _of_constants(op)
            for op in OPERATIONS.keys() | Balls().operations.keys()
        }

    def number(self, value: Fraction) -> Sum:
        """The rational number."""
        return number(fmpq(value.numerator, value.denominator))

    def identity(self, size: int) -> Any:
        """The identity matrix."""
        return _array(np.eye(size, dtype=int))

    def zero(self, rows: int, columns: int) -> Any:
        """The zero matrix."""
        return _array(np.zeros((rows, columns), dtype=int))

    def shape(self, X: Any) -> tuple[int, int]:
        """Rows and columns."""
        return X.shape  # type: ignore[no-any-return]

    def power(self, x: Sum, exponent: Fraction) -> Sum:
        """A rational power."""
        return raised(x, exponent)


def _array(whole: Any) -> Any:
    found = np.empty(whole.shape, dtype=object)
    for place in np.ndindex(whole.shape):
        found[place] = number(fmpq(int(whole[place])))
    return found


def _of_constants(op: Op) -> Callable[..., Any]:
    """Any other operation, of what is not random."""

    def computed(*values: Any) -> Any:
        found = Balls().operations[op](*map(_constant, values))
        if isinstance(found, fmpq | arb):
            return number(found)
        array = np.empty((found.nrows(), found.ncols()), dtype=object)
        for place in np.ndindex(array.shape):
            array[place] = number(found[place])
        return array

    return computed


def _constant(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        rows, columns = value.shape
        return fmpq_mat(rows, columns, [_constant(each) for each in value.flat])
    if not isinstance(value, Sum):
        return value
    if value.constant is None:
        raise NoExactMeanError("no sum of products")
    return value.constant


def _block(X: Any, top: int, bottom: int, left: int, right: int) -> Any:
    if not (1 <= top <= bottom <= X.shape[0] and 1 <= left <= right <= X.shape[1]):
        raise MissingTermError(f"rows {top} to {bottom}, columns {left} to {right}")
    return X[top - 1 : bottom, left - 1 : right]


def _entry(X: Any, i: int, j: int) -> Sum:
    return _block(X, i, i, j, j)[0, 0]  # type: ignore[no-any-return]


def _factor(chain: Any, layer: int) -> Any:
    if not 1 <= layer <= len(chain):
        raise MissingTermError(f"factor {layer} of {len(chain)}")
    return chain[layer - 1]


def _span(chain: Any, first: int, last: int) -> Any:
    if not 1 <= first <= last + 1 <= len(chain) + 1:
        raise MissingTermError(f"the factors from {first} to {last} of {len(chain)}")
    one = _array(np.eye(chain.shape[1], dtype=int))
    return reduce(lambda done, factor: factor @ done, chain[first - 1 : last], one)


def _determinant(X: Any) -> Sum:
    """By rows: minors of the last rows, by their columns."""
    size = len(X)
    if size > _LARGEST_DETERMINANT:
        raise NoExactMeanError("a large determinant")
    minors: dict[tuple[int, ...], Sum] = {(): number(fmpq(1))}
    for row in reversed(range(size)):
        found: dict[tuple[int, ...], Sum] = {}
        for columns, minor in minors.items():
            for column in set(range(size)) - set(columns):
                wider = tuple(sorted((*columns, column)))
                sign = number(fmpq((-1) ** wider.index(column)))
                term = X[row, column] * minor * sign
                found[wider] = found[wider] + term if wider in found else term
        minors = found
    return minors[tuple(range(size))]


def _sum(values: Any) -> Sum:
    return reduce(Sum.__add__, values, number(fmpq(0)))


def _norm(X: Any, *order_and_kind: Any) -> Any:
    """Frobenius' norm; every other is the same of what has one row or one column."""
    if order_and_kind[-1] != "frobenius" and min(X.shape) > 1:
        return _of_constants(Op.NORM)(X, *order_and_kind)
    return raised(_sum(x * x for x in X.flat), Fraction(1, 2))


def _singular(k: int, X: Any) -> Any:
    return _norm(X, "spectral") if k == min(X.shape) == 1 else _of_constants(Op.SINGULAR)(k, X)


def _extreme(sign: int) -> Callable[..., Sum]:
    half = number(fmpq(1, 2))

    def of_two(a: Sum, b: Sum) -> Sum:
        apart = absolute(a - b)
        return (a + b + (apart if sign > 0 else -apart)) * half

    return lambda *values: reduce(of_two, values)


def _sinh(x: Sum) -> Sum:
    return (exponential(x) - exponential(-x)) * number(fmpq(1, 2))


_OPERATIONS: Mapping[Op, Callable[..., Any]] = {
    Op.ADD: lambda a, b: a + b,
    Op.SUB: lambda a, b: a - b,
    Op.NEG: lambda a: -a,
    Op.MUL: lambda a, b: a * b,
    Op.DIV: lambda a, b: a * raised(b, Fraction(-1)),
    Op.ABS: absolute,
    Op.POW: lambda x, exponent: exponential(exponent * logarithm(x)),
    Op.MIN: _extreme(-1),
    Op.MAX: _extreme(1),
    Op.LOG: logarithm,
    Op.EXP: exponential,
    Op.SINH: _sinh,
    Op.MATMUL: lambda X, Y: X @ Y,
    Op.SCALE: lambda c, X: X * c,
    Op.TRANSPOSE: lambda X: X.T,
    Op.HADAMARD: lambda X, Y: X * Y,
    Op.KRONECKER: np.kron,
    Op.BLOCK: _block,
    Op.TRIU: lambda X: X * _array(np.triu(np.ones(X.shape, dtype=int))),
    Op.FACTOR: _factor,
    Op.SPAN: _span,
    Op.DET: _determinant,
    Op.TRACE: lambda X: _sum(np.diagonal(X)),
    Op.ENTRY: _entry,
    Op.NORM: _norm,
    Op.SINGULAR: _singular,
}
