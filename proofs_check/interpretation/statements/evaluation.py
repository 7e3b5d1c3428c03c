"""One walk that evaluates a tree in any arithmetic; what differs between arithmetics is an `Algebra`.

Sizes and indices are Python's integers. Values are the algebra's: exact numbers and balls (``balls.py``),
or float64 arrays with one entry per example (``batches.py``). A sub-tree is evaluated once per example, or
per batch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache, reduce
from typing import Any, Protocol

from jacspec.theory.statements.calculus import carried_out, is_velocity
from jacspec.theory.statements.expression import Expression
from jacspec.theory.statements.tree import VARIABLES, WHOLE_PLACES, Node, Op

Places = Mapping[str, int]
"""The value of each size and of each index."""


class MissingTermError(ValueError):
    """A term that does not exist at these sizes and indices, such as s_4 of a 3×3 matrix."""


class NoValueError(ValueError):
    """An expression without a value at this example, such as the inverse of a singular matrix."""


class Algebra(Protocol):
    """An arithmetic: numbers, and a function for each operation that is not a leaf or a binder."""

    operations: Mapping[Op, Callable[..., Any]]
    """Called with the values of the arguments (whole ones as integers), and the node's data if it has any."""

    def number(self, value: Fraction) -> Any:
        """An exact number."""

    def identity(self, size: int) -> Any:
        """The identity matrix."""

    def zero(self, rows: int, columns: int) -> Any:
        """The zero matrix."""

    def shape(self, X: Any) -> tuple[int, int]:
        """Rows and columns of a matrix."""

    def power(self, x: Any, exponent: Fraction) -> Any:
        """A rational power."""


_OWN_WAY = VARIABLES | {
    Op.NUMBER, Op.INDEX, Op.SIZE, Op.IDENTITY, Op.ZERO, Op.SUM, Op.PRODUCT, Op.DERIVATIVE, Op.AT, Op.POW,
}  # fmt: skip
"""What is not, or not always, an operation on the values of all arguments."""
_WHOLE: dict[Op, Callable[[int, int], int]] = {
    Op.ADD: lambda a, b: a + b,
    Op.SUB: lambda a, b: a - b,
    Op.MUL: lambda a, b: a * b,
    Op.MIN: min,
    Op.MAX: max,
}


def whole_value(node: Node, places: Places) -> int:
    """The value of an expression of whole numbers, sizes and indices."""
    op = node.op
    if op is Op.INDEX or op is Op.SIZE:
        return places[node.data]
    if op is Op.NUMBER and node.data.denominator == 1:
        return int(node.data)
    if op is Op.NEG:
        return -whole_value(node.args[0], places)
    if op not in _WHOLE:
        message = f"{node}: expected whole numbers, sizes and indices, with + - *, min and max"
        raise TypeError(message)
    return reduce(_WHOLE[op], [whole_value(argument, places) for argument in node.args])


@lru_cache(maxsize=1 << 12)
def _fraction(whole: int) -> Fraction:
    return Fraction(whole)


def is_whole(node: Node) -> bool:
    """Whether an expression, or a relation, is of whole numbers, sizes and indices alone."""
    leaf = node.op in (Op.INDEX, Op.SIZE) or (node.op is Op.NUMBER and node.data.denominator == 1)
    inner = node.op in _WHOLE or node.op is Op.NEG
    return leaf or (inner and all(map(is_whole, node.args)))


