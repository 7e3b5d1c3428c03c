"""What a statement can speak of: variables, and the functions of matrices and numbers.

>>> A, B = matrix("A"), matrix("B")              # square, of any size n
>>> s(2, A @ B) <= s(1, A) * s(1, B)
s_2(A B) ≤ s_1(A) s_1(B)
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from jacspec.theory.statements.expression import (
    Expression,
    alike,
    expression,
    matrix_of,
    position,
    scalar_of,
    square_of,
    whole_of,
)
from jacspec.theory.statements.sizes import checked_name, extent, size as size, span
from jacspec.theory.statements.tree import Op

_Size = str | int | Expression
NORMS = ("spectral", "frobenius", "nuclear", "ky fan", "schatten")


def matrix(name: str, rows: _Size = "n", columns: _Size | None = None) -> Expression:
    """A matrix variable: square of size n, or of the sizes named; the same name is the same size."""
    height = extent(rows)
    width = height if columns is None else extent(columns)
    return Expression(Op.MATRIX, data=checked_name(name), shape=(height, width))


def vector(name: str, rows: _Size = "n") -> Expression:
    """A column variable."""
    return matrix(name, rows, 1)


def scalar(name: str) -> Expression:
    """A variable that is a real number."""
    return Expression(Op.SCALAR, data=checked_name(name))


def whole(name: str) -> Expression:
    """A variable that is a whole number from 1 on."""
    return Expression(Op.WHOLE, data=checked_name(name))


def index(name: str) -> Expression:
    """An index: a statement is about all values 1, 2, … of it at which every term exists."""
    return Expression(Op.INDEX, data=checked_name(name))


def number(value: Any) -> Expression:
    """An exact number: ``number("1e-30")``, ``number("1/3")``, or any number of Python's."""
    return expression(Fraction(value) if isinstance(value, str) else value)


def identity(rows: _Size = "n") -> Expression:
    """The identity matrix."""
    return Expression(Op.IDENTITY, shape=(extent(rows), extent(rows)))


def s(k: Any, X: Expression) -> Expression:
    """The k-th largest singular value; it exists for k up to the smaller size of X."""
    return Expression(Op.SINGULAR, (position(k), matrix_of(X)))


def speed(k: Any, X: Expression, rate: Expression) -> Expression:
    """d/dt s_k(X) where X moves with Ẋ = rate; of a simple, non-zero s_k."""
    return Expression(Op.SPEED, (position(k), *alike(X, rate)))


def eig(k: Any, X: Expression) -> Expression:
    """The k-th largest eigenvalue of a symmetric matrix; of another it has no value."""
    return Expression(Op.EIGENVALUE, (position(k), square_of(X)))


def eigenmodulus(k: Any, X: Expression) -> Expression:
    """The k-th largest modulus of an eigenvalue of any square matrix; the first is the spectral radius."""
    return Expression(Op.EIGENMODULUS, (position(k), square_of(X)))


def det(X: Expression) -> Expression:
    """The determinant."""
    return Expression(Op.DET, (square_of(X),))


def tr(X: Expression) -> Expression:
    """The trace."""
    return Expression(Op.TRACE, (square_of(X),))


def norm(X: Expression, kind: str = "spectral", order: Any = None) -> Expression:
    """‖X‖: spectral, frobenius or nuclear; ky fan (the ``order`` largest) and schatten (power ``order``)."""
    ordered = kind in ("ky fan", "schatten")
    if kind not in NORMS or ordered is (order is None):
        message = (
            f"norm({X}, {kind!r}, {order}): expected one of {', '.join(NORMS)}, the last two with an order"
        )
        raise ValueError(message)
    read = position if kind == "ky fan" else scalar_of
    return Expression(Op.NORM, (matrix_of(X), *((read(order),) if ordered else ())), kind)


def largest_entry(X: Expression) -> Expression:
    """The largest modulus of an entry."""
    return Expression(Op.LARGEST, (matrix_of(X),))


def overlap(i: Any, X: Expression, k: Any, Y: Expression) -> Expression:
    """|⟨u_i(X), u_k(Y)⟩| of left singular vectors; where values repeat, the largest over all choices."""
    return Expression(Op.OVERLAP, (position(i), matrix_of(X), position(k), matrix_of(Y)))


def inner(X: Expression, Y: Expression) -> Expression:
    """⟨X, Y⟩ = tr(Xᵀ Y)."""
    return tr(X.T @ Y)


def hadamard(X: Expression, Y: Expression) -> Expression:
    """The entrywise product."""
    return Expression(Op.HADAMARD, alike(X, Y), shape=X.shape)


def kronecker(X: Expression, Y: Expression) -> Expression:
    """The Kronecker product."""
    return _composed(Op.KRONECKER, X, Y)


def direct_sum(X: Expression, Y: Expression) -> Expression:
    """The block-diagonal matrix of X and Y."""
    return _composed(Op.DIRECT, X, Y)


