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


def is_whole(node: Node) -> bool:
    """Whether an expression, or a relation, is of whole numbers, sizes and indices alone."""
    leaf = node.op in (Op.INDEX, Op.SIZE) or (node.op is Op.NUMBER and node.data.denominator == 1)
    inner = node.op in _WHOLE or node.op is Op.NEG
    return leaf or (inner and all(map(is_whole, node.args)))


class _Placed:
    """A node where its sizes and indices have values: what is the same for all examples, found out once."""

    __slots__ = ("data", "indices", "node", "parts", "places", "sizes", "way")

    def __init__(self, node: Expression, indices: Places, sizes: tuple[tuple[str, int], ...]) -> None:
        self.node, self.indices, self.sizes = node, indices, sizes
        self.places: Places = {**dict(sizes), **indices}
        self.way: Callable[[Evaluator, _Placed], Any] = _WAYS.get(node.op, _operation)
        self.data = () if node.data is None else (node.data,)
        self.parts: tuple[Any, ...] = ()

    def of(self, node: Expression, **more: int) -> _Placed:
        """Another node at the same values, and these."""
        indices = {**self.indices, **more} if more else self.indices
        return _placed(node, tuple(map(indices.get, node.ordered)), self.sizes)

    def whole(self, node: Node) -> int:
        """The value of an expression of whole numbers, sizes and indices."""
        return whole_value(node, self.places)


_FEW = 1 << 10
"""Terms of a sum that are remembered; more are found anew."""


@lru_cache(maxsize=1 << 15)
def _placed(node: Expression, at: tuple[int | None, ...], sizes: tuple[tuple[str, int], ...]) -> _Placed:
    indices = {name: place for name, place in zip(node.ordered, at, strict=True) if place is not None}
    return _Placed(node, indices, sizes)


class Evaluator:
    """Trees at one example, or one batch of them; whatever is shared is computed once."""

    def __init__(self, algebra: Algebra, values: Mapping[str, Any], sizes: Places) -> None:
        self.algebra, self.values, self.sizes = algebra, values, sizes
        self._sizes = tuple(sorted(sizes.items()))
        self._known: dict[_Placed, Any] = {}

    def value(self, node: Expression, indices: Places) -> Any:
        """The value of an expression; raises MissingTermError or NoValueError where it has none."""
        return self.at(_placed(node, tuple(map(indices.get, node.ordered)), self._sizes))

    def at(self, placed: _Placed) -> Any:
        """The same of a node in its place."""
        found = self._known.get(placed, self)  # which is no value
        if found is self:
            found = self._known[placed] = placed.way(self, placed)
        return found


# --- ways to a value: each finds out what no example changes, when it first comes to it ---------------------


def _operation(on: Evaluator, placed: _Placed) -> Any:
    """An operation on the values of all arguments."""
    node = placed.node
    if not placed.parts:
        whole = WHOLE_PLACES.get(node.op, ())
        placed.parts = tuple(
            placed.whole(argument) if place in whole else placed.of(argument)
            for place, argument in enumerate(node.args)
        )
    arguments = [on.at(part) if type(part) is _Placed else part for part in placed.parts]
    return on.algebra.operations[node.op](*arguments, *placed.data)


def _variable(on: Evaluator, placed: _Placed) -> Any:
    return on.values[placed.node.data]


def _number(on: Evaluator, placed: _Placed) -> Any:
    return on.algebra.number(placed.node.data)


def _index(on: Evaluator, placed: _Placed) -> Any:
    place = placed.places.get(placed.node.data)
    return on.values[placed.node.data] if place is None else on.algebra.number(Fraction(place))


def _constant(on: Evaluator, placed: _Placed) -> Any:
    assert placed.node.shape is not None  # noqa: S101 -- narrows the type
    rows, columns = map(placed.whole, placed.node.shape)
    identity = placed.node.op is Op.IDENTITY
    return on.algebra.identity(rows) if identity else on.algebra.zero(rows, columns)


