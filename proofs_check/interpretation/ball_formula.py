"""Formulas of ``theory`` as functions of balls, generated from their SymPy expression, domain checked."""

from __future__ import annotations

from collections.abc import Callable

from flint import arb

from jacspec.numerics import InputError
from jacspec.proofs_check.interpretation import evaluate_formula
from jacspec.theory import Formula

__all__ = ["compiled_in_balls"]


def compiled_in_balls(formula: Formula) -> Callable[..., arb]:
    """The formula as a function of its parameters, in order: whole numbers, or balls (``flint.arb``).

    The result is an enclosure at the ball precision in force. The function raises InputError for
    another number of values, and where the domain is certainly left: by a parameter that has to be
    positive or whole, or by one of the formula's own conditions.
    """

    def evaluated(*values: arb | int) -> arb:
        if len(values) != len(formula.parameters):
            names = ", ".join(map(str, formula.parameters))
            message = f"{formula.label}: {len(values)} values; expected one each for {names}"
            raise InputError(message)
        for parameter, value in zip(formula.parameters, values, strict=True):
            ball = arb(value)
            fraction = parameter.is_integer and not ball.contains_integer()
            if fraction or (parameter.is_positive and ball <= 0):
                message = f"{formula.label} at {parameter} = {value}: expected {formula.domain}"
                raise InputError(message)
        try:
            return evaluate_formula(formula, values)
        except ValueError as error:
            raise InputError(str(error)) from error

    return evaluated
