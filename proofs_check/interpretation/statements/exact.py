"""Exact numbers as far as they go: rational roots, rational eigenvalues.

An enclosure cannot decide that two numbers are equal; two rational numbers can be compared. So roots of
squares and rational eigenvalues (linear factors of the characteristic polynomial) stay exact.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from flint import acb, arb, arb_mat, fmpq, fmpq_mat, fmpq_poly, fmpz

from jacspec.numerics.spectra.small_exact import real_part
from jacspec.numerics.support.precision import balls, current_bits

Scalar = fmpq | arb
"""A number: exact, or enclosed."""
Matrix = fmpq_mat | arb_mat
"""A matrix: of exact numbers, or of balls."""


def is_exact(*values: Any) -> bool:
    """Whether all values are rational."""
    return all(isinstance(value, fmpq | fmpq_mat) for value in values)


def ball(x: Any) -> arb:
    """A number as a ball."""
    return x if isinstance(x, arb) else arb(x)


def ball_matrix(X: Any) -> arb_mat:
    """A matrix as one of balls."""
    return X if isinstance(X, arb_mat) else arb_mat(X)


def rational_root(x: fmpq, degree: int) -> fmpq | None:
    """The non-negative rational number whose power of that degree is x ≥ 0, if there is one."""
    if x < 0:
        return None
    parts = [_whole_root(fmpz(part), degree) for part in (x.p, x.q)]
    return None if None in parts else fmpq(*parts)


def _whole_root(x: fmpz, degree: int) -> fmpz | None:
    root = x.root(degree)
    return root if root**degree == x else None


def real_roots(polynomial: fmpq_poly) -> list[Scalar]:
    """The roots, all of which must be real, descending and as often as they count; rational ones exactly."""
    bits = current_bits()
    while True:
        with balls(bits):
            found: list[tuple[Scalar, int]] = []
            for factor, count in polynomial.factor()[1]:
                if factor.degree() == 1:
                    found.append((-factor[0] / factor[1], int(count)))
                else:
                    found += [(real_part(root), int(count)) for root in _complex_roots(factor)]
            found.sort(key=lambda pair: ball(pair[0]).mid(), reverse=True)
            # The factors are different, and so are their roots: more precision shows it.
            if all(ball(larger) > ball(smaller) for (larger, _), (smaller, _) in pairwise(found)):
                return [root for root, count in found for _ in range(count)]
        bits *= 2


def _complex_roots(factor: Any) -> list[Any]:
    """The roots of an irreducible factor, which are simple."""
    isolated: Any = fmpq_poly(factor).complex_roots()
    return [root for root, _ in isolated]


def moduli(polynomial: fmpq_poly) -> list[Scalar]:
    """The moduli of all roots, descending, as often as they count; exact if all roots are rational."""
    found: list[Scalar] = []
    for factor, count in polynomial.factor()[1]:
        if factor.degree() == 1:
            roots: list[Scalar] = [abs(factor[0] / factor[1])]
        else:
            roots = [abs(acb(root)) for root in _complex_roots(factor)]
        found += [root for root in roots for _ in range(int(count))]
    if is_exact(*found):
        return sorted(found, reverse=True)
    # The k-th largest lies between the k-th largest lower and the k-th largest upper end.
    lows = sorted((ball(x).lower() for x in found), reverse=True)
    highs = sorted((ball(x).upper() for x in found), reverse=True)
    return [low.union(high) for low, high in zip(lows, highs, strict=True)]


def middle_and_radius(X: arb_mat) -> tuple[fmpq_mat, arb]:
    """A rational matrix in the enclosure, and a bound of its Frobenius distance to any other in it.

    By Weyl's theorem no singular value differs by more.
    """
    rows, columns = X.nrows(), X.ncols()
    middle = fmpq_mat(rows, columns, [_dyadic(x.mid()) for x in X.entries()])
    distance = sum((ball(x.rad()) ** 2 for x in X.entries()), arb(0)).sqrt()
    return middle, distance.upper()


def _dyadic(x: arb) -> fmpq:
    mantissa, exponent = x.man_exp()
    return fmpq(mantissa) * fmpq(2) ** int(exponent)
