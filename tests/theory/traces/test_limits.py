"""Limits by stated laws: at a point by continuity, far out by what vanishes, and nothing beyond them."""

import mpmath
import pytest
from sympy import Integer, Rational, Symbol, lambdify, log, oo, polygamma, sqrt, sympify

from jacspec.theory.traces.scalars import ScalarClaim, fault_between

a, b, t = (Symbol(name, positive=True) for name in "abt")
x = Symbol("x", real=True)
m, n = (Symbol(name, integer=True, positive=True) for name in "mn")
FREE = (
    (n, Integer(3), None),
    (m, Integer(1), None),
    (a, Integer(0), None),
    (b, Integer(0), None),
    (x, -oo, oo),
)


def claim(left, right, variable, point):
    return ScalarClaim(left, right, free=FREE, limit=(variable, sympify(point)))


SHOWN = {
    "a quotient": ((a + x * t) / (t**2 - b), -a / b, t, 0),
    "a root": (a / sqrt(1 + t**2 * x**2), a, t, 0),
    "a divisor of the right side": ((a + t) / (a - x**2 - t), a / (a - x**2), t, 0),
    "a power that is seen to be positive": (a + t ** (1 / (1 - 2 / n)), a, t, 0),
    "a divisor that stays": (t / (a - b), Integer(0), t, 0),
    "away from 0": (t**2 / (t + b), 4 / (2 + b), t, 2),
    "ψ far out": (polygamma(0, m / 2 + a) - polygamma(0, m / 2), Integer(0), m, oo),
    "quotients far out": (b + 1 / (2 * m + n) ** 2 - x / m, b, m, oo),
}


@pytest.mark.parametrize("law", SHOWN)
def test_each_law_shows_what_it_says_as_far_as_numbers_go(law):
    left, right, variable, point = SHOWN[law]
    assert fault_between(claim(left, right, variable, point)) == ""
    assert fault_between(claim(left, right + Rational(1, 100), variable, point))
    values = {a: Rational(7, 5), b: Rational(3, 4), x: Rational(-2, 3), n: 5}
    near = 10**40 if point == oo else point + mpmath.mpf(10) ** -40
    with mpmath.workdps(60):
        reached = lambdify(variable, (left - right).subs(values), "mpmath")(near)
        assert abs(reached) < mpmath.mpf(10) ** -20


NOT_SHOWN = {
    "a divisor that may be 0": (t / (x + t), Integer(0), t, 0),
    "a divisor that is 0": (t / t**2, Integer(0), t, 0),
    "a sum that may be 0": (t / (a - b + t), Integer(0), t, 0),
    "a root of what may be negative": (sqrt(x + t), sqrt(x), t, 0),
    "a power of any sign": (t**x, Integer(0), t, 0),
    "a negative power": (t ** (-n), Integer(0), t, 0),
    "an exponent that moves": (a**t, Integer(1), t, 0),
    "a logarithm": (t * log(t), Integer(0), t, 0),
    "one ψ alone": (polygamma(0, m + a), Integer(0), m, oo),
    "ψ at other rates": (polygamma(0, 2 * m) - polygamma(0, m), Integer(0), m, oo),
    "a product with ψ": (polygamma(0, m) / m, Integer(0), m, oo),
    "what grows": (m / (m + 1), Integer(1), m, oo),
    "what may end": (1 / (n - m), Integer(0), m, oo),
    "a real variable far out": (1 / t, Integer(0), t, oo),
}


@pytest.mark.parametrize("law", NOT_SHOWN)
def test_no_limit_is_shown_where_no_law_says_it(law):
    assert fault_between(claim(*NOT_SHOWN[law]))
