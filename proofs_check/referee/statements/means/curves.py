"""What is integrated: functions of one random number, the laws, and integrals in balls.

x = ±e^y, and what is cut off, beyond the largest and before the least |x|, is bounded by `growth`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import prod
from typing import Any

from flint import acb, arb, fmpq

from jacspec.proofs_check.interpretation.statements.exact import Scalar
from jacspec.proofs_check.referee.statements.means.growth import UNIT, Growth, NoBoundError, sum_of, times
from jacspec.theory.statements.tree import Op


class NoExactMeanError(ValueError):
    """A mean that is neither summed exactly nor integrated in balls."""


@dataclass(frozen=True)
class Curve:
    """A function of one random number: itself, or |u|, log u, e^u, u^exponent of a sum u of such."""

    op: Op | None = None
    body: Terms = frozenset()
    exponent: Fraction = Fraction(1)

    def at(self, x: acb, analytic: bool) -> acb:
        """The value at a complex ball, not finite where the function is not ``analytic`` there."""
        if self.op is None:
            return x
        u = acb(0)
        for factors, coefficient in self.body:
            u += valued(factors, x, analytic) * acb(coefficient)
        if self.op is Op.ABS:
            return u.real_abs(analytic=analytic)
        if self.op is Op.LOG:
            return u.log(analytic=analytic)
        if self.op is Op.EXP:
            return u.exp()
        if self.exponent.denominator == 1:
            return u ** int(self.exponent)
        if self.exponent.denominator == 2:
            return u.sqrt(analytic=analytic) ** self.exponent.numerator
        return u.pow(acb(_rational(self.exponent)), analytic=analytic)

    def is_positive(self, law: Law) -> bool:
        """Whether it is seen to be at least 0; an odd power has the sign of what is raised."""
        if self.op is None:
            return law.positive
        if self.op is Op.POW and self.exponent.denominator == 1 and self.exponent.numerator % 2:
            return is_positive(self.body, law)
        return self.op in (Op.ABS, Op.EXP, Op.POW)

    def growth(self, x: Growth, least: arb) -> Growth:
        """Bounds in powers of w ≥ ``least``, from those of x."""
        if self.op is None:
            return x
        u = sum_of(
            [grown(factors, x, least).scaled(coefficient) for factors, coefficient in self.body], least
        )
        if self.op is Op.ABS:
            return u.modulus()
        if self.op is Op.LOG:
            return u.logarithm()
        return u.exponential() if self.op is Op.EXP else u.power(self.exponent)


Factors = frozenset[tuple[Curve, int]]
"""A product of powers of functions of one number."""
Terms = frozenset[tuple[Factors, fmpq]]
"""A sum of such products."""


def valued(factors: Factors, x: acb, analytic: bool) -> acb:
    """The value of a product."""
    return prod((curve.at(x, analytic) ** power for curve, power in factors), start=acb(1))


def grown(factors: Factors, x: Growth, least: arb) -> Growth:
    """Bounds of a product."""
    found = UNIT
    for curve, power in factors:
        found = times(found, curve.growth(x, least).power(Fraction(power)))
    return found


def is_positive(terms: Iterable[tuple[Factors, Any]], law: Law) -> bool:
    """Whether a sum is seen to be at least 0: all its terms are, or the constant outweighs the others."""
    listed = list(terms)
    if law.name == "uniform" and all(curve.op is None for factors, _ in listed for curve, _ in factors):
        constant = sum((c for factors, c in listed if not factors), fmpq(0))
        return bool(constant + sum((min(c, fmpq(0)) for factors, c in listed if factors), fmpq(0)) >= 0)
    return all(
        coefficient >= 0 and all(power % 2 == 0 or curve.is_positive(law) for curve, power in factors)
        for factors, coefficient in listed
    )


_UNIT_VARIANCE = fmpq(1)


@dataclass(frozen=True)
class Law:
    """The law of one number: Gaussian of a variance, χ² with so many degrees of freedom, uniform, or ±1.

    The density is at most D w^a e^{-λ w^m}; a uniform number ends at 1.
    """

    name: str
    parameter: fmpq = _UNIT_VARIANCE

    @property
    def positive(self) -> bool:
        """Whether the number is at least 0."""
        return self.name in ("uniform", "χ²")

    def moment(self, k: int) -> fmpq:
        """The mean of the k-th power."""
        if self.name == "uniform":
            return fmpq(1, k + 1)
        if self.name == "χ²":
            return prod((self.parameter + 2 * i for i in range(k)), start=fmpq(1))
        if k % 2:
            return fmpq(0)
        return fmpq(1) if self.name == "±1" else fmpq(prod(range(1, k, 2))) * self.parameter ** (k // 2)

    def _parts(self) -> tuple[arb, fmpq, fmpq, int]:
        """D, a, λ and m."""
        if self.name == "gaussian":
            return 1 / (2 * arb.pi() * self.parameter).sqrt(), fmpq(0), 1 / (2 * self.parameter), 2
        if self.name == "χ²":
            half = self.parameter / 2
            return 1 / (arb(2) ** half * arb(half).gamma()), half - 1, fmpq(1, 2), 1
        return arb(1), fmpq(0), fmpq(0), 1

    def mean(self, factors: Factors) -> Scalar:
        """The mean of a product, exact or a ball; raises NoExactMeanError where it is neither."""
        if all(curve.op is None for curve, _ in factors):
            return self.moment(sum(power for _, power in factors))
        if self.name == "±1":
            both = sum((valued(factors, acb(x), False) for x in (1, -1)), acb(0)) / 2
            return _real(both)
        sides = (1,) if self.positive else (1, -1)
        return sum((self._integral(factors, side) for side in sides), arb(0))

    def _integral(self, factors: Factors, side: int) -> arb:
        D, a, rate, m = self._parts()
        lowest, below = self._cut_below(factors, side)
        highest, above = (arb(0), arb(0)) if self.name == "uniform" else self._cut_above(factors, side)

        def integrand(y: acb, analytic: bool) -> acb:
            x = y.exp()
            density = ((acb(a) + 1) * y - acb(rate) * x**m).exp()
            return valued(factors, side * x, analytic) * density

        middle = acb.integral(integrand, lowest, highest, abs_tol=_GOAL, eval_limit=_EVALUATIONS)
        return _real(middle) * D + arb(0, below.upper()) + arb(0, above.upper())

    def _cut_below(self, factors: Factors, side: int) -> tuple[arb, arb]:
        """Log ε, and a bound of the integral over |x| ≤ ε."""
        D, a, _, _ = self._parts()
        for j in range(6, 15):
            w = arb(2) ** (2**j)  # 1/ε
            bound = grown(factors, Growth.of_power(-1, side), w)
            gap = _rational(1 - bound.power_above) + a
            if bound.rate_above > 0 or gap <= 0:
                break
            cut = D * bound.above * w ** (-arb(gap)) / arb(gap)
            if cut < _GOAL:
                return -w.log(), cut
        raise NoExactMeanError("what grows too fast at 0")

    def _cut_above(self, factors: Factors, side: int) -> tuple[arb, arb]:
        """Log X, and a bound of the integral over |x| ≥ X: of w^q e^{rw - λ w^m}, by its slope at X."""
        D, a, rate, m = self._parts()
        for j in range(1, 14):
            w = arb(2) ** j
            bound = grown(factors, Growth.of_power(1, side), w)
            q = arb(max(_rational(bound.power_above) + a, fmpq(0)))
            fall = rate * m * w ** (m - 1) - bound.rate_above - q / w
            if not fall > 0:
                continue
            cut = D * bound.above * (q * w.log() + bound.rate_above * w - rate * w**m).exp() / fall
            if cut < _GOAL:
                return w.log(), cut
        raise NoExactMeanError("what grows too fast at infinity")


_GOAL = arb(2) ** -70
_EVALUATIONS = 20_000
WIDEST = 1e-16
"""An integral whose error is larger has not converged."""


def _real(value: acb) -> arb:
    found = value.real
    if not (value.is_finite() and value.imag.contains(0) and found.rad() < WIDEST):
        raise NoExactMeanError("an integral that does not converge")
    return found


def _rational(x: Fraction) -> fmpq:
    return fmpq(x.numerator, x.denominator)


@lru_cache(maxsize=1 << 12)
def mean_of(law: Law, factors: Factors) -> Scalar:
    """The mean of a product of functions of one number; raises NoExactMeanError where it is not computed."""
    try:
        return law.mean(factors)
    except NoBoundError as error:
        raise NoExactMeanError(str(error)) from error
