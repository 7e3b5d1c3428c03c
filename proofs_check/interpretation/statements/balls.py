"""The arithmetic that decides: rational numbers as far as they go, balls at the precision in force beyond."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import reduce
from types import MappingProxyType
from typing import Any

from flint import arb, arb_mat, fmpq, fmpq_mat

from jacspec.numerics.spectra.independent import eigensystem, usage
from jacspec.numerics.support.factors import identity
from jacspec.proofs_check.interpretation.statements.ball_operations import OPERATIONS, power, times
from jacspec.proofs_check.interpretation.statements.evaluation import MissingTermError, NoValueError
from jacspec.proofs_check.interpretation.statements.exact import (
    Matrix,
    Scalar,
    ball,
    is_exact,
    middle_and_radius,
    moduli,
    real_roots,
)
from jacspec.theory.statements.tree import Op


class Balls:
    """The algebra of exact numbers and balls, at one precision.

    Spectra are computed once per matrix, and of each root it is known of what number it is the root: its
    square is that number again, not a ball around it. ``symbols`` says how the ledger's symbols and their
    velocities are read; without it they have no value.
    """

    def __init__(self, symbols: Mapping[Op, Callable[..., Any]] = MappingProxyType({})) -> None:
        self._roots: dict[int, tuple[Scalar, Scalar, int]] = {}
        self._spectra: dict[tuple[Op, int], tuple[Matrix, list[Scalar]]] = {}
        self._like: dict[Any, list[Scalar]] = {}
        self.operations: Mapping[Op, Callable[..., Any]] = {
            **OPERATIONS,
            **{op: self._kth(op) for op in (Op.SINGULAR, *_SPECTRA)},
            Op.MUL: self._times,
            Op.NORM: self._norm,
            Op.MODULUS: _modulus,
            Op.SPEED: self._speed,
            **symbols,
        }

    def number(self, value: Fraction) -> fmpq:
        """The rational number."""
        return fmpq(value.numerator, value.denominator)

    def identity(self, size: int) -> fmpq_mat:
        """The identity matrix."""
        return identity(size)

    def zero(self, rows: int, columns: int) -> fmpq_mat:
        """The zero matrix."""
        return fmpq_mat(rows, columns)

    def shape(self, X: Matrix) -> tuple[int, int]:
        """Rows and columns."""
        return X.nrows(), X.ncols()

    def power(self, x: Scalar, exponent: Fraction) -> Scalar:
        """A rational power; raises NoValueError where there is none."""
        if id(x) in self._roots:
            _, radicand, degree = self._roots[id(x)]
            return self.power(radicand, exponent / degree)
        if exponent == 1:
            return x
        found = power(x, exponent)
        if isinstance(found, arb) and exponent.denominator > 1:
            radicand = x if exponent.numerator == 1 else power(x, Fraction(exponent.numerator))
            self._roots[id(found)] = found, radicand, exponent.denominator
        return found

    def _times(self, a: Scalar, b: Scalar) -> Scalar:
        """The product; of two roots of one degree, the root of the product."""
        if id(a) in self._roots and id(b) in self._roots:
            (_, x, degree), (_, y, other) = self._roots[id(a)], self._roots[id(b)]
            if a is b:
                return self.power(x, Fraction(2, degree))
            if degree == other and is_exact(x, y):
                return self.power(x * y, Fraction(1, degree))
        return times(a, b)

    def _spectrum(self, op: Op, X: Matrix) -> list[Scalar]:
        """Singular values, eigenvalues or moduli of eigenvalues, descending."""
        key = op, id(X)  # X is kept, so that its id stays its own
        if key not in self._spectra:
            self._spectra[key] = X, self._computed(op, X)
        return self._spectra[key][1]

    def _computed(self, op: Op, X: Matrix) -> list[Scalar]:
        """The same objects for equal characteristic polynomials: s_k(A) and s_k(Aᵀ) are one number."""
        if isinstance(X, arb_mat):
            return _of_enclosure(op, X)
        if op is Op.SINGULAR:
            gram = X * X.transpose() if X.nrows() <= X.ncols() else X.transpose() * X
            squares = self._computed(Op.EIGENVALUE, gram)
            return self._once((op, id(squares)), lambda: [self.power(x, Fraction(1, 2)) for x in squares])
        if op is Op.EIGENVALUE and X.transpose() != X:
            raise NoValueError("eigenvalues of a matrix that is not symmetric")
        return self._once((op, tuple(X.charpoly().coeffs())), lambda: _SPECTRA[op](X))

    def _once(self, key: Any, compute: Callable[[], list[Scalar]]) -> list[Scalar]:
        if key not in self._like:
            self._like[key] = compute()
        return self._like[key]

    def _kth(self, op: Op) -> Callable[[int, Matrix], Scalar]:
        def kth(k: int, X: Matrix) -> Scalar:
            if not 1 <= k <= min(self.shape(X)):
                raise MissingTermError(f"{op.value} {k}")
            return self._spectrum(op, X)[k - 1]

        return kth

    def _speed(self, k: int, X: Matrix, rate: Matrix) -> Scalar:
        """λ̇/(2s) of the root λ = s² of q(λ) = det(λ - X Xᵀ): λ̇ = tr(adj(λ - X Xᵀ) d/dt(X Xᵀ))/q'(λ)."""
        self.operations[Op.SINGULAR](k, X)  # raises where there is none
        if not (isinstance(X, fmpq_mat) and isinstance(rate, fmpq_mat)):
            raise NoValueError("the velocity of a singular value of a matrix that is not rational")
        if X.nrows() > X.ncols():
            X, rate = X.transpose(), rate.transpose()
        gram, change = X * X.transpose(), rate * X.transpose()
        squares, n = self._spectrum(Op.EIGENVALUE, gram), X.nrows()
        q: Any = gram.charpoly()
        square = squares[k - 1]
        if is_exact(square) and (square == 0 or q.derivative()(square) == 0):
            raise NoValueError("the velocity of a singular value that is 0 or not simple")
        if sum(each is square for each in squares) > 1:
            raise NoValueError("the velocity of a singular value that is not simple")
        above, adjugate = [fmpq(0)] * n, identity(n)  # of λ - X Xᵀ, by Faddeev and LeVerrier
        for j in range(n - 1, -1, -1):
            above[j] = 2 * sum(((adjugate * change)[i, i] for i in range(n)), fmpq(0))
            adjugate = gram * adjugate + identity(n) * q[j]
        below = [2 * (j + 1) * q[j + 1] for j in range(n)]
        top, bottom = (self._polynomial(each, square) for each in (above, below))
        on = self.operations
        found: Scalar = on[Op.DIV](top, on[Op.MUL](bottom, self.power(square, Fraction(1, 2))))
        return found

    def _polynomial(self, coefficients: list[fmpq], x: Scalar) -> Scalar:
        times = self.operations[Op.MUL]
        return self._sum(times(c, self.power(x, Fraction(j))) for j, c in enumerate(coefficients))

    def _norm(self, X: Matrix, *order_and_kind: Any) -> Scalar:
        *order, kind = order_and_kind
        if kind == "frobenius":
            return self.power(self._sum(x * x for x in X.entries()), Fraction(1, 2))
        values = self._spectrum(Op.SINGULAR, X)
        if kind == "spectral":
            return values[0]
        if kind == "nuclear":
            return self._sum(values)
        if not isinstance(order[0], fmpq):
            raise NoValueError("a norm whose order is not rational")
        exponent = Fraction(int(order[0].p), int(order[0].q))
        if kind == "ky fan":
            if exponent.denominator != 1 or not 1 <= exponent <= len(values):
                raise MissingTermError(f"the Ky Fan norm of order {exponent}")
            return self._sum(values[: int(exponent)])
        if exponent < 1:
            raise NoValueError(f"the Schatten norm of order {exponent}")
        return self.power(self._sum(self.power(value, exponent) for value in values), 1 / exponent)

    def _sum(self, values: Iterable[Scalar]) -> Scalar:
        return reduce(self.operations[Op.ADD], values)


