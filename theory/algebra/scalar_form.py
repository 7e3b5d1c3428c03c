"""The normal form of scalar formulas: Γ, ψ and its derivatives, logarithms, powers, finite sums.

Canonical operations only, each named here:

* definite integrals and derivatives at a point are carried out by SymPy;
* the constant in an argument of Γ and ψ^{(r)} is brought into (0, 1] by Γ(x+1) = xΓ(x) and
  ψ^{(r)}(x+1) = ψ^{(r)}(x) + (-1)^r r!/x^{r+1};
* sums are linear: factors without the index leave them, whole offsets of the upper end are split off,
  and of f(i) and f(first + last - i) the one that sorts first is kept;
* logarithms of products and powers of positive things are expanded, and what is left is cancelled as
  a rational function of what is left.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import prod
from random import Random

from sympy import (
    Add,
    Derivative,
    Expr,
    Integer,
    Integral,
    Mul,
    Pow,
    Rational,
    Subs,
    Sum,
    Symbol,
    cancel,
    ceiling,
    default_sort_key,
    exp,
    expand,
    expand_log,
    expand_power_base,
    expand_power_exp,
    factorial,
    gamma,
    polygamma,
    powdenest,
    together,
)


def is_open_power(expression: Expr) -> bool:
    """Whether it is a power whose exponent is no whole number."""
    return isinstance(expression, Pow) and not expression.exp.is_Integer


def open_powers(expression: Expr) -> Expr:
    """Bases and exponents of open powers cancelled, and powers of products of positive things taken apart."""
    carried_out = expression.replace(lambda part: isinstance(part, Subs | Derivative), _carry_out)
    return carried_out.replace(is_open_power, _open_power)


def _open_power(power: Expr) -> Expr:
    base = cancel(together(expand(power.base)))
    base = base.replace(is_open_power, lambda inner: inner.base ** cancel(together(inner.exp)))
    return expand_power_base(base ** cancel(together(power.exp)))


def same(left: Expr, right: Expr) -> bool:
    """Whether two scalar formulas have the same normal form."""
    return _is_zero(_prepared(left - right))


def scalar_form(expression: Expr) -> Expr:
    """Return the normal form; 0 if and only if the operations above see that it is 0."""
    return cancel(together(_prepared(expression)))


def _prepared(expression: Expr) -> Expr:
    """The normal form, before it is cancelled."""
    return Add(*map(_prepared_summand, Add.make_args(expression)))


@lru_cache(maxsize=1 << 14)
def _prepared_summand(summand: Expr) -> Expr:
    """Remembered: a variant of a sum differs from it in one summand."""
    carried_out = summand.replace(lambda part: isinstance(part, Integral | Subs | Derivative), _carry_out)
    shifted = carried_out.replace(polygamma, _shifted_polygamma).replace(gamma, _shifted_gamma)
    reached = _sums(expand_log(shifted))
    if any(isinstance(part, exp) or is_open_power(part) for part in reached.atoms(Pow, exp)):
        # Powers such as 2^{(m+t)/2-1} fall apart first, so that they cancel as products.
        reached = expand_log(expand_power_exp(powdenest(reached)))
    return expand(reached, power_base=False, log=False, func=False)


@lru_cache(maxsize=4096)
def _is_zero(expression: Expr) -> bool:
    """Whether a rational function of whatever is not rational in it is 0.

    At an exact point first: cancelling is slow where the answer is no. Roots are not independent of
    what they are roots of, and have no such point; those within a sum or a function are not met.
    """
    point = PointAtRandom()
    if point.sign_of(expression) not in (None, 0) and not point.met_root:
        return False
    return bool(cancel(together(expression)) == 0)


class PointAtRandom:
    """One positive rational value for every symbol, and for everything that is no rational operation.

    Symbols of whole numbers have whole values, so that powers such as p^n have theirs.
    """

    def __init__(self, seed: int = 0) -> None:
        self._random = Random(seed)  # noqa: S311 -- a point, not a secret
        self._values: dict[Expr, Fraction] = {}

    @property
    def met_root(self) -> bool:
        """Whether it has a value of its own for a power, whose exponent is no whole number there."""
        return any(map(is_open_power, self._values))

    def sign_of(self, expression: Expr) -> int | None:
        """The sign of a rational function there; None at a pole."""
        try:
            value = self.of(expression)
        except ZeroDivisionError:
            return None
        return (value > 0) - (value < 0)

    def of(self, expression: Expr) -> Fraction:
        """Evaluate a rational function there; raises ZeroDivisionError at a pole."""
        if isinstance(expression, Rational):
            return Fraction(int(expression.p), int(expression.q))
        if isinstance(expression, Add):
            return sum(map(self.of, expression.args), Fraction(0))
        if isinstance(expression, Mul):
            return prod(map(self.of, expression.args), start=Fraction(1))
        if isinstance(expression, Pow):
            exponent = self.of(expression.exp)
            if exponent.denominator == 1:
                return self.of(expression.base) ** int(exponent)
        if expression not in self._values:
            whole = expression.is_Symbol and expression.is_integer
            ends = ((1, 6), (1, 1)) if whole else ((1, 10**4), (1, 10**4))
            self._values[expression] = Fraction(*(self._random.randint(*end) for end in ends))
        return self._values[expression]


def _carry_out(part: Expr) -> Expr:
    return expand_log(part.doit())


# --- Γ and ψ ------------------------------------------------------------------------------------


def _steps_down(argument: Expr) -> tuple[int, Expr]:
    """Return (q, x) with ``argument = x + q`` and the constant term of x in (0, 1]."""
    argument = expand(argument)
    constant = argument.as_coeff_Add()[0]
    if not isinstance(constant, Rational):
        return 0, argument
    whole = int(ceiling(constant)) - 1 if argument != constant or constant > 0 else 0
    return whole, argument - whole


def _shifted_polygamma(order: Expr, argument: Expr) -> Expr:
    whole, x = _steps_down(argument)
    factor = (-1) ** order * factorial(order)
    up = Add(*(factor / (x + q) ** (order + 1) for q in range(max(whole, 0))))
    down = Add(*(factor / (x - q) ** (order + 1) for q in range(1, max(-whole, 0) + 1)))
    return polygamma(order, x) + up - down


def _shifted_gamma(argument: Expr) -> Expr:
    whole, x = _steps_down(argument)
    up = Mul(*(x + q for q in range(max(whole, 0))))
    down = Mul(*(x - q for q in range(1, max(-whole, 0) + 1)))
    return gamma(x) * up / down


# --- sums ---------------------------------------------------------------------------------------


def _sums(expression: Expr) -> Expr:
    """Bring every sum, innermost first, to its canonical shape."""
    if not expression.has(Sum):
        return expression
    if isinstance(expression, Sum):
        total = _sums(expression.function)
        for limit in expression.limits:
            total = _sum(total, *limit)
        return total
    return expression.func(*(_sums(argument) for argument in expression.args))


def _sum(summand: Expr, index: Symbol, first: Expr, last: Expr) -> Expr:
    return Add(*(_term(term, index, first, last) for term in _terms(summand)))


def _terms(summand: Expr) -> tuple[Expr, ...]:
    expanded = expand(summand, power_base=False, power_exp=False, log=False, multinomial=False)
    return Add.make_args(expanded)  # type: ignore[no-any-return]


def _term(term: Expr, index: Symbol, first: Expr, last: Expr) -> Expr:
    """Σ of one term: constants leave it, and it runs forwards or backwards, whichever sorts first."""
    constant, bound = term.as_independent(index, as_Add=False)
    dummy = Symbol("i_", integer=True)
    forward = _canonical(bound.subs(index, dummy))
    backward = _canonical(bound.subs(index, first + last - dummy))
    chosen = min(forward, backward, key=lambda each: (len(each.free_symbols), default_sort_key(each)))
    pieces = []
    for part in _terms(chosen):
        factor, summand = part.as_independent(dummy, as_Add=False)
        whole = last - first + 1 if summand == 1 else _to_its_natural_end(summand, dummy, first, last)
        pieces.append(factor * whole)
    return constant * Add(*pieces)


def _to_its_natural_end(summand: Expr, index: Symbol, first: Expr, last: Expr) -> Expr:
    """Σ up to ``last = end + q``, q whole, as Σ up to ``end`` and the |q| terms between."""
    offset = expand(last).as_coeff_Add()[0]
    whole = int(offset) if offset.is_Integer and not last.is_Integer else 0
    end = expand(last - whole)
    beyond = [summand.subs(index, end + q) for q in range(1, whole + 1)]
    short = [summand.subs(index, end - q) for q in range(-whole)]
    return Sum(summand, (index, first, end)) + Add(*map(_canonical, beyond)) - Add(*map(_canonical, short))


def _canonical(summand: Expr) -> Expr:
    """Constants in the arguments of ψ brought into (0, 1], so that equal ones look equal."""
    return summand.replace(polygamma, _shifted_polygamma)


def induction_holds(left: Expr, right: Expr, on: Symbol, first: Expr) -> bool:
    """Whether left = right for all whole numbers ``on`` ≥ first: there, and in every difference."""
    base = same(_at(left, on, first), _at(right, on, first))
    return base and same(_at(left, on, on + 1) - left, _at(right, on, on + 1) - right)


def _at(expression: Expr, symbol: Symbol, value: Expr) -> Expr:
    """Substitute, and evaluate sums whose ends have become numbers."""
    put = expression.subs(symbol, value)
    return put.replace(lambda part: isinstance(part, Sum) and _is_short(part), lambda part: part.doit())


def _is_short(total: Sum) -> bool:
    return all(isinstance(end - start, Integer) for _, start, end in total.limits)
