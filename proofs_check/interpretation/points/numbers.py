"""Points of formulas about numbers alone: sizes, indices, and the values of symbols."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sympy import Symbol

from jacspec.proofs_check.interpretation.base import Interpretation
from jacspec.proofs_check.interpretation.values import Known, Value
from jacspec.theory.notation.heads import Head


class NumbersPoint(Interpretation):
    """A choice of whole numbers, all of which it is about, and of the symbols' values, by name."""

    def __init__(
        self,
        whole: Mapping[Symbol, int],
        values: Mapping[str, Known] = MappingProxyType({}),
        *,
        depth: int = 1,
        width: int = 1,
    ) -> None:
        super().__init__(depth, width, whole)
        self.particular = self.particular | whole.keys()
        self._values = values

    def symbol(self, name: str) -> Known:
        """Return the value of a symbol."""
        return self._values[name]

    def head(self, head: Head, indices: tuple[int, ...]) -> Value:
        """Refuse: there are numbers alone."""
        message = f"a formula of numbers holds no {head.name}{indices}"
        raise KeyError(message)
