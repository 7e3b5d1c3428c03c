"""The normal form of scalar formulas: identities of ψ and Γ that it knows, and what it must refuse."""

from __future__ import annotations

import mpmath
import pytest
from sympy import (
    Derivative,
    Expr,
    Integer,
    Integral,
    KroneckerDelta,
    Rational,
    Subs,
    Sum,
    Symbol,
    exp,
    gamma,
    log,
    oo,
    polygamma,
    sqrt,
)

from jacspec.theory.algebra import scalar_form as module
from jacspec.theory.algebra.scalar_form import (
    PointAtRandom,
    differ,
    induction_holds,
    replaced,
    same,
    scalar_form,
)

i, k, n = (Symbol(name, integer=True, positive=True) for name in "ikn")
m = Symbol("m", integer=True, nonnegative=True)
t, x, z = (Symbol(name, positive=True) for name in "txz")


def psi(argument: object, order: int = 0) -> object:
    return polygamma(order, argument)


EQUAL = {
    "ψ(z+2)": (psi(z + 2), psi(z) + 1 / z + 1 / (z + 1)),
    "ψ′(z-1)": (psi(z - 1, 1), psi(z, 1) + 1 / (z - 1) ** 2),
    "Γ(z+3/2)": (gamma(z + Rational(3, 2)), (z + Rational(1, 2)) * gamma(z + Rational(1, 2))),
    "log of a product": (log(2 * z**2), log(2) + 2 * log(z)),
    "integral": (Integral(x**2 * exp(-(x**2) / 2), (x, 0, oo)), 2 ** Rational(1, 2) * gamma(Rational(3, 2))),
    "derivative": (Subs(Derivative(log(gamma(z + t)), t), t, 0), psi(z)),
    "sum backwards": (Sum(psi((k - i + 1) / 2), (i, 1, k)), Sum(psi(i / 2), (i, 1, k))),
    "last term": (Sum(psi(i / 2), (i, 1, k)) - Sum(psi(i / 2), (i, 1, k - 1)), psi(k / 2)),
    "constants leave a sum": (Sum(n * i, (i, 1, k)) / n, Sum(i, (i, 1, k))),
}
DIFFERENT = {
    "ψ by one": (psi(z + 1), psi(z) + 1 / (z + 1)),
    "order": (psi(z), psi(z, 1)),
    "end of a sum": (Sum(psi(i / 2), (i, 1, k)), Sum(psi(i / 2), (i, 1, k - 1))),
    "logarithm": (log(2 * z), 2 * log(z)),
}


@pytest.mark.parametrize("name", EQUAL)
def test_equal(name: str) -> None:
    left, right = EQUAL[name]
    assert same(left, right)
    assert scalar_form(left - right) == 0


@pytest.mark.parametrize("name", DIFFERENT)
def test_different(name: str) -> None:
    assert not same(*DIFFERENT[name])


@pytest.mark.parametrize("name", [*EQUAL, *DIFFERENT])
def test_the_examples_say_what_they_mean(name: str) -> None:
    left, right = (EQUAL | DIFFERENT)[name]
    with mpmath.workdps(30):
        gap = (left - right).subs({z: Rational(7, 3), k: 4, n: 9}).doit().evalf(30)
    assert (abs(gap) < mpmath.mpf(10) ** -25) == (name in EQUAL)


@pytest.mark.parametrize("name", EQUAL)
def test_what_is_equal_does_not_differ_at_a_point(name: str) -> None:
    assert not differ(*EQUAL[name])


@pytest.mark.parametrize("name", DIFFERENT)
def test_what_is_different_differs_at_a_point(name: str) -> None:
    assert differ(*DIFFERENT[name])


POWERS = {
    "a power of a product": ((x * (1 + z)) ** t, x**t * (1 + z) ** t),
    "a power of a power": ((x ** (t / 3)) ** (3 * z), x ** (t * z)),
    "of a sum of exponents": ((x + z) ** (t + 2), (x + z) ** t * (x + z) ** 2),
    "of exponents in other words": (x ** ((t**2 - 1) / (t - 1)), x * x**t),
    "of a sum in other words": (((x**2 - z**2) / (x - z)) ** t, (x + z) ** t),
    "of numbers": (Integer(6) ** t, Integer(2) ** t * Integer(3) ** t),
    "roots": (1 / (sqrt(x + 1) - sqrt(x)), sqrt(x + 1) + sqrt(x)),
    "exponentials": (exp(x + z), exp(x) * exp(z)),
}


@pytest.mark.parametrize("name", POWERS)
def test_laws_of_powers_hold_at_a_point(name: str) -> None:
    left, right = POWERS[name]
    assert not differ(left, right)
    assert differ(left, right + 1)
    assert differ(left, right * left)


def test_what_has_no_value_at_a_point_is_not_told_apart_there() -> None:
    negative, special, pole = (-x) ** m, x ** (1 / (1 + log(z))), 1 / (psi(z + 1) - psi(z) - 1 / z)
    for each in (negative, special, pole):
        assert not differ(each, 2 * each)
        assert not same(each, 2 * each)


def test_what_differs_is_not_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: Expr) -> Expr:
        message = "cancelled"
        raise AssertionError(message)

    monkeypatch.setattr(module, "cancel", refused)
    assert not same(sqrt(x + 1) - sqrt(x), 2 / (sqrt(x + 1) + sqrt(x)))
    assert not same(psi(t + x + 1) * (t - z), psi(t + x) * (t - z) + (t - z) / (t + 2 * x))


def test_of_moduli_and_deltas_squares_are_known() -> None:
    real, delta = Symbol("r", real=True), KroneckerDelta(i, k)
    assert same((abs(real) + 1) ** 2, real**2 + 2 * abs(real) + 1)
    assert same(delta * (delta + 1), 2 * delta)
    assert not same(delta * (delta + 1), delta)


def test_values_are_put_where_symbols_are_free() -> None:
    bound = Sum(i * k, (i, 1, k))
    assert replaced(bound, {i: n}) == bound
    assert replaced(bound, {k: n, i: n}) == Sum(i * n, (i, 1, n))
    assert replaced(x**t, {x: 2 * z, t: Integer(2)}) == 4 * z**2


def test_induction() -> None:
    squares = Sum(2 * i - 1, (i, 1, m))
    assert induction_holds(squares, m**2, m, Integer(0))
    assert not induction_holds(squares, m**2 + m, m, Integer(0))
    assert not induction_holds(squares, m**2 + 1, m, Integer(0))


def test_a_point_tells_from_zero_and_knows_poles() -> None:
    assert PointAtRandom().sign_of(z - z**2 / z) == 0
    assert PointAtRandom().sign_of(-1 / (1 + psi(z))) == -1
    point = PointAtRandom()
    assert (
        point.sign_of(1 / (psi(z) - point.of(psi(z)).numerator / Integer(point.of(psi(z)).denominator)))
        is None
    )
