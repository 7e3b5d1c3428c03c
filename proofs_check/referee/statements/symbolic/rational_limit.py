"""The limit of a quotient of polynomials in the variable that moves, exactly; matrices are fixed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import inf
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat, fmpq_poly

from jacspec.numerics import Chain
from jacspec.proofs_check.interpretation.statements.evaluation import Evaluator, NoValueError, Places
from jacspec.proofs_check.referee.statements.symbolic.entrywise import Entrywise, OutsideError
from jacspec.theory.statements.expression import Expression

_HIGHEST = 200
"""Powers beyond it are not multiplied out."""


@dataclass(frozen=True, eq=False)
class Quotient:
    """A quotient of two polynomials, the lower one not 0."""

    above: Any
    below: Any

    def __add__(self, other: Quotient) -> Quotient:
        return Quotient(self.above * other.below + other.above * self.below, self.below * other.below)

    def __neg__(self) -> Quotient:
        return Quotient(-self.above, self.below)

    def __sub__(self, other: Quotient) -> Quotient:
        return self + -other

    def __mul__(self, other: Quotient) -> Quotient:
        return Quotient(self.above * other.above, self.below * other.below)

    @property
    def constant(self) -> fmpq | None:
        """The number that it is, if it does not move."""
        if self.above == 0:
            return fmpq(0)
        ratio: fmpq = self.above.coeffs()[-1] / self.below.coeffs()[-1]
        return ratio if self.above == self.below * ratio else None

    def raised(self, exponent: Fraction) -> Quotient:
        """A power, by a whole number."""
        if exponent.denominator > 1 or abs(exponent) > _HIGHEST:
            raise OutsideError("a root, or a high power")
        power = abs(int(exponent))
        above, below = self.above**power, self.below**power
        if exponent >= 0:
            return Quotient(above, below)
        if above == 0:
            raise NoValueError("a quotient by 0")
        return Quotient(below, above)

    def limit(self, point: Fraction | None) -> fmpq | float:
        """Its limit at infinity, or at a point from above; infinite with its sign."""
        if self.above == 0:
            return fmpq(0)
        if point is None:
            order = self.above.degree() - self.below.degree()
            ratio: fmpq = self.above.coeffs()[-1] / self.below.coeffs()[-1]
        else:
            step = fmpq_poly([fmpq(point.numerator, point.denominator), 1])
            (above, first), (below, second) = (_least(each(step)) for each in (self.above, self.below))
            order, ratio = below - above, first / second
        if order < 0:
            return fmpq(0)
        return ratio if order == 0 else inf if ratio > 0 else -inf


def _least(polynomial: Any) -> tuple[int, fmpq]:
    """The least power, and its coefficient."""
    return next((power, each) for power, each in enumerate(polynomial.coeffs()) if each != 0)


def _number(value: Any) -> Quotient:
    if not isinstance(value, fmpq):
        raise OutsideError("a number that is not rational")
    return Quotient(fmpq_poly([value]), fmpq_poly([1]))


def _value(algebra: Entrywise, value: Any) -> Any:
    if isinstance(value, Chain):
        return np.stack([_value(algebra, factor) for factor in value.exact])
    if isinstance(value, fmpq_mat):
        return algebra.array(np.array(value.table(), dtype=object).reshape(value.nrows(), value.ncols()))
    return _number(value)


def rational_limit(
    body: Expression,
    moving: str,
    point: Fraction | None,
    example: Mapping[str, Any],
    sizes: Places,
    places: Places,
) -> fmpq | float | None:
    """The limit of an expression at an example; None where it is no quotient of polynomials."""
    algebra = Entrywise(_number, Quotient.raised, {})
    try:
        fixed = {name: value for name, value in example.items() if name != moving and name not in sizes}
        values = {name: _value(algebra, value) for name, value in fixed.items()}
        values[moving] = Quotient(fmpq_poly([0, 1]), fmpq_poly([1]))
        found: Quotient = Evaluator(algebra, values, sizes).value(body, places)
        return found.limit(point)
    except (OutsideError, NoValueError):
        return None
