"""The operations on matrices as arrays of numbers of any kind, which add and multiply; no spectra."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np
from flint import arb, fmpq, fmpq_mat

from jacspec.proofs_check.interpretation.statements.ball_operations import OPERATIONS
from jacspec.proofs_check.interpretation.statements.balls import Balls
from jacspec.proofs_check.interpretation.statements.evaluation import MissingTermError
from jacspec.theory.statements.tree import Op

_LARGEST_DETERMINANT = 5


class OutsideError(ValueError):
    """What is no number of the kind."""


class Entrywise:
    """The algebra of arrays; a number is made by ``number``, raised by ``power``, and may be a ``constant``.

    ``own`` are the operations on numbers that the kind has of its own; any other is one of constants.
    """

    def __init__(
        self,
        number: Callable[[Any], Any],
        power: Callable[[Any, Fraction], Any],
        own: Mapping[Op, Callable[..., Any]],
    ) -> None:
        self._number, self._power = number, power
        everything = OPERATIONS.keys() | Balls().operations.keys()
        known = {**_OPERATIONS, **self._made(), **own}
        self.operations: Mapping[Op, Callable[..., Any]] = {
            op: known.get(op) or self._of_constants(op) for op in everything
        }

    def _made(self) -> Mapping[Op, Callable[..., Any]]:
        return {
            Op.DIV: lambda a, b: a * self._power(b, Fraction(-1)),
            Op.TRIU: lambda X: X * self.array(np.triu(np.ones(X.shape, dtype=int))),
            Op.SPAN: self._span,
            Op.DET: self._determinant,
            Op.INVERSE: self._inverse,
            Op.TRACE: lambda X: self._sum(np.diagonal(X)),
            Op.NORM: self._norm,
            Op.SINGULAR: self._singular,
        }

    def number(self, value: Fraction) -> Any:
        """The rational number."""
        return self._number(fmpq(value.numerator, value.denominator))

    def identity(self, size: int) -> Any:
        """The identity matrix."""
        return self.array(np.eye(size, dtype=int))

    def zero(self, rows: int, columns: int) -> Any:
        """The zero matrix."""
        return self.array(np.zeros((rows, columns), dtype=int))

    def shape(self, X: Any) -> tuple[int, int]:
        """Rows and columns."""
        return X.shape  # type: ignore[no-any-return]

    def power(self, x: Any, exponent: Fraction) -> Any:
        """A rational power."""
        return self._power(x, exponent)

    def array(self, entries: Any) -> Any:
        """An array of exact numbers, whole ones included, as one of the kind."""
        exact, found = entries.astype(object), np.empty(entries.shape, dtype=object)
        for place in np.ndindex(entries.shape):
            found[place] = self._number(fmpq(exact[place]))
        return found

    def _of_constants(self, op: Op) -> Callable[..., Any]:
        def computed(*values: Any) -> Any:
            found = Balls().operations[op](*map(_constant, values))
            if isinstance(found, fmpq | arb):
                return self._number(found)
            array = np.empty((found.nrows(), found.ncols()), dtype=object)
            for place in np.ndindex(array.shape):
                array[place] = self._number(found[place])
            return array

        return computed

    def _sum(self, values: Any) -> Any:
        return reduce(lambda a, b: a + b, values, self._number(fmpq(0)))

    def _span(self, chain: Any, first: int, last: int) -> Any:
        if not 1 <= first <= last + 1 <= len(chain) + 1:
            raise MissingTermError(f"the factors from {first} to {last} of {len(chain)}")
        return reduce(
            lambda done, factor: factor @ done, chain[first - 1 : last], self.identity(chain.shape[1])
        )

    def _determinant(self, X: Any) -> Any:
        """By rows: minors of the last rows, by their columns."""
        size = len(X)
        if size > _LARGEST_DETERMINANT:
            raise OutsideError("a large determinant")
        minors = {(): self._number(fmpq(1))}
        for row in reversed(range(size)):
            found: dict[tuple[int, ...], Any] = {}
            for columns, minor in minors.items():
                for column in set(range(size)) - set(columns):
                    wider = tuple(sorted((*columns, column)))
                    term = X[row, column] * minor
                    term = -term if wider.index(column) % 2 else term
                    found[wider] = found[wider] + term if wider in found else term
            minors = found  # type: ignore[assignment]
        return minors[tuple(range(size))]  # type: ignore[index]

    def _inverse(self, X: Any) -> Any:
        over = self._power(self._determinant(X), Fraction(-1))
        found = np.empty(X.shape, dtype=object)
        for i, j in np.ndindex(X.shape):
            minor = self._determinant(np.delete(np.delete(X, j, 0), i, 1)) * over
            found[i, j] = -minor if (i + j) % 2 else minor
        return found

    def _norm(self, X: Any, *order_and_kind: Any) -> Any:
        """Frobenius' norm; every other is the same of what has one row or one column."""
        if order_and_kind[-1] != "frobenius" and min(X.shape) > 1:
            return self._of_constants(Op.NORM)(X, *order_and_kind)
        return self._power(self._sum(x * x for x in X.flat), Fraction(1, 2))

    def _singular(self, k: int, X: Any) -> Any:
        return self._norm(X, "spectral") if k == min(X.shape) == 1 else self._of_constants(Op.SINGULAR)(k, X)


def _constant(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        rows, columns = value.shape
        return fmpq_mat(rows, columns, [_constant(each) for each in value.flat])
    if isinstance(value, int | str | Fraction):
        return value
    if value.constant is None:
        raise OutsideError("a function of no such number")
    return value.constant


def _block(X: Any, top: int, bottom: int, left: int, right: int) -> Any:
    if not (1 <= top <= bottom <= X.shape[0] and 1 <= left <= right <= X.shape[1]):
        raise MissingTermError(f"rows {top} to {bottom}, columns {left} to {right}")
    return X[top - 1 : bottom, left - 1 : right]


def _factor(chain: Any, layer: int) -> Any:
    if not 1 <= layer <= len(chain):
        raise MissingTermError(f"factor {layer} of {len(chain)}")
    return chain[layer - 1]


_OPERATIONS: Mapping[Op, Callable[..., Any]] = {
    Op.ADD: lambda a, b: a + b,
    Op.SUB: lambda a, b: a - b,
    Op.NEG: lambda a: -a,
    Op.MUL: lambda a, b: a * b,
    Op.MATMUL: lambda X, Y: X @ Y,
    Op.SCALE: lambda c, X: X * c,
    Op.TRANSPOSE: lambda X: X.T,
    Op.HADAMARD: lambda X, Y: X * Y,
    Op.KRONECKER: np.kron,
    Op.BLOCK: _block,
    Op.FACTOR: _factor,
    Op.ENTRY: lambda X, i, j: _block(X, i, i, j, j)[0, 0],
}