def _derivative(on: Evaluator, placed: _Placed) -> Any:
    node = placed.node
    if not is_velocity(node):
        placed.parts = placed.parts or (placed.of(carried_out(node)),)
        return on.at(placed.parts[0])
    symbol = node.args[0]
    return on.algebra.operations[node.op](*map(placed.whole, symbol.args), symbol.data)


def _power(on: Evaluator, placed: _Placed) -> Any:
    """With a static exponent, one that is known before any example, a rational power."""
    base, exponent = placed.node.args
    if not placed.parts:
        known = _static(exponent, placed.places) if _is_static(exponent, placed.places) else None
        placed.parts = placed.of(base), placed.of(exponent) if known is None else known
    below, above = placed.parts
    if type(above) is _Placed:
        return on.algebra.operations[Op.POW](on.at(below), on.at(above))
    return on.algebra.power(on.at(below), above)


def _is_static(node: Expression, places: Places) -> bool:
    """Whether a number is made of constants, sizes and indices by + - · /."""
    if node.op in (Op.NUMBER, Op.INDEX, Op.SIZE):
        return node.op is Op.NUMBER or node.data in places
    return node.op in _RATIONAL and all(_is_static(each, places) for each in node.args)


def _static(node: Expression, places: Places) -> Fraction:
    if node.op in (Op.NUMBER, Op.INDEX, Op.SIZE):
        return node.data if node.op is Op.NUMBER else Fraction(places[node.data])
    return _RATIONAL[node.op](*(_static(argument, places) for argument in node.args))


def _over_index(on: Evaluator, placed: _Placed) -> Any:
    """A sum or a product over an index."""
    node = placed.node
    closed = _closed(on, placed)
    if closed is not None:
        return closed
    terms = placed.parts
    if not terms:
        first, last = map(placed.whole, node.args[:2])
        terms = tuple(placed.of(node.args[2], **{node.data: i}) for i in range(first, last + 1))
        placed.parts = terms if len(terms) <= _FEW else ()
    if terms:
        combine = on.algebra.operations[Op.ADD if node.op is Op.SUM else Op.MUL]
        return reduce(combine, [on.at(term) for term in terms])
    if node.shape is not None:
        return on.algebra.zero(*map(placed.whole, node.shape))
    return on.algebra.number(Fraction(int(node.op is Op.PRODUCT)))


def _closed(on: Evaluator, placed: _Placed) -> Any:
    """∏ s_i = |det X|, Σ s_i² = ‖X‖_F², ∏ λ_i = det X, Σ λ_i = tr X: rational, so equality decides."""
    node, algebra = placed.node, on.algebra
    first, last, body = node.args
    if node.op is Op.PRODUCT and body.op is Op.MUL:
        parts = [Expression(Op.PRODUCT, (first, last, each), node.data) for each in body.args]
        return algebra.operations[Op.MUL](*(on.at(placed.of(part)) for part in parts))
    power = Fraction(1)
    if body.op is Op.POW and body.args[1].op is Op.NUMBER:
        body, power = body.args[0], body.args[1].data
    if (body.op, power, node.op) not in _CLOSED or body.args[0].op is not Op.INDEX:
        return None
    k, X = body.args
    if k.data != node.data or node.data in X.indices or placed.whole(first) != 1:
        return None
    value = on.at(placed.of(X))
    rows, columns = algebra.shape(value)
    whole = placed.whole(last) == min(rows, columns)
    if not whole or (node.op is Op.PRODUCT and rows != columns):
        return None
    if body.op is Op.EIGENVALUE:
        algebra.operations[body.op](1, value)  # raises where it is not symmetric
    return _CLOSED[body.op, power, node.op](algebra.operations, value)


_WAYS: Mapping[Op, Callable[[Evaluator, _Placed], Any]] = {
    **dict.fromkeys(VARIABLES, _variable),
    Op.NUMBER: _number,
    Op.INDEX: _index,
    Op.SIZE: _index,
    Op.IDENTITY: _constant,
    Op.ZERO: _constant,
    Op.DERIVATIVE: _derivative,
    Op.AT: _derivative,
    Op.POW: _power,
    Op.SUM: _over_index,
    Op.PRODUCT: _over_index,
}
"""What is not, or not always, an operation on the values of all arguments."""


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
