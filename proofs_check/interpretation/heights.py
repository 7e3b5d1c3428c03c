"""The arithmetic of heights: how near to 0 an algebraic number can be without being 0.

Every value is a rational number, or a bound of the absolute logarithmic height of an algebraic one, in bits,
with what generates the field that it lies in. A number α ≠ 0 of height h in a field of degree D satisfies

    log₂|α| ≥ -D h(α),   h(α ± β) ≤ h(α) + h(β) + 1,   h(α β^{±1}) ≤ h(α) + h(β),   h(α^r) = |r| h(α),

and a root of an irreducible polynomial of degree d, with whole coefficients of Euclidean norm c, has
h ≤ (log₂ c)/d (Landau; see Waldschmidt, Diophantine Approximation on Linear Algebraic Groups, chapter 3). So
two numbers whose difference is enclosed more narrowly are equal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import ceil, gcd, log2, prod
from operator import or_
from typing import Any

from flint import fmpq, fmpq_poly

from jacspec.proofs_check.interpretation.statements.balls import Balls
from jacspec.proofs_check.interpretation.statements.evaluation import Evaluator, NoValueError, Places
from jacspec.proofs_check.interpretation.statements.exact import is_exact, rational_root
from jacspec.theory.statements.expression import Comparison
from jacspec.theory.statements.tree import Op


def separation(comparison: Comparison, places: Places, like: Evaluator) -> int | None:
    """The b for which two sides that differ do so by at least 2^-b; None where no bound is known."""
    at = Evaluator(Heights(), like.values, like.sizes)
    try:
        gap = _sum(*(at.value(side, places) for side in comparison.args))
    except NoValueError:
        return None
    return ceil(gap.bits * gap.degree)


@dataclass(frozen=True)
class Height:
    """A bound of a height in bits, and the generators of a field: roots of polynomials, by position.

    ``generators`` are pairs of the degrees that several roots of one polynomial can have, one over the field
    of the others, and of which root it is. A number known as a root is one of ``radicand``.
    """

    bits: float
    generators: frozenset[tuple[tuple[int, ...], Hashable, Hashable]] = frozenset()
    radicand: tuple[Height | fmpq, int] | None = None

    @property
    def degree(self) -> int:
        """A bound of the degree of the field: of m roots of a polynomial, the product of the m largest."""
        counted = Counter((degrees, polynomial) for degrees, polynomial, _ in self.generators)
        return prod(prod(degrees[:count]) for (degrees, _), count in counted.items())


class Heights(Balls):
    """The algebra of heights; exact numbers stay exact, and what is not algebraic has no value."""

    def __init__(self) -> None:
        super().__init__()
        self.operations = {op: self._bounded(op, exactly) for op, exactly in self.operations.items()}

    def power(self, x: Any, exponent: Fraction) -> Any:
        """h(x^r) = |r| h(x); a root adds its degree."""
        if isinstance(x, Height) and x.radicand is not None:
            under, degree = x.radicand
            return self.power(under, exponent / degree)
        if isinstance(x, fmpq):
            p, q = exponent.numerator, exponent.denominator
            rational = x if q == 1 else rational_root(x, q)
            if rational is not None and (p >= 0 or rational != 0):
                return rational**p
        bits, generators = abs(exponent) * _height(x).bits, _height(x).generators
        if exponent.denominator == 1:
            return Height(float(bits), generators)
        root = ((exponent.denominator,), object(), 1)
        radicand = (x, exponent.denominator) if exponent.numerator == 1 else None
        return Height(float(bits), generators | {root}, radicand)

    def _computed(self, op: Op, X: Any) -> list[Any]:
        """Of each value that is not rational the height as a root of the characteristic polynomial."""
        found = super()._computed(op, X)
        if op is Op.SINGULAR:  # by way of the eigenvalues
            return found
        polynomial = tuple(X.charpoly().coeffs())
        return self._once((Height, op, polynomial), lambda: _roots(op, found, X.charpoly(), polynomial))

    def _bounded(self, op: Op, exactly: Callable[..., Any]) -> Callable[..., Any]:
        def bounded(*arguments: Any) -> Any:
            if any(isinstance(each, Height) for each in arguments):
                if op not in _RULES:
                    raise NoValueError(f"the height of a {op.value}")
                return _RULES[op](*arguments)
            found = exactly(*arguments)
            if not isinstance(found, Height) and not is_exact(found):
                raise NoValueError(f"the height of a {op.value}")
            return found

        return bounded


def _roots(op: Op, exact: list[Any], charpoly: fmpq_poly, polynomial: Hashable) -> list[Any]:
    factors = [factor for factor, _ in charpoly.factor()[1]]
    bits = max(_root_bits(factor) for factor in factors)
    degrees = tuple(sorted((d for f in factors for d in range(1, f.degree() + 1)), reverse=True))
    found: list[Any] = []
    for k, value in enumerate(exact):
        if isinstance(value, fmpq):
            found.append(value)
        elif op is Op.EIGENVALUE:
            found.append(Height(bits, frozenset({(degrees, polynomial, k)})))
        else:  # |λ|² = λ λ̄, a product of two roots
            pair = frozenset((degrees, polynomial, (which, k)) for which in ("λ", "its conjugate"))
            found.append(Height(bits, pair | {((2,), object(), 1)}))
    return found


def _root_bits(factor: Any) -> float:
    """(log₂ of the norm of its primitive multiple)/degree."""
    whole = list(map(int, fmpq_poly(factor).numer().coeffs()))
    content = gcd(*whole)
    return log2(sum((c // content) ** 2 for c in whole)) / (2 * (len(whole) - 1))


def _height(x: Any) -> Height:
    if isinstance(x, Height):
        return x
    return Height(log2(max(abs(int(x.p)), int(x.q))))


def _joined(*values: Any, bits: Callable[[list[float]], float]) -> Height:
    known = list(map(_height, values))
    return Height(bits([each.bits for each in known]), reduce(or_, (each.generators for each in known)))


def _sum(a: Any, b: Any) -> Height:
    return _joined(a, b, bits=lambda bits: sum(bits) + 1)


def _product(a: Any, b: Any) -> Any:
    if any(isinstance(x, fmpq) and x == 0 for x in (a, b)):
        return fmpq(0)
    return _joined(a, b, bits=sum)


_RULES: Mapping[Op, Callable[..., Any]] = {
    Op.ADD: _sum,
    Op.SUB: _sum,
    Op.NEG: lambda a: a,
    Op.ABS: lambda a: a,
    Op.MUL: _product,
    Op.DIV: _product,
    Op.MIN: lambda *values: _joined(*values, bits=max),
    Op.MAX: lambda *values: _joined(*values, bits=max),
}
