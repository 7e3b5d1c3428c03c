"""Where formulas of numbers have a value: what divides is not 0, and log, ψ and Γ are of what is positive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import prod

from sympy import (
    Add,
    Derivative,
    Expr,
    Integer,
    Integral,
    Mul,
    Pow,
    Subs,
    Sum,
    Symbol,
    binomial,
    exp,
    expand,
    fraction,
    gamma,
    log,
    oo,
    polygamma,
    together,
)

from jacspec.theory.derivations.domain import Domain


@dataclass(frozen=True)
class SignedDomain:
    """A domain, what is ``positive`` there, and ``limits``, near which alone it is looked at."""

    domain: Domain
    positive: frozenset[Expr] = frozenset()
    limits: tuple[tuple[Symbol, Expr], ...] = ()

    def without_value(self, formula: Expr) -> Iterator[Expr]:
        """The parts that are not seen to have a value; integrals have one if what is in them has."""
        if isinstance(formula, Sum | Integral):
            yield from self._under(formula.limits).without_value(formula.function)
            return
        if isinstance(formula, Subs):
            yield from self.without_value(
                _put_in(formula.expr.replace(Derivative, lambda part, *_: part), formula)
            )
            return
        for part in formula.args[:1] if isinstance(formula, Derivative) else formula.args:
            yield from self.without_value(part)
        if isinstance(formula, log | gamma | polygamma):
            seen = self.sign(formula.args[-1]) == 1
        else:
            seen = not isinstance(formula, Pow) or self._has_power(formula.base, formula.exp)
        if not seen:
            yield formula

    def sign(self, formula: Expr) -> int | None:
        """1 or -1 if it has that sign everywhere, or near the limits; None if that is not seen."""
        found = self._sign(formula)
        for variable, point in self.limits:
            if found is None and point != oo and formula.has(variable):
                found = replace(self, limits=()).sign(formula.subs(variable, point))
        return found

    def _under(self, limits: Iterable[tuple[Symbol, Expr, Expr]]) -> SignedDomain:
        domain, positive = self.domain, self.positive
        for index, *ends in reversed([*limits]):
            domain = domain.within({index: tuple(ends)})
            positive = frozenset(each for each in positive if not each.has(index))  # of another
        return replace(self, domain=domain, positive=positive)

    def _has_power(self, base: Expr, exponent: Expr) -> bool:
        least = self.domain.is_nonnegative(exponent)
        if exponent.is_integer:
            return least or self.sign(base) is not None
        return self.sign(base) == 1 or (least and base.is_nonnegative is True)

    def _sign(self, formula: Expr) -> int | None:
        if formula in self.positive:
            return 1
        if isinstance(formula, Mul):
            signs = [self.sign(part) for part in formula.args]
            return None if None in signs else prod(signs)  # type: ignore[arg-type]
        if isinstance(formula, Subs):
            return self.sign(_put_in(formula.expr, formula))
        if isinstance(formula, exp | gamma):  # Γ of what is positive, as is asked elsewhere
            return 1
        if isinstance(formula, Pow):
            sign, even = self.sign(formula.base), formula.exp.is_even
            return 1 if sign and even else sign if sign != -1 or formula.exp.is_odd else None
        if isinstance(formula, Sum | Integral):
            filled = isinstance(formula, Integral) or self._has_terms(formula)
            return self._under(formula.limits).sign(formula.function) if filled else None
        if isinstance(formula, binomial):
            return 1 if self.domain.contains(formula.args[1], Integer(0), formula.args[0]) else None
        if isinstance(formula, Add | Symbol):
            return next((sign for sign in (1, -1) if self._is_positive(sign * formula)), None)
        return 1 if formula.is_positive else -1 if formula.is_negative else None

    def _has_terms(self, total: Sum) -> bool:
        return all(
            self._under(total.limits[place + 1 :]).domain.contains(last, first, None)
            for place, (_, first, last) in enumerate(total.limits)
        )

    def _is_positive(self, formula: Expr) -> bool:
        above, below = fraction(together(formula))
        if not below.is_Integer:
            return self.sign(above) is not None and self.sign(above) == self.sign(below)
        return self.domain.is_positive(above) or expand(self.domain.from_least(above)).is_positive is True


def _put_in(inside: Expr, put: Subs) -> Expr:
    return inside.subs(dict(zip(put.variables, put.point, strict=True)))
