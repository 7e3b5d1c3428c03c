"""A formula as data: its name, its parameters with their domain, and the SymPy expression."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np
from sympy import And, Dummy, Expr, Sum, Symbol, lambdify
from sympy.logic.boolalg import Boolean

from jacspec.documents.prose import plain
from jacspec.theory.notation.printing import latex, text


def _float_polygamma(order: Any, argument: Any) -> Any:
    """ψ^{(order)} on arrays of float64, by mpmath: NumPy has none."""
    return np.vectorize(lambda m, x: float(mpmath.psi(int(m), x)), otypes=[float])(order, argument)


def _float_gamma(argument: Any) -> Any:
    """Γ on arrays of float64 or complex128, by mpmath."""
    values = np.asarray(argument)
    if np.iscomplexobj(values):
        return np.vectorize(lambda x: complex(mpmath.gamma(complex(x))), otypes=[complex])(values)
    return np.vectorize(lambda x: float(mpmath.gamma(float(x))), otypes=[float])(values)


BACKENDS: dict[str, list[Any]] = {
    "numpy": [{"polygamma": _float_polygamma, "gamma": _float_gamma}, "numpy"],
    "mpmath": ["mpmath"],
}
"""What a formula can be compiled for; balls are the business of ``jacspec.proofs_check.interpretation``."""


def _in_multiple_precision(formula: Formula) -> Callable[..., Any]:
    """The function for mpmath, in which Python divides no whole numbers: 2/3 would be a float64.

    Parameters become mpf; where they are ends of sums, a whole copy stays; summation indices are
    multiplied by an mpf 1.
    """
    one = Dummy("one")
    copies = {parameter: Dummy(parameter.name, integer=True) for parameter in formula.parameters}

    def prepared(part: Expr) -> Expr:
        if not isinstance(part, Sum):
            return part.func(*map(prepared, part.args)) if part.has(Sum) else part
        indices = {variable: variable * one for variable, *_ in part.limits}
        limits = [(variable, *(end.xreplace(copies) for end in ends)) for variable, *ends in part.limits]
        return Sum(prepared(part.function).xreplace(indices), *limits)

    expression = prepared(formula.expression)
    used = [parameter for parameter, copy in copies.items() if expression.has(copy)]
    arguments = (*formula.parameters, *(copies[parameter] for parameter in used), one)
    function = lambdify(arguments, expression, BACKENDS["mpmath"])

    def evaluated(*values: Any) -> Any:
        given = dict(zip(formula.parameters, values, strict=True))
        exact = [mpmath.mpmathify(value) for value in values]
        return function(*exact, *(int(given[parameter]) for parameter in used), mpmath.mpf(1))

    return evaluated


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
        if backend == "mpmath":
            function = _in_multiple_precision(self)
        else:
            function = lambdify(self.parameters, self.expression, modules)
        inside = lambdify(self.parameters, And(*self.conditions), modules)

        def evaluated(*values: Any) -> Any:
            given = list(zip(self.parameters, values, strict=True))
            positive = all(np.all(value > 0) for p, value in given if p.is_positive)
            whole = all(np.all(value % 1 == 0) for p, value in given if p.is_integer)
            if not (positive and whole and np.all(inside(*values))):
                shown = ", ".join(f"{p} = {v}" for p, v in given)
                message = f"{self.label} at {shown}: expected {plain(self.domain)}"
                raise ValueError(message)
            return function(*values)

        return evaluated

    def __str__(self) -> str:
        return text(self.expression)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ARG002 -- IPython's signature
        printer.text(str(self))

    def _repr_latex_(self) -> str:
        return f"${latex(self.expression)}$"
