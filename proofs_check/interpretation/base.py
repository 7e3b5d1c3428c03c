"""What gives values to the symbols of the notation, and expressions evaluated with them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Mapping, Sequence
from copy import copy
from typing import Any, Self
from weakref import proxy

from flint import arb
from sympy import Expr, Symbol

from jacspec.numerics.support.precision import current_bits
from jacspec.proofs_check.claims.margin import Truth
from jacspec.proofs_check.interpretation.statements.balls import Balls
from jacspec.proofs_check.interpretation.statements.evaluation import Evaluator, NoValueError
from jacspec.proofs_check.interpretation.values import Known, Value, in_balls
from jacspec.theory.notation.heads import HEADS, Head
from jacspec.theory.notation.symbols import N, epsilon, n
from jacspec.theory.statements.expression import Expression
from jacspec.theory.statements.ledger_symbols import from_sympy
from jacspec.theory.statements.tree import Op

Indices = Mapping[Symbol, int]


class UnknownSymbolError(KeyError):
    """A symbol to which a point gives no value."""

    def __str__(self) -> str:
        """The message, without the quotes of a key."""
        return str(self.args[0])


class Interpretation(ABC):
    """Values for the symbols of the notation, at some depth, width and choice of free indices."""

    particular: frozenset[Symbol] = frozenset({N, n})
    """What a point is about; a proposition is evaluated there at all values of its other indices."""

    def __init__(self, depth: int, width: int, indices: Indices) -> None:
        self.depth = depth
        self.width = width
        self.indices: dict[Symbol, int] = {N: depth, n: width, **indices}
        self._evaluators: dict[int, tuple[Evaluator, dict[str, int]]] = {}
        self.truths: dict[Hashable, Truth] = {}
        """What was found to hold here, by what was asked."""

    @abstractmethod
    def head(self, head: Head, indices: tuple[int, ...]) -> Known:
        """Return the value of a head at concrete indices, exact where it can be."""

    def velocity(self, head: Head, indices: tuple[int, ...]) -> Known:
        """Return the time derivative of a head at concrete indices."""
        if head.derivative is None:
            message = f"the time derivative of {head.name} is not declared in the notation"
            raise TypeError(message)
        return self.head(head.derivative, indices)

    def symbol(self, name: str) -> Known:
        """Return the value of a symbol that is neither an index, nor N, nor n."""
        message = f"no value for the symbol {name}: expected one that this point has, or a declared one"
        if name == epsilon.name:
            message = "no value for ε, which stands in limits only: declare a symbol of your own for a level"
        raise UnknownSymbolError(message)

    def nearer(self, variable: Symbol) -> Sequence[Interpretation]:  # noqa: ARG002 -- for those that move
        """Two points on the way of a variable to its limit, where more than that variable moves with it."""
        return ()

    def at(self, indices: Indices) -> Self:
        """The same point, read at these indices."""
        moved = copy(self)
        moved.indices = {**self.indices, **indices}
        moved._evaluators, moved.truths = {}, {}
        return moved

    def value(self, node: Expression, indices: Indices) -> Known:
        """The value of a tree, exact where it can be; ``indices`` are those in force beside the point's own.

        What is evaluated at one precision is remembered.
        """
        bits = current_bits()
        if bits not in self._evaluators:
            own = {symbol.name: place for symbol, place in self.indices.items()}
            sizes = {each.name: own[each.name] for each in (N, n)}
            self._evaluators[bits] = Evaluator(Balls(self._symbols()), _Numbers(self), sizes), own
        evaluator, places = self._evaluators[bits]
        if indices:
            places = {**places, **{symbol.name: place for symbol, place in indices.items()}}
        return evaluator.value(node, places)  # type: ignore[no-any-return]

    def _symbols(self) -> Mapping[Op, Callable[..., Known]]:
        """How symbols and their velocities are read: by way of the point, which is not kept by its values."""
        point = proxy(self)

        def remembered(what: str) -> Callable[..., Known]:
            known: dict[tuple[Any, ...], Known] = {}

            def value(*indices_and_name: Any) -> Known:
                if indices_and_name not in known:
                    *indices, name = indices_and_name
                    known[indices_and_name] = getattr(point, what)(HEADS[name], tuple(indices))
                return known[indices_and_name]

            return value

        return {Op.SYMBOL: remembered("head"), Op.DERIVATIVE: remembered("velocity")}


class _Numbers(dict[str, Known]):
    """The symbols of a point, each asked for once."""

    def __init__(self, point: Interpretation) -> None:
        self._point = proxy(point)

    def __missing__(self, name: str) -> Known:
        self[name] = self._point.symbol(name)
        return self[name]


def known(expression: Expr, at: Interpretation, indices: Indices | None = None) -> Known:
    """Evaluate an expression of the notation, exactly where it can be; a number without a value is NaN.

    ``indices`` are those in force beside the point's own.
    """
    node = from_sympy(expression)
    try:
        return at.value(node, indices or {})
    except NoValueError:
        if node.is_matrix:
            raise
        return arb("nan")


def evaluate(expression: Expr, at: Interpretation, indices: Indices | None = None) -> Value:
    """The same in balls."""
    return in_balls(known(expression, at, indices))


def evaluate_scalar(expression: Expr, at: Interpretation) -> arb:
    """Evaluate an expression that is a number; raises TypeError if it is a matrix."""
    value = evaluate(expression, at)
    if not isinstance(value, arb):
        message = f"{expression} is a matrix; expected a scalar"
        raise TypeError(message)
    return value
