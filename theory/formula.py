"""A formula as data: its name, its parameters with their domain, and the SymPy expression."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Symbol

from theory.printing import latex, text

__all__ = ["Formula"]


@dataclass(frozen=True)
class Formula:
    """A named expression of its parameters; whatever evaluates it is generated from ``expression``.

    ``label`` is the ledger's; ``domain`` says in words for which parameters the formula is meant.
    """

    label: str
    parameters: tuple[Symbol, ...]
    expression: Expr
    domain: str

    def __str__(self) -> str:
        return text(self.expression)

    def _repr_latex_(self) -> str:
        return f"${latex(self.expression)}$"
