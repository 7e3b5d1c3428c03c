"""Limits and inequalities of numbers, decided by SymPy's limit and by the signs of coefficients."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache, reduce
from operator import add, mul

from sympy import (
    QQ,
    Add,
    Dummy,
    Expr,
    Integer,
    Mul,
    Number,
    NumberSymbol,
    Poly,
    Pow,
    Rational,
    Sum,
    Symbol,
    expand_mul,
    expand_power_exp,
    fraction,
    gamma,
    limit,
    log,
    oo,
    polygamma,
    together,
)
from sympy.polys.rings import PolyElement, PolyRing

from jacspec.theory.algebra.scalar_form import (
    PointAtRandom,
    prepared,
    replaced,
    same,
    scalar_form,
)
from jacspec.theory.derivations.domain import Domain


def vanishes(expression: Expr, variable: Symbol, point: Expr) -> bool:
    """Whether an expression tends to 0, by SymPy's limit in a positive real variable."""
    real = Symbol("x_", positive=True)
    terms = Add.make_args(expand_mul(expression.subs(variable, real), deep=False))
    # Differences of ψ have a limit together; what is rational, term by term.
    special = Add(*(term for term in terms if term.has(polygamma, gamma, log)))
    rational = [term for term in terms if not term.has(polygamma, gamma, log)]
    reached = [_limit(term, real, point) for term in (special, *rational)]
    if any(value.is_infinite or value.has(oo, -oo) for value in reached):
        return bool(limit(scalar_form(expression).subs(variable, real), real, point) == 0)
    return same(Add(*reached), Integer(0))


@lru_cache(maxsize=1024)
def _limit(term: Expr, variable: Symbol, point: Expr) -> Expr:
    return limit(term, variable, point) if term.has(variable) else term


def is_never_negative(difference: Expr, domain: Domain) -> bool:
    """Whether every term of a difference, and every term of its sums, shows that it is ≥ 0."""
    return all(_shows_no_sign(term, limits, domain) for limits, term in _by_limits(difference))


def _by_limits(difference: Expr) -> Iterator[tuple[tuple[Expr, ...], Expr]]:
    """Terms gathered by the range over which they are summed; those that are not, last."""
    gathered: dict[tuple[Expr, ...], Expr] = {}
    for term in Add.make_args(expand_mul(difference, deep=False)):
        sums = [factor for factor in Mul.make_args(term) if isinstance(factor, Sum)]
        if len(sums) == 1 and len(sums[0].limits) == 1:
            (total,) = sums
            index, first, last = total.limits[0]
            common = Symbol("j_", integer=True)
            summand = term.xreplace({total: Integer(1)}) * replaced(total.function, {index: common})
            key: tuple[Expr, ...] = (common, first, last)
        else:
            key, summand = (), term
        gathered[key] = gathered.get(key, Integer(0)) + summand
    yield from gathered.items()


@lru_cache(maxsize=4096)
def _shows_no_sign(term: Expr, limits: tuple[Expr, ...], domain: Domain) -> bool:
    if limits:
        index, first, _ = limits
        term = replaced(term, {index: first + Dummy("y", nonnegative=True)})
    if term.has(polygamma, log):
        special = Add(*(part for part in Add.make_args(prepared(term)) if part.has(polygamma, log)))
        if not same(special, Integer(0)):
            return False
        term = scalar_form(prepared(term) - special)
    term = domain.from_least(term)
    if term.has(polygamma, log):
        return False
    term = expand_power_exp(term)
    if any(PointAtRandom(seed).sign_of(term) == -1 for seed in range(8)):
        return False
    quotient = fraction(together(term))
    return all(_has_no_negative_coefficient(part) for part in quotient)


def _is_open_power(part: Expr) -> bool:
    return isinstance(part, Pow) and not part.exp.is_Integer and bool(part.base.is_nonnegative)


@lru_cache(maxsize=1024)
def _named_power(power: Expr) -> Expr:  # noqa: ARG001 -- one name for each power
    return Dummy("y", nonnegative=True)


def _has_no_negative_coefficient(expression: Expr) -> bool:
    # b^c of a b that is not negative is one more thing that is not.
    expression = expression.replace(_is_open_power, _named_power)
    variables = sorted(expression.free_symbols, key=str)
    if not expression.is_polynomial(*variables):
        return False
    if not all(number.is_Rational for number in expression.atoms(NumberSymbol, Number)):
        coefficients = Poly(expression, *variables).coeffs() if variables else [expression]
        return all(coefficient.is_nonnegative for coefficient in coefficients)
    polynomials = PolyRing(variables or [Dummy("y")], QQ)
    expanded = _in_ring(expression, polynomials, dict(zip(variables, polynomials.gens, strict=False)))
    return all(coefficient >= 0 for coefficient in expanded.coeffs())


def _in_ring(expression: Expr, ring: PolyRing, variables: Mapping[Expr, PolyElement]) -> PolyElement:
    """A polynomial with rational coefficients, expanded: far quicker than as an expression."""
    if expression in variables:
        return variables[expression]
    if isinstance(expression, Rational):
        return ring.ground_new(QQ(int(expression.p), int(expression.q)))
    if isinstance(expression, Pow):
        return _in_ring(expression.base, ring, variables) ** int(expression.exp)
    parts = (_in_ring(part, ring, variables) for part in expression.args)
    return reduce(add if isinstance(expression, Add) else mul, parts)
