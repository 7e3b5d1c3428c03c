"""Every formula of the theory, compiled for NumPy, mpmath and balls: they agree, and keep to the domain."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from flint import arb, fmpq
from sympy import Symbol

import jacspec.theory
from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.interpretation import evaluate_formula
from jacspec.theory import Formula
from jacspec.theory.results.evaluated_formulas import FORMULAS

WHOLE = {"n": 5, "k": 2, "N": 3, "r": 3, "j": 2, "m": 3}
"""A point of every domain: whole numbers by name, then the rest, small ones below 1."""
BELOW_ONE = ("p", "t", "theta", "epsilon")
COMPLEX = "finite_depth.standardised"


def _value(symbol: Symbol) -> int | Fraction:
    if symbol.is_integer:
        return WHOLE[symbol.name]
    if symbol.name in BELOW_ONE:
        return Fraction(1, 3)
    if symbol.name in ("g_12", "g_13", "g_23"):
        return Fraction(2, 7)  # a positive definite Gram matrix
    return Fraction(7, 5)


def _float(value: int | Fraction) -> float | int:
    return value if isinstance(value, int) else float(value)


def _mpf(value: int | Fraction) -> mpmath.mpf | int:
    return value if isinstance(value, int) else mpmath.mpf(value.numerator) / value.denominator


def _ball(value: int | Fraction) -> arb | int:
    return value if isinstance(value, int) else arb(fmpq(value.numerator, value.denominator))


def _evaluators(formula: Formula) -> dict[str, tuple[Callable[..., object], Callable[..., object]]]:
    return {
        "numpy": (formula.compiled("numpy"), _float),
        "mpmath": (formula.compiled("mpmath"), _mpf),
        "balls": (lambda *values: evaluate_formula(formula, values), _ball),
    }


@pytest.mark.parametrize("name", FORMULAS)
def test_the_three_evaluators_agree(name: str) -> None:
    formula = FORMULAS[name]()
    values = [_value(parameter) for parameter in formula.parameters]
    with mpmath.workdps(50):
        exact = formula.compiled("mpmath")(*map(_mpf, values))
        digits = mpmath.nstr(mpmath.re(exact), 45)
    approximate = formula.compiled("numpy")(*map(_float, values))
    np.testing.assert_allclose(complex(approximate), complex(exact), rtol=1e-12)
    if name == COMPLEX:  # balls are real
        return
    with balls(200):
        enclosure = evaluate_formula(formula, list(map(_ball, values)))
        assert abs(enclosure - arb(digits)) < 1e-40 * (1 + abs(arb(digits)))
        assert enclosure.rad() < 1e-45 * (1 + abs(arb(digits)))


@pytest.mark.parametrize("backend", ["numpy", "mpmath", "balls"])
@pytest.mark.parametrize("name", FORMULAS)
def test_none_leaves_its_domain(name: str, backend: str) -> None:
    formula = FORMULAS[name]()
    function, convert = _evaluators(formula)[backend]
    values = [convert(_value(parameter)) for parameter in formula.parameters]
    tried = 0
    for position, parameter in enumerate(formula.parameters):
        wrong = [convert(Fraction(-3, 2))] if parameter.is_positive else []
        wrong += [convert(Fraction(5, 2))] if parameter.is_integer else []
        for value in wrong:
            tried += 1
            with pytest.raises(ValueError, match="expected"):
                function(*values[:position], value, *values[position + 1 :])
    assert tried


def test_conditions_are_decided_for_balls_too() -> None:
    overlap = FORMULAS["first_order.leading_overlap(2, 3)"]()
    with pytest.raises(ValueError, match="expected"):
        evaluate_formula(overlap, [arb(1)] * 6)


def test_the_list_of_formulas_is_complete() -> None:
    listed = {make() if not hasattr(make, "func") else make().label for make in FORMULAS.values()}
    modules = (
        jacspec.theory.results.alignment.bounds,
        jacspec.theory.results.initialisation.finite_depth,
        jacspec.theory.results.initialisation.gaussian,
        jacspec.theory.results.separation,
    )
    made = [
        function()
        for module in modules
        for function in vars(module).values()
        if callable(function)
        and getattr(function, "__module__", "") == module.__name__
        and getattr(function, "__annotations__", {}).get("return") == "Formula"
        and not function.__annotations__.keys() - {"return"}
    ]
    assert len(made) > 15
    assert set(made) <= listed