def _modulus(X: Matrix) -> Matrix:
    """(X Xᵀ)^½ by Lagrange interpolation on the distinct eigenvalues of X Xᵀ."""
    if not isinstance(X, fmpq_mat):
        raise NoValueError("the modulus of a matrix that is not rational")
    gram = X * X.transpose()
    # A repeated root that is rational is equal to the last, any other the same object.
    distinct: list[Scalar] = []
    for root in real_roots(gram.charpoly()):
        if not distinct or not (
            root is distinct[-1] or (is_exact(root, distinct[-1]) and root == distinct[-1])
        ):
            distinct.append(root)
    values = [power(root, Fraction(1, 2)) for root in distinct]
    exact = is_exact(*distinct, *values)
    convert: Callable[[Any], Any] = (lambda x: x) if exact else arb_mat
    number: Callable[[Any], Any] = (lambda x: x) if exact else ball
    whole, one = convert(gram), convert(identity(X.nrows()))
    result = one * 0
    for mine, value in zip(distinct, values, strict=True):
        term = one * number(value)
        for other in distinct:
            if other is not mine:
                term = term * ((whole - one * number(other)) * (1 / (number(mine) - number(other))))
        result = result + term
    return result  # type: ignore[no-any-return]


def _of_enclosure(op: Op, X: arb_mat) -> list[Scalar]:
    """Singular values of a matrix of balls: by Weyl, none moves by more than the norm of the change."""
    if op is not Op.SINGULAR:
        raise NoValueError("eigenvalues of a matrix that is not rational")
    middle, radius = middle_and_radius(X)
    gram = middle * middle.transpose() if X.nrows() <= X.ncols() else middle.transpose() * middle
    values = [power(square, Fraction(1, 2)) for square in _eigenvalues(gram)]
    return [(ball(value) + arb(0, radius)).nonnegative_part() for value in values]


def _eigenvalues(X: fmpq_mat) -> list[Scalar]:
    """Of a symmetric matrix."""
    counted = usage.get()
    if counted is None:
        return real_roots(X.charpoly())
    counted.decompositions += 1  # the witness asks for mpmath's
    found = eigensystem(X)
    pairs = zip(found.eigenvalues, found.multiplicities, strict=True)
    return [value for value, count in pairs for _ in range(count)]


_SPECTRA: Mapping[Op, Callable[[fmpq_mat], list[Scalar]]] = {
    Op.EIGENVALUE: _eigenvalues,
    Op.EIGENMODULUS: lambda X: moduli(X.charpoly()),
}
