"""The normal form of scalar formulas: identities of ψ and Γ that it knows, and what it must refuse."""

from __future__ import annotations

import mpmath
import pytest
from sympy import Derivative, Integer, Integral, Rational, Subs, Sum, Symbol, exp, gamma, log, oo, polygamma

from jacspec.theory.algebra.scalar_form import PointAtRandom, induction_holds, same, scalar_form

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
