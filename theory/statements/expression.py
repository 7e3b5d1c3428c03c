"""Expressions, written with Python's operators, and comparisons of them.

``+ - * / **`` and ``abs`` are those of numbers, ``@ .T .inv`` those of matrices, ``c * A`` the multiple; a
comparison (``<= < >= > == !=``) makes a relation, between matrices ``<=`` and ``>=`` the Loewner order.
What has no meaning (a sum of a matrix and a number, sizes that do not fit) raises TypeError when it is
written.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import reduce
from numbers import Rational
from operator import index
from typing import Any, ClassVar, NoReturn

from jacspec.theory.statements.printing import latex, text
from jacspec.theory.statements.tree import Node, Op

Number = int | float | Rational | Decimal
"""What may stand for an exact number; a float stands for the decimal that was typed."""

_HIGHEST = 99
"""A power of a matrix is written out as a product."""


class _Printable(Node):
    """What can be printed, and has no truth value."""

    __slots__ = ()
    _remedy: ClassVar[str] = ""

    def __str__(self) -> str:
        return text(self)

    __repr__ = __str__

    def _repr_latex_(self) -> str:
        return f"${latex(self)}$"

    def __bool__(self) -> NoReturn:
        message = f"{self} has no truth value before it is verified; {self._remedy}"
        raise TypeError(message)

    __hash__ = object.__hash__


class Comparison(_Printable):
    """Two sides and the relation between them; an equivalence or an existence has relations for sides."""

    __slots__ = ()
    _remedy = "of a chain a <= x <= b write both, [a <= x, x <= b]; two trees are compared with `is`"
    args: tuple[Any, ...]

    @property
    def of_matrices(self) -> bool:
        """Whether its sides are matrices."""
        return self.args[0].shape is not None

    def __eq__(self, other: object) -> NoReturn:
        self._refuse()

    def __le__(self, other: object) -> NoReturn:
        self._refuse()

    __ne__ = __lt__ = __ge__ = __gt__ = __le__
    __hash__ = _Printable.__hash__

    def _refuse(self) -> NoReturn:
        message = f"{self} is a relation, and not to be compared; a relation stands between expressions"
        raise TypeError(message)


class Expression(_Printable):
    """A number, a vector or a matrix, as a tree; a vector is a matrix with one column."""

    __slots__ = ()
    __array_ufunc__ = None  # numpy's scalars on the left leave the operation to us
    __iter__ = None  # __getitem__ alone would make a matrix an endless iterable
    _remedy = "it is no condition"
    args: tuple[Expression, ...]
    shape: tuple[Expression, Expression] | None

    @property
    def is_matrix(self) -> bool:
        """Whether it has a shape."""
        return self.shape is not None

    def __add__(self, other: Any) -> Expression:
        return _sum(Op.ADD, self, other)

    def __radd__(self, other: Any) -> Expression:
        # Python's sum() starts at 0.
        return self if isinstance(other, int) and other == 0 else _sum(Op.ADD, other, self)

    def __sub__(self, other: Any) -> Expression:
        return _sum(Op.SUB, self, other)

    def __rsub__(self, other: Any) -> Expression:
        return _sum(Op.SUB, other, self)

    def __neg__(self) -> Expression:
        return Expression(Op.NEG, (self,), shape=self.shape)

    def __mul__(self, other: Any) -> Expression:
        return _product(self, other)

    def __rmul__(self, other: Any) -> Expression:
        return _product(other, self)

    def __truediv__(self, other: Any) -> Expression:
        below = scalar_of(other)
        if self.is_matrix:
            return _product(expression(1) / below, self)
        return Expression(Op.DIV, (self, below))

    def __rtruediv__(self, other: Any) -> Expression:
        return expression(other) / scalar_of(self)

    def __pow__(self, exponent: Any) -> Expression:
        if not self.is_matrix:
            raised = scalar_of(exponent)
            return self if raised is expression(1) else Expression(Op.POW, (self, raised))
        power = whole_of(exponent)
        if power is None or not (1 <= power <= _HIGHEST or power == -1):
            message = f"{self} ** {exponent!r}: a matrix; expected a whole number from 1 to {_HIGHEST}, or -1"
            raise TypeError(message)
        return self.inv if power == -1 else reduce(lambda right, left: left @ right, [self] * power)

    def __rpow__(self, base: Any) -> Expression:
        return expression(base) ** self

    def __abs__(self) -> Expression:
        return Expression(Op.ABS, (scalar_of(self),))

    def __matmul__(self, other: Any) -> Expression:
        (rows, inner), (inner_too, columns) = _shape(self), _shape(other)
        if inner is not inner_too:
            message = (
                f"{self} is {_by(self)} and {other} is {_by(other)}: their product does not exist; give "
                f"sizes that agree the same name, as in matrix('B', '{inner}', 'k')"
            )
            raise TypeError(message)
        return Expression(Op.MATMUL, (self, other), shape=(rows, columns))

    @property
    def T(self) -> Expression:
        """The transpose."""
        rows, columns = _shape(self)
        if self.op is Op.TRANSPOSE:
            return self.args[0]
        return Expression(Op.TRANSPOSE, (self,), shape=(columns, rows))

    @property
    def inv(self) -> Expression:
        """The inverse; a statement is not about examples at which it does not exist."""
        return Expression(Op.INVERSE, (square_of(self),), shape=self.shape)

    @property
    def rank(self) -> Expression:
        """The rank."""
        return Expression(Op.RANK, (matrix_of(self),))

    def __getitem__(self, place: Any) -> Expression:
        """The entry ``A[i, j]``, counted from 1; of a column ``x[i]`` too."""
        row, column = place if isinstance(place, tuple) else (place, 1)
        return Expression(Op.ENTRY, (matrix_of(self), position(row), position(column)))

    def __le__(self, other: Any) -> Comparison:
        return _compared(Op.LE, self, other)

    def __lt__(self, other: Any) -> Comparison:
        return _compared(Op.LT, self, other)

    def __ge__(self, other: Any) -> Comparison:
        return _compared(Op.GE, self, other)

    def __gt__(self, other: Any) -> Comparison:
        return _compared(Op.GT, self, other)

    def __eq__(self, other: object) -> Comparison:  # type: ignore[override]
        return _compared(Op.EQ, self, other)

    def __ne__(self, other: object) -> Comparison:  # type: ignore[override]
        return _compared(Op.NE, self, other)

    __hash__ = _Printable.__hash__


def expression(value: Any) -> Expression:
    """A number as an expression, exactly; an expression as it is. Raises TypeError for anything else."""
    if isinstance(value, Expression):
        return value
    if isinstance(value, Comparison):
        message = f"{value} in an expression: it is a relation; give several relations as a list"
        raise TypeError(message)
    if isinstance(value, bool) or not isinstance(value, Number):
        message = f"{value!r} ({type(value).__name__}) in an expression: expected a number or an expression"
        raise TypeError(message)
    if value != value or value in (float("inf"), -float("inf")):
        message = f"{value!r} in an expression: expected a finite number; a limit at infinity goes to oo"
        raise ValueError(message)
    exact = Fraction(repr(float(value))) if isinstance(value, float) else Fraction(value)
    return Expression(Op.NUMBER, data=exact)


def scalar_of(value: Any) -> Expression:
    """A value as an expression that is a number; raises TypeError for a matrix."""
    found = expression(value)
    if found.is_matrix:
        message = f"{found} is a matrix; expected a number (a multiple of the identity is c * identity('n'))"
        raise TypeError(message)
    return found


def position(value: Any, first: int = 1) -> Expression:
    """An index as an expression; raises ValueError for a literal one below the first."""
    found = scalar_of(value)
    if found.op is Op.NUMBER and (found.data < first or found.data.denominator != 1):
        message = f"the index {found}: counting begins at {first}, and goes by whole numbers"
        hint = "" if found.data > 0 else "; the last of n is size('n')"
        raise ValueError(message + hint)
    return found


def whole_of(value: Any) -> int | None:
    """A whole number as an int: Python's, NumPy's, SymPy's; None for anything else, and for a bool."""
    try:
        return None if isinstance(value, bool) else index(value)
    except TypeError:
        return None