def block(X: Expression, rows: tuple[Any, Any], columns: tuple[Any, Any]) -> Expression:
    """The rows and columns from the first to the last given, counted from 1, both included."""
    corners = tuple(map(position, (*rows, *columns)))
    return Expression(Op.BLOCK, (matrix_of(X), *corners), shape=(span(*rows), span(*columns)))


def triu(X: Expression) -> Expression:
    """The upper triangular part, diagonal included."""
    return Expression(Op.TRIU, (matrix_of(X),), shape=X.shape)


def modulus(X: Expression) -> Expression:
    """(X Xᵀ)^½."""
    return Expression(Op.MODULUS, (square_of(X),), shape=X.shape)


def expm(X: Expression) -> Expression:
    """The matrix exponential."""
    return Expression(Op.EXPM, (square_of(X),), shape=X.shape)


def sqrt(x: Any) -> Expression:
    """√x."""
    return scalar_of(x) ** Fraction(1, 2)


def log(x: Any) -> Expression:
    """The natural logarithm."""
    return Expression(Op.LOG, (scalar_of(x),))


def exp(x: Any) -> Expression:
    """The exponential."""
    return Expression(Op.EXP, (scalar_of(x),))


def polygamma(order: int, x: Any) -> Expression:
    """The derivative of that order (0, 1, 2, …) of ψ = (log Γ)′, for x > 0."""
    whole_order = whole_of(order)
    if whole_order is None or whole_order < 0:
        message = f"polygamma({order!r}, {x}): expected an order of 0, 1, 2, …"
        raise ValueError(message)
    return Expression(Op.POLYGAMMA, (scalar_of(x),), whole_order)


def digamma(x: Any) -> Expression:
    """ψ(x), for x > 0."""
    return polygamma(0, x)


def gamma(x: Any) -> Expression:
    """Γ(x), for x > 0."""
    return Expression(Op.GAMMA, (scalar_of(x),))


def sinh(x: Any) -> Expression:
    """The hyperbolic sine."""
    return Expression(Op.SINH, (scalar_of(x),))


def binomial(m: Any, k: Any) -> Expression:
    """The binomial coefficient of whole numbers m and k from 0 on."""
    return Expression(Op.BINOMIAL, (scalar_of(m), scalar_of(k)))


def bernoulli(m: Any) -> Expression:
    """The Bernoulli number B_m of a whole m from 0 on."""
    return Expression(Op.BERNOULLI, (scalar_of(m),))


def moment(x: Expression, power: Any, rate: Any, decay: Any) -> Expression:
    """∫_0^∞ x^power e^{-rate x^decay} dx, for power > -1 and rate, decay > 0; x is a number's name alone."""
    return Expression(Op.MOMENT, (scalar_of(power), scalar_of(rate), scalar_of(decay)), _named(x))


def delta(i: Any, k: Any) -> Expression:
    """Kronecker's δ of two indices."""
    return Expression(Op.DELTA, (scalar_of(i), scalar_of(k)))


def minimum(*values: Any) -> Expression:
    """The smallest of several numbers."""
    return Expression(Op.MIN, tuple(map(scalar_of, values)))


def maximum(*values: Any) -> Expression:
    """The largest of several numbers."""
    return Expression(Op.MAX, tuple(map(scalar_of, values)))


def total(body: Expression, i: Expression, first: Any, last: Any) -> Expression:
    """Σ of the body for i from ``first`` to ``last``; numbers, or matrices of one shape."""
    return Expression(Op.SUM, (scalar_of(first), scalar_of(last), expression(body)), _bound(i), body.shape)


def product(body: Expression, i: Expression, first: Any, last: Any) -> Expression:
    """∏ of the body, a number, for i from ``first`` to ``last``."""
    return Expression(Op.PRODUCT, (scalar_of(first), scalar_of(last), scalar_of(body)), _bound(i))


def derivative(body: Expression, x: Expression | None = None) -> Expression:
    """The derivative of a number or a matrix by a number x; without one, by time."""
    return Expression(Op.DERIVATIVE, (expression(body),), None if x is None else _named(x), body.shape)


def at(body: Expression, x: Expression, point: Any) -> Expression:
    """The value of the body where the number x is ``point``."""
    return Expression(Op.AT, (expression(body), scalar_of(point)), _named(x), body.shape)


def _named(x: Expression) -> str:
    if not isinstance(x, Expression) or x.op is not Op.SCALAR:
        message = f"{x}: expected a number's name, scalar('x')"
        raise TypeError(message)
    return str(x.data)


def _composed(op: Op, X: Expression, Y: Expression) -> Expression:
    left, right = matrix_of(X).shape, matrix_of(Y).shape
    assert left is not None and right is not None  # noqa: S101, PT018 -- narrows the type
    both = [size(a + b if op is Op.DIRECT else a * b) for a, b in zip(left, right, strict=True)]
    return Expression(op, (X, Y), shape=(both[0], both[1]))


def _bound(i: Expression) -> str:
    if not isinstance(i, Expression) or i.op is not Op.INDEX:
        message = f"{i}: expected an index, index('i'), over which to sum or multiply"
        raise TypeError(message)
    return str(i.data)
