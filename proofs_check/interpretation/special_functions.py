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

SPECIAL = (gamma, loggamma, Derivative, Integral, Subs)

_LOWEST, _HIGHEST = -250, 4
"""Where ∫ e^{(p+1)y - e^{2y}/2} dy is cut; what is cut off is bounded, and below 2^-300 for p ≥ 0."""


def special_value(expression: Expr, scalar: Scalar) -> arb:
    """Evaluate one of the functions of ``SPECIAL``; raises TypeError for an integral of another kind."""
    if isinstance(expression, gamma):
        return scalar(expression.args[0]).gamma()
    if isinstance(expression, loggamma):
        return scalar(expression.args[0]).lgamma()
    if isinstance(expression, Subs | Derivative):
        return _at_a_point(expression, scalar)
    power, rate = _power_and_rate(expression)
    return (
        _gaussian_integral(scalar(power)) if rate is None else _laplace_integral(scalar(power), scalar(rate))
    )


def _power_and_rate(integral: Integral) -> tuple[Expr, Expr | None]:
    """Return p and None for ∫_0^∞ x^p e^{-x²/2} dx, and p and z for ∫_0^∞ x^p e^{-zx} dx."""
    (variable, *ends), *others = integral.limits
    decay = Mul(*(factor for factor in Mul.make_args(integral.function) if isinstance(factor, exp)))
    base, power = (integral.function / decay).as_base_exp()
    rate = -decay.args[0] / variable if isinstance(decay, exp) else oo
    gaussian = rate == variable / 2
    if others or tuple(ends) != (0, oo) or base != variable or not (gaussian or not rate.has(variable, oo)):
        message = (
            f"cannot evaluate {integral}: expected the integral of x^p e^(-x²/2) or x^p e^(-zx), 0 to oo"
        )
        raise TypeError(message)
    return power, None if gaussian else rate


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


def _laplace_integral(p: arb, z: arb) -> arb:
    """∫_0^∞ x^p e^{-zx} dx, p > -1, z > 0, by quadrature in y = log x, cut where the integrand is negligible.

    Beyond X ≥ 2p/z it is at most 2 X^p e^{-zX}/z; below e^Y the integrand is at most x^p.
    """
    exponent, rate = acb(p + 1), acb(z)
    highest = max(_HIGHEST, int(float((400 * (1 + p) / z).log().mid())) + 1)
    middle = acb.integral(lambda y, _: (exponent * y - rate * y.exp()).exp(), _LOWEST, highest).real
    X = arb(highest).exp()
    above = 2 * X**p * (-z * X).exp() / z
    below = ((p + 1) * _LOWEST).exp() / (p + 1)
    return middle + above.union(arb(0)) + below.union(arb(0))


def _at_a_point(expression: Subs | Derivative, scalar: Scalar) -> arb:
    """F or d^r/dt^r f at a number, from the power series of f there; the point may be t itself."""
    inside, variable, point = expression, None, None
    if isinstance(expression, Subs):
        inside, (variable,), (point,) = expression.args
    order = 0
    if isinstance(inside, Derivative):
        moving = set(inside.variables)
        variable = min(moving, key=str) if variable is None else variable
        if moving != {variable}:
            message = f"cannot evaluate {expression}: expected a derivative at a point"
            raise TypeError(message)
        inside, order = inside.expr, len(inside.variables)
    start = arb_series([scalar(variable if point is None else point), 1], prec=order + 1)
    return _coefficient(_series(inside, variable, start, scalar), order)


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
