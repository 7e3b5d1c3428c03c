"""What gives values to the heads of the notation."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping

from flint import arb
from sympy import Symbol

from jacspec.proofs_check.interpretation.values import Value, identity
from jacspec.theory.notation.heads import Head, Kind
from jacspec.theory.notation.symbols import N, n

__all__ = ["Indices", "Interpretation"]

Indices = Mapping[Symbol, int]


class Interpretation(ABC):
    """Values for the heads of the notation, at some depth, width and choice of free indices."""

    particular: frozenset[Symbol] = frozenset({N, n})
    """What a point is about; a proposition is evaluated there at all values of its other indices."""

    def __init__(self, depth: int, width: int, indices: Indices) -> None:
        self.depth = depth
        self.width = width
        self.indices: dict[Symbol, int] = {N: depth, n: width, **indices}

    @abstractmethod
    def head(self, head: Head, indices: tuple[int, ...]) -> Value:
        """Return the value of a head at concrete indices."""

    def head_with_velocity(self, head: Head, indices: tuple[int, ...]) -> tuple[Value, Value]:
        """Return the value of a head and of its time derivative."""
        velocity = head.derivative
        if velocity is None:
            message = f"the time derivative of {head.name} is not declared in the notation"
            raise TypeError(message)
        return self.head(head, indices), self.head(velocity, indices)

    def symbol(self, symbol: Symbol) -> arb:
        """Return the value of a symbol that is neither an index, nor N, nor n."""
        message = f"no value for the symbol {symbol}"
        raise KeyError(message)

    def matrix(self, kind: Kind, value: Value) -> Value:
        """Read the scalars 0 and 1 as matrices where a matrix is meant."""
        if kind is Kind.MATRIX and isinstance(value, arb):
            return identity(self.width) * value
        return value
