"""Inequalities by signs: what is accepted holds at exact points, and what may fail is not accepted."""

from itertools import product

import pytest
from sympy import Integer, Rational, Sum, Symbol, log, oo, polygamma, sqrt

from jacspec.theory.notation.symbols import A, l
from jacspec.theory.traces.scalars import ScalarClaim, fault_between

a, b = (Symbol(name, positive=True) for name in "ab")
x = Symbol("x", real=True)
j, m, n = (Symbol(name, integer=True, positive=True) for name in "jmn")
h = Symbol("h", integer=True, nonnegative=True)
FREE = (
    (a, Integer(1), None),
    (b, a, None),
    (x, -oo, oo),
    (m, Integer(1), None),
    (n, m + 1, None),
    (h, Integer(0), None),
)

SHOWN = {
    "squares": (2 * a * b, a**2 + b**2),
    "a square of any sign": (-(x**2), a),
    "κ + 1/κ": (Integer(2), a + 1 / a),
    "ends that name others": (a / b, Integer(1)),
    "sizes": (1 / n**2, 1 / (m * (m + 1))),
    "a sum": (Sum(1 / (j + n) ** 2, (j, 1, m)), Sum(1 / ((j + n) * (j + n - 1)), (j, 1, m))),
    "a power with a size": ((a / b) ** (2 * n) / (1 + a), (a / b) ** (2 * n)),
    "roots": (sqrt(a), sqrt(a) + sqrt(b)),
    "ψ on both sides": (polygamma(0, a) + 1 / n, polygamma(0, a) + 1 / m),
}


@pytest.mark.parametrize("what", SHOWN)
def test_a_bound_is_shown_and_its_reverse_is_not(what):
    small, large = SHOWN[what]
    assert fault_between(ScalarClaim(small, large, free=FREE, at_most=True)) == ""
    assert fault_between(ScalarClaim(large, small, free=FREE, at_most=True))
    for first, second, size in product((Rational(11, 10), 3), (Rational(1, 7), 2), (1, 2, 5)):
        values = {a: first, b: first + second, x: Rational(-3, 2), m: size, n: size + 1}
        gap = (large - small).subs(values).doit()
        assert gap >= 0


NOT_SHOWN = {
    "below its least value": (a, b - Rational(1, 2)),
    "of any sign": (Integer(0), x + a),
    "over a divisor of any sign": (Integer(0), a / x),
    "over a difference": (Integer(0), 1 / (2 * a - b)),
    "over what may be 0": (Integer(0), 1 / h),
    "over a square that may be 0": (Integer(0), x**-2),
    "matrices": (Integer(0), A(l)),
    "the square of what may be no real number": (Integer(0), log(x) ** 2),
    "beyond an end": (n, 2 * m),
    "a logarithm": (Integer(0), log(b)),
    "ψ": (polygamma(0, a), polygamma(0, b)),
    "a summand of any sign": (Integer(0), Sum(j - 2, (j, 1, m))),
    "a sum that may end before it begins": (Integer(0), Sum(1 / j, (j, 1, m - 2))),
    "a size without a range": (Integer(0), Symbol("q", integer=True)),
}


@pytest.mark.parametrize("what", NOT_SHOWN)
def test_no_bound_is_shown_where_a_sign_is_not_seen(what):
    assert fault_between(ScalarClaim(*NOT_SHOWN[what], free=FREE, at_most=True))
