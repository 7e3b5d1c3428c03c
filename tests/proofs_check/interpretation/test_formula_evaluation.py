"""Formulas in balls: they contain mpmath's value, are narrow, and refuse what is outside the domain."""

from __future__ import annotations

import mpmath
import pytest
from flint import arb
from sympy import Rational, Symbol, exp, log, polygamma, sqrt

from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.interpretation import evaluate_formula
from jacspec.theory import Formula
from jacspec.theory.results.initialisation import gaussian

x = Symbol("x", positive=True)
EXPRESSIONS = [
    polygamma(0, x), polygamma(2, x), log(x), exp(-x), sqrt(x), x ** Rational(2, 3), x ** Rational(-5, 4)
]  # fmt: skip


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=str)
@pytest.mark.parametrize("value", [1, 7])
def test_enclosures_hold_the_truth_and_are_narrow(expression: object, value: int) -> None:
    formula = Formula("test", (x,), expression, "x > 0")
    with mpmath.workdps(60):
        truth = formula.compiled()(mpmath.mpf(value))
        text = mpmath.nstr(truth, 50)
    with balls(140):
        found = evaluate_formula(formula, [arb(value)])
        assert abs(found - arb(text)) < 1e-38
        assert found.rad() < 1e-35


@pytest.mark.parametrize("values", [(3, 4, arb(1)), (3, 1, arb(-1)), (arb(5) / 2, 1, arb(1))])
def test_outside_the_domain(values: tuple[arb | int, ...]) -> None:
    with pytest.raises(ValueError, match="expected n ≥ 1, 1 ≤ k ≤ n"):
        evaluate_formula(gaussian.lyapunov_gaussian(), values)
