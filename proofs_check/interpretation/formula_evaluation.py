"""Formulas of ``theory`` evaluated in balls, from the expression they were derived as."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from flint import arb, fmpq
from sympy import GreaterThan, LessThan, StrictGreaterThan, StrictLessThan, Symbol, Unequality, false
from sympy.core.relational import Relational

from jacspec.documents.prose import plain
from jacspec.proofs_check.claims.margin import Truth, compare
from jacspec.proofs_check.interpretation.statements.balls import Balls
from jacspec.proofs_check.interpretation.statements.evaluation import Evaluator, NoValueError
from jacspec.proofs_check.interpretation.statements.exact import ball
from jacspec.theory import Formula
from jacspec.theory.statements.ledger_symbols import from_sympy
from jacspec.theory.statements.tree import Op


def evaluate_formula(formula: Formula, values: Sequence[arb | int]) -> arb:
    """Evaluate a formula of ``theory`` in balls, its parameters given in their order.

    Whole numbers may be given as such, and must be where a parameter is the end of a sum. Raises
    ValueError where the domain is certainly left: by a fraction or a negative number for a parameter that is
    none, or by one of the formula's own conditions. NaN where the formula has no value.
    """
    given = dict(zip(formula.parameters, values, strict=True))
    whole = {symbol.name: value for symbol, value in given.items() if isinstance(value, int)}
    numbers = {symbol.name: fmpq(v) if isinstance(v, int) else v for symbol, v in given.items()}
    at = Evaluator(Balls({Op.SYMBOL: _refused}), numbers, whole)
    outside = any(_is_outside(parameter, arb(value)) for parameter, value in given.items())
    if outside or any(_fails(condition, at) for condition in formula.conditions):
        shown = ", ".join(f"{symbol} = {value}" for symbol, value in given.items())
        message = f"{formula.label} at {shown}: expected {plain(formula.domain)}"
        raise ValueError(message)
    try:
        return ball(at.value(from_sympy(formula.expression), {}))
    except NoValueError:
        return arb("nan")


def _refused(*indices_and_name: object) -> NoReturn:
    message = f"a formula is made of its parameters alone, and holds no symbol {indices_and_name[-1]}"
    raise KeyError(message)


def _is_outside(parameter: Symbol, value: arb) -> bool:
    """Whether a value certainly is a fraction or negative, where the parameter is not.

    Zero is let pass: a bound may be evaluated at a singular value that vanishes.
    """
    fraction = parameter.is_integer and not value.contains_integer()
    return bool(fraction or (parameter.is_nonnegative and value < 0))


_RELATIONS = {StrictLessThan: "<", LessThan: "≤", StrictGreaterThan: ">", GreaterThan: "≥", Unequality: "≠"}


def _fails(condition: object, at: Evaluator) -> bool:
    """Whether a condition certainly fails."""
    if not isinstance(condition, Relational):
        return bool(condition == false)
    left, right = (at.value(from_sympy(side), {}) for side in condition.args)
    return compare(left, _RELATIONS[type(condition)], right).truth is Truth.FAILS
