"""Γ, integrals against a Gaussian, and derivatives at a point, in balls.

Each independently of SymPy's rules for it: integrals by rigorous quadrature, derivatives by power
series.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import add, mul

from flint import acb, arb, arb_series
from sympy import Add, Derivative, Expr, Integral, Mul, Pow, Subs, Symbol, exp, gamma, log, loggamma, oo

__all__ = ["SPECIAL", "special_value"]

Scalar = Callable[[Expr], arb]
"""Evaluates what holds no bound variable."""

SPECIAL = (gamma, loggamma, Integral, Subs)

_LOWEST, _HIGHEST = -250, 4
"""Where ∫ e^{(p+1)y - e^{2y}/2} dy is cut; what is cut off is bounded, and below 2^-300 for p ≥ 0."""


def special_value(expression: Expr, scalar: Scalar) -> arb:
    """Evaluate one of the functions of ``SPECIAL``; raises TypeError for an integral of another kind."""
    if isinstance(expression, gamma):
        return scalar(expression.args[0]).gamma()
    if isinstance(expression, loggamma):
        return scalar(expression.args[0]).lgamma()
    if isinstance(expression, Subs):
        return _derivative(expression, scalar)
    return _gaussian_integral(scalar(_power_of(expression)))


def _power_of(integral: Integral) -> Expr:
    """Return p, for ∫_0^∞ x^p e^{-x²/2} dx."""
    (variable, *ends), *others = integral.limits
    power = (integral.function / exp(-(variable**2) / 2)).as_base_exp()
    if others or tuple(ends) != (0, oo) or power[0] != variable:
        message = f"cannot evaluate {integral}: expected the integral of x^p e^(-x²/2) from 0 to oo"
        raise TypeError(message)
    return power[1]


def _gaussian_integral(p: arb) -> arb:
    """∫_0^∞ x^p e^{-x²/2} dx, p > -1, by quadrature in y = log x.

    Beyond X the integrand is at most d/dx[-x^{p-1} e^{-x²/2}] / (1 - max(p-1, 0)/X²); below e^Y it is
    at most x^p.
    """
    exponent = acb(p + 1)
    middle = acb.integral(lambda y, _: (exponent * y - (2 * y).exp() / 2).exp(), _LOWEST, _HIGHEST).real
    X = arb(_HIGHEST).exp()
    above = X ** (p - 1) * (-X * X / 2).exp() / (1 - (p - 1).max(arb(0)) / (X * X))
    below = ((p + 1) * _LOWEST).exp() / (p + 1)
    return middle + above.union(arb(0)) + below.union(arb(0))


def _derivative(expression: Subs, scalar: Scalar) -> arb:
    """d^r/dt^r f at a number, from the power series of f there."""
    derivative, (variable,), (point,) = expression.args
    if not isinstance(derivative, Derivative) or set(derivative.variables) != {variable}:
        message = f"cannot evaluate {expression}: expected a derivative at a point"
        raise TypeError(message)
    order = len(derivative.variables)
    start = arb_series([scalar(point), 1], prec=order + 1)
    result = _series(derivative.expr, variable, start, scalar)
    return _coefficient(result, order)


def _coefficient(series: arb_series, order: int) -> arb:
    for _ in range(order):
        series = series.derivative()
    return series[0]


def _series(expression: Expr, variable: Symbol, at: arb_series, scalar: Scalar) -> arb_series:
    if expression == variable:
        return at
    if not expression.has(variable):
        return arb_series([scalar(expression)], prec=at.prec)
    parts = [_series(argument, variable, at, scalar) for argument in expression.args]
    match expression:
        case Add():
            return reduce(add, parts)
        case Mul():
            return reduce(mul, parts)
        case Pow() if not expression.exp.has(variable) and expression.exp.is_Integer:
            whole = int(expression.exp)
            power = reduce(mul, [parts[0]] * abs(whole))
            return power if whole > 0 else 1 / power
        case exp():
            return parts[0].exp()
        case Pow():
            return (parts[1] * parts[0].log()).exp()
        case log():
            return parts[0].log()
        case gamma():
            return parts[0].gamma()
        case loggamma():
            return parts[0].lgamma()
    message = f"no power series for {type(expression).__name__}"
    raise TypeError(message)
