"""Formulas of ``theory`` evaluated in balls, from the expression they were derived as."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flint import arb
from sympy import GreaterThan, LessThan, StrictGreaterThan, StrictLessThan, Symbol, false
from sympy.core.relational import Relational

from jacspec.documents.prose import plain
from jacspec.proofs_check.interpretation.base import Indices, Interpretation
from jacspec.proofs_check.interpretation.evaluation import evaluate_scalar
from jacspec.proofs_check.interpretation.values import Value
from jacspec.theory import Formula
from jacspec.theory.notation.heads import Head

__all__ = ["evaluate_formula"]


def evaluate_formula(formula: Formula, values: Sequence[arb | int]) -> arb:
    """Evaluate a formula of ``theory`` in balls, its parameters given in their order.

    Whole numbers may be given as such, and must be where a parameter is the end of a sum. Raises
    ValueError where the domain is certainly left: by a fraction or a negative number for a parameter that is
    none, or by one of the formula's own conditions.
    """
    given = dict(zip(formula.parameters, values, strict=True))
    whole = {symbol: value for symbol, value in given.items() if isinstance(value, int)}
    balls = {symbol: value for symbol, value in given.items() if isinstance(value, arb)}
    at = _Parameters(balls, whole)
    known = [condition.subs(whole) for condition in formula.conditions]
    violated = [each == false or (isinstance(each, Relational) and _fails(each, at)) for each in known]
    if any(violated) or any(_is_outside(parameter, arb(value)) for parameter, value in given.items()):
        shown = ", ".join(f"{symbol} = {value}" for symbol, value in given.items())
        message = f"{formula.label} at {shown}: expected {plain(formula.domain)}"
        raise ValueError(message)
    return evaluate_scalar(formula.expression, at)


def _is_outside(parameter: Symbol, value: arb) -> bool:
    """Whether a value certainly is a fraction or negative, where the parameter is not.

    Zero is let pass: a bound may be evaluated at a singular value that vanishes.
    """
    fraction = parameter.is_integer and not value.contains_integer()
    return bool(fraction or (parameter.is_nonnegative and value < 0))


def _fails(condition: Relational, at: Interpretation) -> bool:
    """Whether a comparison certainly fails; ≠ fails where the two sides cannot be told apart."""
    difference = evaluate_scalar(condition.lhs - condition.rhs, at)
    match condition:
        case StrictLessThan():
            return bool(difference >= 0)
        case LessThan():
            return bool(difference > 0)
        case StrictGreaterThan():
            return bool(difference <= 0)
        case GreaterThan():
            return bool(difference < 0)
    return difference.contains(arb(0))


class _Parameters(Interpretation):
    """Values for the parameters of a formula, which holds no head of the notation."""

    def __init__(self, values: Mapping[Symbol, arb], whole: Indices) -> None:
        super().__init__(1, 1, whole)
        self._values = values

    def symbol(self, symbol: Symbol) -> arb:
        """Return the value of a parameter."""
        return self._values[symbol]

    def head(self, head: Head, indices: tuple[int, ...]) -> Value:
        """Refuse: a formula is made of its parameters alone."""
        message = f"a formula holds no {head.name}{indices}"
        raise KeyError(message)