def matrix_of(value: Any) -> Expression:
    """A value that is a matrix; raises TypeError for anything else."""
    if not isinstance(value, Expression) or not value.is_matrix:
        message = f"{value} is no matrix; expected one (a number times a matrix is c * A)"
        raise TypeError(message)
    return value


def square_of(value: Any) -> Expression:
    """A value that is a square matrix; raises TypeError for anything else."""
    rows, columns = _shape(value)
    if rows is not columns:
        message = f"{value} is {_by(value)}; expected a square matrix"
        raise TypeError(message)
    return matrix_of(value)


def alike(left: Any, right: Any) -> tuple[Expression, Expression]:
    """Two matrices of the same sizes; raises TypeError for anything else."""
    if any(a is not b for a, b in zip(_shape(left), _shape(right), strict=True)):
        message = f"{left} is {_by(left)} and {right} is {_by(right)}: expected equal sizes"
        raise TypeError(message)
    return left, right


def _shape(value: Any) -> tuple[Expression, Expression]:
    shape = matrix_of(value).shape
    assert shape is not None  # noqa: S101 -- narrows the type
    return shape


def _by(value: Expression) -> str:
    return "×".join(map(str, _shape(value)))


def _sum(op: Op, left: Any, right: Any) -> Expression:
    a, b = expression(left), expression(right)
    if a.is_matrix is not b.is_matrix:
        message = f"{a} {op.value} {b}: a matrix and a number; write c * identity('n') for a multiple of I"
        raise TypeError(message)
    if a.is_matrix:
        alike(a, b)
    return Expression(op, (a, b), shape=a.shape)


def _product(left: Any, right: Any) -> Expression:
    a, b = expression(left), expression(right)
    if a.is_matrix and b.is_matrix:
        message = (
            f"{a} * {b}: write {a} @ {b} for the matrix product, hadamard({a}, {b}) for the entrywise one"
        )
        raise TypeError(message)
    if a.is_matrix:
        a, b = b, a
    return Expression(Op.SCALE if b.is_matrix else Op.MUL, (a, b), shape=b.shape)


def _compared(op: Op, left: Any, right: Any) -> Comparison:
    a, b = expression(left), expression(right)
    if a.is_matrix and b.op is Op.NUMBER and b.data == 0:
        b = Expression(Op.ZERO, shape=a.shape)
    if a.is_matrix is not b.is_matrix:
        message = f"{a} {op.value} {b}: one side is a matrix and the other a number; expected two of a kind"
        raise TypeError(message)
    if a.is_matrix:
        alike(a, b)
    if a.is_matrix and op not in (Op.EQ, Op.NE):
        square_of(a)  # the Loewner order
    return Comparison(op, (a, b))
