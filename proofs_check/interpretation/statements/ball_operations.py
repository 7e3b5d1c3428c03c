"""The operations of exact numbers and balls: a function for each of the tree's that needs no spectrum."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import reduce
from math import comb
from typing import Any

from flint import arb, arb_mat, fmpq, fmpq_mat

from jacspec.numerics import Chain, InputError
from jacspec.numerics.spectra.small_exact import overlap_magnitude, singular_decomposition
from jacspec.numerics.support.factors import identity
from jacspec.proofs_check.interpretation.statements.evaluation import MissingTermError, NoValueError
from jacspec.proofs_check.interpretation.statements.exact import (
    Matrix,
    Scalar,
    ball,
    ball_matrix,
    is_exact,
    rational_root,
)
from jacspec.proofs_check.interpretation.statements.quadrature import moment
from jacspec.theory.statements.tree import Op

_MOST = 1000
"""The largest numerator and denominator of an exponent with which a power is tried exactly."""


def power(x: Scalar, exponent: Fraction) -> Scalar:
    """x^{p/q}: of x ≥ 0 if q > 1, and of x ≠ 0 if p < 0; raises NoValueError for others."""
    p, q = exponent.numerator, exponent.denominator
    if isinstance(x, fmpq):
        if x == 0 and p < 0:
            raise NoValueError("a negative power of 0")
        root = None if max(abs(p), q) > _MOST else x if q == 1 else rational_root(x, q)
        if root is not None:
            return root**p
    x = ball(x)
    if q == 1:
        # FLINT takes the logarithm of a ball about 0.
        return arb(0, x.rad() ** p) if p > 0 and x.mid() == 0 else x**p
    if x < 0:
        raise NoValueError("a root of a negative number")
    x = x.nonnegative_part()
    return x.root(q) ** p if q <= _MOST else (x.log() * arb(fmpq(p, q))).exp()


def sum_of(values: list[Scalar]) -> Scalar:
    """The sum of numbers, exact if all are."""
    return reduce(_add, values)


def _add(a: Any, b: Any) -> Any:
    if isinstance(a, fmpq_mat | arb_mat):
        return a + b if is_exact(a, b) else ball_matrix(a) + ball_matrix(b)
    return a + b if is_exact(a, b) else ball(a) + ball(b)


def _negative(a: Any) -> Any:
    return a * -1 if isinstance(a, fmpq_mat | arb_mat) else -a


def times(a: Scalar, b: Scalar) -> Scalar:
    """The product of numbers, exact if both are, or one is 0."""
    if is_exact(a, b):
        return a * b
    if any(isinstance(x, fmpq) and x == 0 for x in (a, b)):
        return fmpq(0)
    return ball(a) * ball(b)


def _quotient(a: Scalar, b: Scalar) -> Scalar:
    if (b if isinstance(b, fmpq) else ball(b)) == 0:
        raise NoValueError("a quotient by 0")
    if isinstance(a, fmpq) and a == 0:
        return a
    return a / b if is_exact(a, b) else ball(a) / ball(b)


def _real_power(x: Scalar, exponent: Scalar) -> Scalar:
    """x^y = e^{y log x}, of x > 0; 0^y = 0 for y > 0."""
    if isinstance(exponent, fmpq) and exponent.q == 1 and abs(exponent) < 64:
        return power(x, Fraction(int(exponent.p)))
    if isinstance(x, fmpq) and x == 0 and ball(exponent) > 0:
        return x
    return (ball(exponent) * _positive(x, "a real power").log()).exp()


def _positive(x: Scalar, what: str) -> arb:
    """A number as a ball, unless it is certainly ≤ 0; more precision decides what may be positive."""
    if ball(x) <= 0:
        raise NoValueError(f"{what} of a number that is not positive")
    return ball(x)


def _polygamma(x: Scalar, order: int) -> arb:
    """ψ, and (-1)^{m+1} m! ζ(m + 1, x) for m ≥ 1."""
    argument = _positive(x, "polygamma")
    if order == 0:
        return argument.digamma()
    return (1 if order % 2 else -1) * arb(order).fac() * arb(order + 1).zeta(argument)


def _exponential(x: Scalar) -> Scalar:
    return fmpq(1) if isinstance(x, fmpq) and x == 0 else ball(x).exp()


def _logarithm(x: Scalar) -> Scalar:
    return fmpq(0) if isinstance(x, fmpq) and x == 1 else _positive(x, "log").log()


def _extreme(exactly: Callable[..., Any], in_balls: Callable[[arb, arb], arb]) -> Callable[..., Scalar]:
    return lambda *values: exactly(values) if is_exact(*values) else reduce(in_balls, map(ball, values))


def _matmul(X: Matrix, Y: Matrix) -> Matrix:
    return X * Y if is_exact(X, Y) else ball_matrix(X) * ball_matrix(Y)


def _scale(c: Any, X: Any) -> Matrix:
    return X * c if is_exact(c, X) else ball_matrix(X) * ball(c)


def _inverse(X: Matrix) -> Matrix:
    if isinstance(X, fmpq_mat):
        if X.det() == 0:
            raise NoValueError("the inverse of a singular matrix")
        return X.inv()
    try:
        return X.inv()
    except ZeroDivisionError as error:
        raise NoValueError("the inverse of a matrix that may be singular") from error


def _cells(X: Matrix, rows: int, columns: int, cell: Callable[[int, int], Any]) -> Matrix:
    """A matrix of the kind of X, by its entries."""
    return type(X)(rows, columns, [cell(i, j) for i in range(rows) for j in range(columns)])


def _both(X: Matrix, Y: Matrix) -> tuple[Matrix, Matrix]:
    return (X, Y) if is_exact(X, Y) else (ball_matrix(X), ball_matrix(Y))


def _hadamard(X: Matrix, Y: Matrix) -> Matrix:
    X, Y = _both(X, Y)
    return _cells(X, X.nrows(), X.ncols(), lambda i, j: X[i, j] * Y[i, j])


def _kronecker(X: Matrix, Y: Matrix) -> Matrix:
    X, Y = _both(X, Y)
    p, q = Y.nrows(), Y.ncols()
    return _cells(X, X.nrows() * p, X.ncols() * q, lambda i, j: X[i // p, j // q] * Y[i % p, j % q])


def _direct(X: Matrix, Y: Matrix) -> Matrix:
    X, Y = _both(X, Y)
    m, n = X.nrows(), X.ncols()

    def cell(i: int, j: int) -> Any:
        if i < m and j < n:
            return X[i, j]
        return Y[i - m, j - n] if i >= m and j >= n else 0

    return _cells(X, m + Y.nrows(), n + Y.ncols(), cell)


def _block(X: Matrix, top: int, bottom: int, left: int, right: int) -> Matrix:
    if not (1 <= top <= bottom <= X.nrows() and 1 <= left <= right <= X.ncols()):
        raise MissingTermError(f"rows {top} to {bottom}, columns {left} to {right}")
    return _cells(X, bottom - top + 1, right - left + 1, lambda i, j: X[top - 1 + i, left - 1 + j])


def _entry(X: Matrix, i: int, j: int) -> Scalar:
    if not (1 <= i <= X.nrows() and 1 <= j <= X.ncols()):
        raise MissingTermError(f"entry {i}, {j}")
    return X[i - 1, j - 1]


def _largest(X: Matrix) -> Scalar:
    return OPERATIONS[Op.MAX](*(abs(x) for x in X.entries()))  # type: ignore[no-any-return]


def _rank(X: Matrix) -> fmpq:
    if not isinstance(X, fmpq_mat):
        raise NoValueError("the rank of a matrix that is not rational")
    return fmpq(X.rank())


def _overlap(i: int, X: Matrix, k: int, Y: Matrix) -> arb:
    if not (1 <= i <= X.nrows() and 1 <= k <= Y.nrows()):
        raise MissingTermError(f"overlap {i}, {k}")
    if not (isinstance(X, fmpq_mat) and isinstance(Y, fmpq_mat)):
        raise NoValueError("singular vectors of a matrix that is not rational")
    return overlap_magnitude(X, Y, i, k)


def _factor(chain: Chain, layer: int) -> fmpq_mat:
    if not 1 <= layer <= chain.depth:
        raise MissingTermError(f"factor {layer} of {chain.depth}")
    return chain.exact[layer - 1]


def _span(chain: Chain, first: int, last: int) -> fmpq_mat:
    if not 1 <= first <= last + 1 <= chain.depth + 1:
        raise MissingTermError(f"the factors from {first} to {last} of {chain.depth}")
    factors, one = chain.exact[first - 1 : last], identity(chain.shape[0])
    return reduce(lambda product, factor: factor * product, factors, one)


def _simple(k: int, X: Matrix) -> tuple[arb, arb_mat, arb_mat]:
    """s_k, u_k and v_k, where s_k is simple and not 0."""
    if not 1 <= k <= min(X.nrows(), X.ncols()):
        raise MissingTermError(f"singular vector {k}")
    if not isinstance(X, fmpq_mat):
        raise NoValueError("singular vectors of a matrix that is not rational")
    try:
        return singular_decomposition(X).simple(k)
    except InputError as error:
        raise NoValueError(str(error)) from error


def _symbol(*indices_and_name: Any) -> Any:
    raise NoValueError(f"the symbol {indices_and_name[-1]} has no value by itself")


OPERATIONS: Mapping[Op, Callable[..., Any]] = {
    Op.ADD: _add,
    Op.SUB: lambda a, b: _add(a, _negative(b)),
    Op.NEG: _negative,
    Op.MUL: times,
    Op.DIV: _quotient,
    Op.POW: _real_power,
    Op.ABS: abs,
    Op.MIN: _extreme(min, arb.min),
    Op.MAX: _extreme(max, arb.max),
    Op.LOG: _logarithm,
    Op.EXP: _exponential,
    Op.POLYGAMMA: _polygamma,
    Op.GAMMA: lambda x: _positive(x, "Γ").gamma(),
    Op.SINH: lambda x: ball(x).sinh(),
    Op.BINOMIAL: lambda m, k: fmpq(comb(m, k)),
    Op.BERNOULLI: fmpq.bernoulli,
    Op.MOMENT: lambda p, r, q, _: moment(ball(p), _positive(r, "a moment"), _positive(q, "a moment")),
    Op.DELTA: lambda i, k: fmpq(int(i == k)),
    Op.MATMUL: _matmul,
    Op.SCALE: _scale,
    Op.TRANSPOSE: lambda X: X.transpose(),
    Op.INVERSE: _inverse,
    Op.HADAMARD: _hadamard,
    Op.KRONECKER: _kronecker,
    Op.DIRECT: _direct,
    Op.BLOCK: _block,
    Op.TRIU: lambda X: _cells(X, X.nrows(), X.ncols(), lambda i, j: X[i, j] if i <= j else 0),
    Op.EXPM: lambda X: ball_matrix(X).exp(),
    Op.SYMBOL: _symbol,
    Op.DERIVATIVE: _symbol,
    Op.FACTOR: _factor,
    Op.SPAN: _span,
    Op.LEFT_VECTOR: lambda k, X: _simple(k, X)[1],
    Op.RIGHT_VECTOR: lambda k, X: _simple(k, X)[2],
    Op.DET: lambda X: X.det(),
    Op.TRACE: lambda X: sum_of([X[i, i] for i in range(X.nrows())]),
    Op.RANK: _rank,
    Op.ENTRY: _entry,
    Op.LARGEST: _largest,
    Op.OVERLAP: _overlap,
}
