"""Derivatives and values at a point, carried out on the tree, are SymPy's."""

import pytest
import sympy

from jacspec.theory.notation import symbols as notation
from jacspec.theory.notation.words import inner
from jacspec.theory.statements import vocabulary as v
from jacspec.theory.statements.calculus import carried_out
from jacspec.theory.statements.ledger_symbols import from_sympy, symbol
from jacspec.theory.statements.to_sympy import to_sympy
from jacspec.theory.statements.tree import Op

x, a = sympy.Symbol("x", positive=True), sympy.Symbol("a", positive=True)
NAMED = {"x": x, "a": a}
EXPRESSIONS = [
    x * a + 3,
    x**a,
    a**x,
    (a - x) / (1 + x**2),
    sympy.exp(-a * x) * sympy.log(x),
    sympy.sinh(a * x),
    sympy.log(2 ** (x / 2) * sympy.gamma((a + x) / 2) / sympy.gamma(a / 2)),
    sympy.polygamma(1, a * x),
    sympy.Sum(x**notation.i, (notation.i, 1, 3)),
    a,
]


@pytest.mark.parametrize("body", EXPRESSIONS, ids=str)
@pytest.mark.parametrize("order", [1, 2])
def test_derivatives_by_a_number(body, order):
    side = sympy.Subs(sympy.Derivative(body, (x, order)), x, a + 1)
    found = to_sympy(carried_out(from_sympy(side)), NAMED).doit()
    for value in (sympy.Rational(3, 7), sympy.Rational(9, 4)):
        left, right = (each.subs(a, value).evalf(30) for each in (found, side.doit()))
        assert abs(left - right) < 1e-25 * (1 + abs(right))


def test_the_time_derivative_of_a_word_is_a_sum_over_its_heads():
    u, s = notation.u(1), notation.s(1)
    rate = carried_out(v.derivative(from_sympy(s * inner(u, notation.J * u))))
    moved = {v.derivative(symbol(name, *at)) for name, *at in (("s", 1), ("uT", 1), ("J",), ("u", 1))}
    assert {node for node in rate.walk() if node.op is Op.DERIVATIVE} == moved
    assert carried_out(v.derivative(v.identity())).shape is v.identity().shape


def test_what_stands_inside_is_carried_out_first():
    t = v.scalar("t")
    cases = {
        v.at(v.derivative(t**3, t), t, 2): 12,
        v.derivative(v.at(t**3, t, 2), t): 0,
        v.at(v.at(t * t, t, 3 * t), t, 2): 36,
    }
    for node, value in cases.items():
        assert to_sympy(carried_out(node)).doit() == value


def test_what_has_no_derivative_is_refused():
    t = v.scalar("t")
    for body, by in ((v.minimum(t, 1), t), (t, None), (v.derivative(symbol("s", 1)), None)):
        with pytest.raises(TypeError, match=r"no rule|not known how"):
            carried_out(v.derivative(body, by))
