"""How fast a function grows, or falls: c w^q e^{-s w} ≤ |u| ≤ C w^p e^{r w} for all w from some W ≥ 2 on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from flint import arb, fmpq


class NoBoundError(ValueError):
    """A function of which no such bound is known."""


@dataclass(frozen=True)
class Growth:
    """C, p and r; c, q and s, or c = 0 where nothing is known; and the sign, 0 where it is not."""

    above: arb
    power_above: Fraction
    rate_above: arb
    below: arb
    power_below: Fraction
    rate_below: arb
    sign: int

    @classmethod
    def of_power(cls, power: int, sign: int) -> Growth:
        """Those of ±w^power."""
        exponent = Fraction(power)
        return cls(arb(1), exponent, arb(0), arb(1), exponent, arb(0), sign)

    def scaled(self, by: fmpq) -> Growth:
        """Those of a multiple."""
        size, sign = abs(arb(by)), (by > 0) - (by < 0)
        return replace(self, above=self.above * size, below=self.below * size, sign=self.sign * sign)

    def modulus(self) -> Growth:
        """Those of |u|."""
        return replace(self, sign=1)

    def power(self, exponent: Fraction) -> Growth:
        """Those of u^exponent, of u > 0 unless the exponent is a whole number."""
        if exponent.denominator > 1 and self.sign < 0:
            raise NoBoundError("a root of a negative number")
        sign = self.sign if exponent.denominator == 1 and exponent.numerator % 2 else 1
        e = fmpq(exponent.numerator, exponent.denominator)
        upper = (self.above**e, self.power_above * exponent, self.rate_above * abs(e))
        lower = (
            self.below**e if self.below > 0 else arb(0),
            self.power_below * exponent,
            self.rate_below * abs(e),
        )
        if exponent >= 0:
            return Growth(*upper, *lower, sign)
        if not self.below > 0:
            raise NoBoundError("a quotient by what may be small")
        return Growth(*lower, *upper, sign)

    def logarithm(self) -> Growth:
        """Those of log u, by log w ≤ 8 w^{1/8}."""
        if not self.below > 0 or self.sign < 0:
            raise NoBoundError("the logarithm of what may be small")
        rate = self.rate_above + self.rate_below
        power = _fraction_above(abs(self.power_above) + abs(self.power_below))
        C = abs(self.above.log()) + abs(self.below.log()) + 8 * power + rate
        exponent = Fraction(1) if rate > 0 else Fraction(1, 8) if power > 0 else Fraction(0)
        return Growth(C, exponent, arb(0), *_NOTHING, 0)

    def exponential(self) -> Growth:
        """Those of e^u, of u of which |u| ≤ C w, or that is at most 0."""
        slow = self.power_above <= 1 and not self.rate_above > 0
        if not slow and self.sign >= 0:
            raise NoBoundError("an exponential of more than a multiple")
        bounded = self.power_above <= 0
        C = self.above
        over = (arb(1), Fraction(0), arb(0)) if self.sign < 0 else (C.exp(), Fraction(0), arb(0))
        if not bounded and self.sign >= 0:
            over = (arb(1), Fraction(0), C)
        under = _NOTHING
        if slow:
            under = ((-C).exp(), Fraction(0), arb(0)) if bounded else (arb(1), Fraction(0), C)
        return Growth(*over, *under, 1)


_NOTHING = (arb(0), Fraction(0), arb(0))
UNIT = Growth.of_power(0, 1)
"""Those of 1."""


def _fraction_above(x: Fraction) -> arb:
    return arb(fmpq(x.numerator, x.denominator))


def times(a: Growth, b: Growth) -> Growth:
    """Those of a product."""
    return Growth(
        a.above * b.above,
        a.power_above + b.power_above,
        a.rate_above + b.rate_above,
        a.below * b.below,
        a.power_below + b.power_below,
        a.rate_below + b.rate_below,
        a.sign * b.sign,
    )


def sum_of(terms: Sequence[Growth], least: arb) -> Growth:
    """Those of a sum: from below where all terms have one sign, or one is twice the others together."""
    C = sum((each.above for each in terms), arb(0))
    rate = terms[0].rate_above
    for each in terms[1:]:
        rate = rate.max(each.rate_above)
    above = (C, max(each.power_above for each in terms), rate)
    known = [each for each in terms if each.below > 0]
    if not known:
        return Growth(*above, *_NOTHING, _one_sign(terms))
    first = max(known, key=lambda each: (-float(each.rate_below), each.power_below))
    lower = (first.below, first.power_below, first.rate_below)
    if _one_sign(terms):
        return Growth(*above, *lower, first.sign)
    others = [each for each in terms if each is not first]
    if first.rate_below > 0 or any(
        each.rate_above > 0 or each.power_above > first.power_below for each in others
    ):
        return Growth(*above, *_NOTHING, 0)
    rest = sum(
        (each.above * least ** _fraction_above(each.power_above - first.power_below) for each in others),
        arb(0),
    )
    if not 2 * rest <= first.below:
        return Growth(*above, *_NOTHING, 0)
    return Growth(*above, first.below / 2, *lower[1:], first.sign)


def _one_sign(terms: Sequence[Growth]) -> int:
    """The sign of all terms, 0 if they have none in common."""
    signs = {each.sign for each in terms}
    return signs.pop() if len(signs) == 1 else 0