class Evaluator:
    """Trees at one example, or one batch of them; whatever is shared is computed once."""

    def __init__(self, algebra: Algebra, values: Mapping[str, Any], sizes: Places) -> None:
        self.algebra, self.values, self.sizes = algebra, values, sizes
        self._known: dict[tuple[Expression, tuple[int | None, ...]], Any] = {}

    def value(self, node: Expression, indices: Places) -> Any:
        """The value of an expression; raises MissingTermError or NoValueError where it has none."""
        key = node, tuple(map(indices.get, node.ordered))
        found = self._known.get(key, self)  # which is no value
        if found is self:
            found = self._known[key] = self._value(node, indices)
        return found

    def _value(self, node: Expression, indices: Places) -> Any:
        on, op = self.algebra, node.op
        places = {**self.sizes, **indices} if self.sizes else indices
        if op in _OWN_WAY:
            if op in VARIABLES:
                return self.values[node.data]
            if op is Op.NUMBER:
                return on.number(node.data)
            if op in (Op.INDEX, Op.SIZE):
                place = places.get(node.data)
                return self.values[node.data] if place is None else on.number(_fraction(place))
            if op in (Op.IDENTITY, Op.ZERO):
                assert node.shape is not None  # noqa: S101 -- narrows the type
                rows, columns = (whole_value(each, places) for each in node.shape)
                return on.identity(rows) if op is Op.IDENTITY else on.zero(rows, columns)
            if op in (Op.SUM, Op.PRODUCT):
                return self._over_index(node, indices, places)
            if is_velocity(node):
                return on.operations[op](
                    *(whole_value(each, places) for each in node.args[0].args), node.args[0].data
                )
            if op in (Op.DERIVATIVE, Op.AT):
                return self.value(carried_out(node), indices)
            if self.is_static(node.args[1], places):
                return on.power(self.value(node.args[0], indices), self.static(node.args[1], places))
        whole = WHOLE_PLACES.get(op)
        arguments = [
            whole_value(argument, places) if whole and place in whole else self.value(argument, indices)
            for place, argument in enumerate(node.args)
        ]
        return on.operations[op](*arguments, *(() if node.data is None else (node.data,)))

    # --- exponents that are known before any example -------------------------------------------------------

    def is_static(self, node: Expression, places: Places) -> bool:
        """Whether a number is made of constants, sizes and indices by + - · /."""
        if node.op in (Op.NUMBER, Op.INDEX, Op.SIZE):
            return node.op is Op.NUMBER or node.data in places
        return node.op in _RATIONAL and all(self.is_static(each, places) for each in node.args)

    def static(self, node: Expression, places: Places) -> Fraction:
        """The value of such a number."""
        if node.op in (Op.NUMBER, Op.INDEX, Op.SIZE):
            return node.data if node.op is Op.NUMBER else _fraction(places[node.data])
        return _RATIONAL[node.op](*(self.static(argument, places) for argument in node.args))

    # --- sums and products over an index -------------------------------------------------------------------

    def _over_index(self, node: Expression, indices: Places, places: Places) -> Any:
        closed = self._closed(node, indices, places)
        if closed is not None:
            return closed
        first, last = (whole_value(end, places) for end in node.args[:2])
        terms = [self.value(node.args[2], {**indices, node.data: i}) for i in range(first, last + 1)]
        combine = self.algebra.operations[Op.ADD if node.op is Op.SUM else Op.MUL]
        if terms:
            return reduce(combine, terms)
        if node.shape is not None:
            rows, columns = (whole_value(each, places) for each in node.shape)
            return self.algebra.zero(rows, columns)
        return self.algebra.number(Fraction(int(node.op is Op.PRODUCT)))

    def _closed(self, node: Expression, indices: Places, places: Places) -> Any:
        """∏ s_i = |det X|, Σ s_i² = ‖X‖_F², ∏ λ_i = det X, Σ λ_i = tr X: rational, so equality decides."""
        first, last, body = node.args
        if node.op is Op.PRODUCT and body.op is Op.MUL:
            parts = [Expression(Op.PRODUCT, (first, last, each), node.data) for each in body.args]
            return self.algebra.operations[Op.MUL](*(self.value(part, indices) for part in parts))
        power = Fraction(1)
        if body.op is Op.POW and body.args[1].op is Op.NUMBER:
            body, power = body.args[0], body.args[1].data
        if (body.op, power, node.op) not in _CLOSED or body.args[0].op is not Op.INDEX:
            return None
        k, X = body.args
        if k.data != node.data or node.data in X.indices or whole_value(first, places) != 1:
            return None
        value = self.value(X, indices)
        rows, columns = self.algebra.shape(value)
        whole = whole_value(last, places) == min(rows, columns)
        if not whole or (node.op is Op.PRODUCT and rows != columns):
            return None
        if body.op is Op.EIGENVALUE:
            self.algebra.operations[body.op](1, value)  # raises where it is not symmetric
        return _CLOSED[body.op, power, node.op](self.algebra.operations, value)


def _quotient(above: Fraction, below: Fraction) -> Fraction:
    if below == 0:
        message = f"{above}/0"
        raise NoValueError(message)
    return above / below


_RATIONAL: dict[Op, Callable[..., Fraction]] = {
    Op.ADD: lambda a, b: a + b,
    Op.SUB: lambda a, b: a - b,
    Op.MUL: lambda a, b: a * b,
    Op.DIV: _quotient,
    Op.NEG: lambda a: -a,
}
_CLOSED: dict[tuple[Op, Fraction, Op], Callable[[Mapping[Op, Callable[..., Any]], Any], Any]] = {
    (Op.SINGULAR, Fraction(1), Op.PRODUCT): lambda on, X: on[Op.ABS](on[Op.DET](X)),
    (Op.SINGULAR, Fraction(2), Op.SUM): lambda on, X: on[Op.TRACE](on[Op.MATMUL](X, on[Op.TRANSPOSE](X))),
    (Op.EIGENVALUE, Fraction(1), Op.PRODUCT): lambda on, X: on[Op.DET](X),
    (Op.EIGENVALUE, Fraction(1), Op.SUM): lambda on, X: on[Op.TRACE](X),
    (Op.EIGENMODULUS, Fraction(1), Op.PRODUCT): lambda on, X: on[Op.ABS](on[Op.DET](X)),
}
