"""Single-site mutants of a scalar formula: slips of the pen with ψ, logarithms, sums and powers.

The family: a sign, a factor 2, a term dropped, an exponent off by 1, the argument of ψ or Γ off by ½,
the order of ψ^{(r)} off by 1, twice the argument of a logarithm, an end of a sum off by 1.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import (
    Add,
    Derivative,
    Expr,
    Integer,
    Integral,
    Pow,
    Rational,
    Subs,
    Sum,
    bernoulli,
    exp,
    gamma,
    log,
    polygamma,
)

from jacspec.theory.algebra.mutation import Mutant
from jacspec.theory.notation.printing import text

__all__ = ["scalar_mutants"]


def scalar_mutants(expression: Expr) -> tuple[Mutant, ...]:
    """All single-site mutants of a scalar formula, without repetition, in a fixed order."""
    found = {expression: ""}
    for mutant in _everywhere(expression):
        found.setdefault(mutant.expression, mutant.change)
    return tuple(Mutant(change, altered) for altered, change in found.items() if change)


def _everywhere(expression: Expr) -> Iterator[Mutant]:
    yield Mutant("sign changed", -expression)
    yield Mutant("factor 2", 2 * expression)
    yield from _below(expression)


def _below(expression: Expr) -> Iterator[Mutant]:
    yield from _at(expression)
    if isinstance(expression, Sum):
        for mutant in _below(expression.function):
            yield Mutant(mutant.change, Sum(mutant.expression, *expression.limits))
        return
    if isinstance(expression, Subs):
        for place, point in enumerate(expression.point):
            for mutant in _below(point):
                points = (*expression.point[:place], mutant.expression, *expression.point[place + 1 :])
                yield Mutant(mutant.change, Subs(expression.expr, expression.variables, points))
        return
    if isinstance(expression, polygamma | gamma | bernoulli | Integral | Derivative):
        return
    for position, argument in enumerate(expression.args):
        if isinstance(expression, Pow) and position == 1:
            continue
        for mutant in _below(argument):
            others = (*expression.args[:position], mutant.expression, *expression.args[position + 1 :])
            yield Mutant(mutant.change, expression.func(*others))


def _at(expression: Expr) -> Iterator[Mutant]:
    if expression.is_zero:
        yield Mutant("1 instead of 0", Integer(1))
    elif isinstance(expression, Add):
        for term in expression.args:
            name, rest = text(term), expression - term
            yield Mutant(f"term ${name}$ dropped", rest)
            yield Mutant(f"sign of term ${name}$ changed", rest - term)
            yield Mutant(f"factor $2$ on term ${name}$", rest + 2 * term)
    elif isinstance(expression, polygamma):
        order, argument = expression.args
        yield Mutant(f"order of ${text(expression)}$ changed by $1$", polygamma(order + 1, argument))
        yield Mutant(
            f"argument of ${text(expression)}$ changed by $½$", polygamma(order, argument + Rational(1, 2))
        )
    elif isinstance(expression, gamma):
        yield Mutant(
            f"argument of ${text(expression)}$ changed by $½$", gamma(expression.args[0] + Rational(1, 2))
        )
    elif isinstance(expression, log):
        yield Mutant(f"twice the argument of ${text(expression)}$", log(2 * expression.args[0]))
    elif isinstance(expression, Pow) and not isinstance(expression, exp):
        base, exponent = expression.args
        for change in (1, -1):
            yield Mutant(f"exponent of ${text(base)}$ changed by ${change}$", base ** (exponent + change))
    elif isinstance(expression, Sum):
        index, first, last = expression.limits[0]
        others = expression.limits[1:]
        yield Mutant(
            f"sum over ${index}$ from ${first + 1}$",
            Sum(expression.function, (index, first + 1, last), *others),
        )
        yield Mutant(
            f"sum over ${index}$ to ${last - 1}$", Sum(expression.function, (index, first, last - 1), *others)
        )
