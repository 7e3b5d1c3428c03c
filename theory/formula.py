"""A formula as data: its name, its parameters with their domain, and the SymPy expression."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np
from sympy import And, Expr, Symbol, lambdify
from sympy.logic.boolalg import Boolean

from theory.printing import latex, text

__all__ = ["BACKENDS", "Formula"]


def _float_polygamma(order: Any, argument: Any) -> Any:
    """ψ^{(order)} on arrays of float64, by mpmath: NumPy has none."""
    return np.vectorize(lambda m, x: float(mpmath.psi(int(m), x)), otypes=[float])(order, argument)


BACKENDS: dict[str, list[Any]] = {
    "numpy": [{"polygamma": _float_polygamma}, "numpy"],
    "mpmath": ["mpmath"],
}
"""What a formula can be compiled for; balls are the business of ``proofs_check.interpretation``."""


@dataclass(frozen=True)
class Formula:
    """A named expression of its parameters; whatever evaluates it is generated from ``expression``.

    ``label`` is the ledger's; ``domain`` says in words for which parameters the formula is meant, and
    ``conditions`` say it in SymPy, as far as the parameters' own assumptions do not.
    """

    label: str
    parameters: tuple[Symbol, ...]
    expression: Expr
    domain: str
    conditions: tuple[Boolean, ...] = ()

    def compiled(self, backend: str = "mpmath") -> Callable[..., Any]:
        """The formula as a function of its parameters, for ``numpy`` (arrays too) or ``mpmath``.

        Raises ValueError for an unknown backend; the function raises it outside the domain. mpmath
        runs at the precision of the context in force.
        """
        if backend not in BACKENDS:
            message = f"unknown backend {backend!r}: expected one of {', '.join(BACKENDS)}"
            raise ValueError(message)
        modules = BACKENDS[backend]
        function = lambdify(self.parameters, self.expression, modules)
        inside = lambdify(self.parameters, And(*self.conditions), modules)

        def evaluated(*values: Any) -> Any:
            positive = [v for p, v in zip(self.parameters, values, strict=True) if p.is_positive]
            if not (all(np.all(value > 0) for value in positive) and np.all(inside(*values))):
                given = ", ".join(f"{p} = {v}" for p, v in zip(self.parameters, values, strict=True))
                message = f"{self.label} at {given}: expected {self.domain}"
                raise ValueError(message)
            return function(*values)

        return evaluated

    def __str__(self) -> str:
        return text(self.expression)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ARG002 -- IPython's signature
        printer.text(str(self))

    def _repr_latex_(self) -> str:
        return f"${latex(self.expression)}$"
