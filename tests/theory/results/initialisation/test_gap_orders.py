"""The gap's expansion to every order: what is classical is tested at 40 digits, by other means."""

from __future__ import annotations

from dataclasses import replace

import mpmath
import pytest
from flint import arb, fmpq
from sympy import Integer, Symbol, exp as exponential, factorial, series, simplify

from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.interpretation import evaluate_formula
from jacspec.theory.results.initialisation import gap_orders, gaussian

DIGITS = 40


def test_the_terms_are_the_laplace_transform_of_the_taylor_series() -> None:
    t, z = Symbol("t"), Symbol("z", positive=True)
    expansion = series(1 / (1 + exponential(-t)), t, 0, 14).removeO()
    for order in range(6):
        power = 2 * order + 1
        term = expansion.coeff(t, power) * factorial(power) / z ** (power + 1)
        assert simplify(term - gaussian.gap_term(Integer(order), z)) == 0


@pytest.mark.parametrize("order", [0, 1, 4])
def test_the_sums_over_the_poles(order: int) -> None:
    (rule,) = gap_orders.EULER.rules
    (index,) = rule.rhs.free_symbols
    with mpmath.workdps(DIGITS + 10):
        total = mpmath.nsum(lambda i: 2 / ((2 * i - 1) * mpmath.pi) ** (2 * order + 2), [1, mpmath.inf])
        value = mpmath.mpmathify(rule.rhs.subs(index, order))
        assert abs(total - value) < mpmath.mpf(10) ** -DIGITS


@pytest.mark.parametrize("t", [0.25, 1, 7])
def test_the_poles_add_up_to_tanh(t: float) -> None:
    with mpmath.workdps(DIGITS + 10):
        total = mpmath.nsum(lambda i: 2 * t / (t**2 + ((2 * i - 1) * mpmath.pi) ** 2), [1, mpmath.inf])
        assert abs(total - mpmath.tanh(mpmath.mpf(t) / 2) / 2) < mpmath.mpf(10) ** -DIGITS


@pytest.mark.parametrize("terms", range(1, 13))
def test_every_partial_sum_encloses_the_gap(terms: int) -> None:
    expansion = gaussian.gap_expansion(terms)
    with balls(600):
        for width in (2, 3, 4, 5, 8, 33, 512, 4096):
            error = evaluate_formula(gaussian.gap(), (width,)) - evaluate_formula(expansion, (width,))
            toward = error if terms % 2 else -error
            assert arb(0) < toward
            omitted = abs(gaussian.gap_term(Integer(terms - 1), Integer(width - 1)))
            assert toward < arb(fmpq(int(omitted.p), int(omitted.q)))


def test_the_classical_formula_is_assumed_by_the_words_and_by_no_step() -> None:
    derivation = gap_orders.gap_all_orders()
    assert derivation.argument
    assert derivation.assumptions == (gap_orders.EULER, gap_orders.POLES)
    assert [step.rule for step in derivation.steps if gap_orders.POLES in step.uses] == []


def test_assumptions_of_words_that_are_not_there_are_refused() -> None:
    derivation = gap_orders.gap_all_orders()
    with pytest.raises(ValueError, match="assumes poles-of-tanh for words that it does not have"):
        replace(derivation, argument="")
