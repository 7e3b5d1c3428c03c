"""Formulas of ``theory`` evaluated in balls, from the expression they were derived as."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flint import arb
from sympy import Symbol, false

from proofs_check.interpretation.base import Indices, Interpretation
from proofs_check.interpretation.evaluation import evaluate_scalar
from proofs_check.interpretation.values import Value
from theory import Formula
from theory.notation import Head

__all__ = ["evaluate_formula"]


def evaluate_formula(formula: Formula, values: Sequence[arb | int]) -> arb:
    """Evaluate a formula of ``theory`` in balls, its parameters given in their order.

    Whole numbers may be given as such, and must be where a parameter is the end of a sum. Raises
    ValueError where the formula's conditions, decided on whole numbers, exclude them.
    """
    given = dict(zip(formula.parameters, values, strict=True))
    whole = {symbol: value for symbol, value in given.items() if isinstance(value, int)}
    for condition in formula.conditions:
        if condition.subs(whole) == false:
            message = f"{formula.label} at {whole}: expected {formula.domain}"
            raise ValueError(message)
    balls = {symbol: value for symbol, value in given.items() if isinstance(value, arb)}
    return evaluate_scalar(formula.expression, _Parameters(balls, whole))


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
