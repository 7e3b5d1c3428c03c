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

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from math import prod
from random import Random

from sympy import (
    Abs,
    Add,
    Derivative,
    Expr,
    Integer,
    Integral,
    KroneckerDelta,
    Mul,
    Number,
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
    log,
    polygamma,
    powdenest,
    sign,
    together,
)
from sympy.core.numbers import ImaginaryUnit

_BINDING = (Derivative, Integral, Subs, Sum)
"""What has a variable of its own."""


def replaced(formula: Expr, values: Mapping[Symbol, Expr]) -> Expr:
    """A formula with values put for symbols where they are free; none holds another of them."""
    if not formula.has(*_BINDING):
        return formula.xreplace(values)
    return formula.subs(values) if formula.has(*values) else formula


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
    """Whether two scalar formulas have the same normal form.

    At a point first: to bring them there and to cancel is slow where the answer is no.
    """
    return not differ(left, right) and _is_zero(prepared(left - right))


def scalar_form(expression: Expr) -> Expr:
    """Return the normal form; 0 if and only if the operations above see that it is 0."""
    return cancel(together(prepared(expression)))


def prepared(expression: Expr) -> Expr:
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
    """Whether a rational function of whatever is not rational in it is 0."""
    return bool(cancel(together(expression)) == 0)


_FIELD, _ORDER = 9223372036854754679, 4611686018427377339
"""Primes p = 2q + 1 and q: a square mod p has one root of each order but q that is a square."""
_TRIES = 16

_SQUARED = (Number, ImaginaryUnit, Abs, KroneckerDelta, sign)
"""What has no value of its own there: of some SymPy knows the square."""


def differ(left: Expr, right: Expr, *, opened: bool = False) -> bool:
    """Whether two formulas, with their powers ``opened`` or not, certainly have not one normal form.

    They have different values mod p at a point at which ψ, sums and the like are what stands in their own
    normal forms, all symbols are squares, and all laws of powers hold.
    """
    for seed in range(_TRIES):
        values = [_residue(side, _FIELD, seed, opened) for side in (left, right)]
        if None not in values:
            return values[0] != values[1]
    return False


@lru_cache(maxsize=1 << 14)
def _residue(expression: Expr, prime: int, seed: int, opened: bool | None) -> int | None:
    """The value of a formula there, or of an exponent, mod q; None if it has none.

    With ``opened`` None it is a normal form, and what is no rational operation in it has a value of its own:
    if two have one by chance, they are only not told apart.
    """
    if isinstance(expression, Add | Mul):
        parts = [_residue(part, prime, seed, opened) for part in expression.args]
        known = [each for each in parts if each is not None]
        if len(known) < len(parts):
            return None
        return (sum(known) if isinstance(expression, Add) else prod(known)) % prime
    if isinstance(expression, Pow | exp):
        return _residue_of_power(expression.base, expression.exp, prime, seed, opened)
    if isinstance(expression, Rational) and expression.q % prime:
        return int(expression.p) * pow(int(expression.q), -1, prime) % prime
    if isinstance(expression, _SQUARED):
        return None
    if opened is None or expression.is_Symbol:
        return hash((expression, prime, seed)) ** 2 % prime
    form = prepared(open_powers(expression) if opened else expression)
    return _residue(form, prime, seed, None)


def _residue_of_power(base: Expr, exponent: Expr, prime: int, seed: int, opened: bool | None) -> int | None:
    value = _residue(base, prime, seed, opened)
    if not value:
        return None
    if exponent.is_Integer:
        return pow(value, int(exponent), prime)
    if prime != _FIELD or pow(value, _ORDER, prime) != 1 or exponent.has(log):  # e^{log x} = x
        return None
    times = _residue(exponent, _ORDER, seed, opened)
    return None if times is None else pow(value, times, prime)


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
    forward = _canonical(replaced(bound, {index: dummy}))
    backward = _canonical(replaced(bound, {index: first + last - dummy}))
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
    beyond = [replaced(summand, {index: end + q}) for q in range(1, whole + 1)]
    short = [replaced(summand, {index: end - q}) for q in range(-whole)]
    return Sum(summand, (index, first, end)) + Add(*map(_canonical, beyond)) - Add(*map(_canonical, short))


def _canonical(summand: Expr) -> Expr:
    """Constants in the arguments of ψ brought into (0, 1], so that equal ones look equal."""
    return summand.replace(polygamma, _shifted_polygamma)


def induction_holds(left: Expr, right: Expr, on: Symbol, first: Expr) -> bool:
    """Whether left = right for all whole numbers ``on`` ≥ first: there, and in every difference."""
    base = same(_at(left, on, first), _at(right, on, first))
    return base and same(_at(left, on, on + 1) - left, _at(right, on, on + 1) - right)


@lru_cache(maxsize=1024)
def _at(expression: Expr, symbol: Symbol, value: Expr) -> Expr:
    """Substitute, and evaluate sums whose ends have become numbers."""
    put = replaced(expression, {symbol: value})
    return put.replace(lambda part: isinstance(part, Sum) and _is_short(part), lambda part: part.doit())


def _is_short(total: Sum) -> bool:
    return all(isinstance(end - start, Integer) for _, start, end in total.limits)
