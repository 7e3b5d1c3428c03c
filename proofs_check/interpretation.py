"""Concrete values for the notation of ``theory``: expressions evaluated in balls at an exact point.

An interpretation assigns a ball, a vector or a matrix of balls to every head of the notation. Two
kinds are used: random exact points of the domain of the assumptions that a step uses
(:class:`AssumptionPoint`), and the quantities of an actual chain (``proofs_check/ledger``).
Precision is the caller's: everything runs at the ball precision in force.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import cached_property
from math import comb, prod
from random import Random

from flint import acb, arb, arb_mat, fmpq, fmpq_mat
from sympy import (
    Abs,
    Add,
    Expr,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Pow,
    Rational,
    Sum,
    Symbol,
    binomial,
    exp,
    false,
    log,
    polygamma,
    sinh,
)
from sympy.core.function import AppliedUndef

from theory import Assumption, Formula
from theory.notation import HEADS, D, Head, Inner, Kind, N, epsilon, head_of, n
from theory.rules import Rule, match

__all__ = [
    "AssumptionPoint",
    "Interpretation",
    "Value",
    "evaluate",
    "evaluate_formula",
    "evaluate_scalar",
    "transposed",
]

Value = arb | arb_mat
Indices = Mapping[Symbol, int]


class Interpretation(ABC):
    """Values for the heads of the notation, at some depth, width and choice of free indices."""

    def __init__(self, depth: int, width: int, indices: Indices) -> None:
        self.depth = depth
        self.width = width
        self.indices: dict[Symbol, int] = {N: depth, n: width, **indices}

    @abstractmethod
    def head(self, head: Head, indices: tuple[int, ...]) -> Value:
        """Return the value of a head at concrete indices."""

    def head_with_velocity(self, head: Head, indices: tuple[int, ...]) -> tuple[Value, Value]:
        """Return the value of a head and of its time derivative."""
        if head.derivative is None:
            message = f"the time derivative of {head.name} is not declared in the notation"
            raise TypeError(message)
        return self.head(head, indices), self.head(HEADS[head.derivative], indices)

    def symbol(self, symbol: Symbol) -> arb:
        """Return the value of a symbol that is neither an index, nor N, nor n."""
        message = f"no value for the symbol {symbol}"
        raise KeyError(message)

    def matrix(self, kind: Kind, value: Value) -> Value:
        """Read the scalars 0 and 1 as matrices where a matrix is meant."""
        if kind is Kind.MATRIX and isinstance(value, arb):
            return _identity(self.width) * value
        return value


def evaluate(expression: Expr, at: Interpretation, indices: Indices | None = None) -> Value:
    """Evaluate an expression of the notation; ``indices`` are the summation indices in force."""
    return _Evaluation(at, {**at.indices, **(indices or {})}).value(expression)


def evaluate_scalar(expression: Expr, at: Interpretation) -> arb:
    """Evaluate an expression that is a number; raises TypeError if it is a matrix."""
    return _Evaluation(at, at.indices).scalar(expression)


def evaluate_formula(formula: Formula, values: Sequence[arb | int]) -> arb:
    """Evaluate a formula of ``theory`` in balls, its parameters given in their order.

    Whole numbers may be given as such, and must be where a parameter is the end of a sum. Raises
    ValueError where the formula's conditions, decided on whole numbers, exclude them.
    """
    given = dict(zip(formula.parameters, values, strict=True))
    whole = {symbol: value for symbol, value in given.items() if isinstance(value, int)}
    for condition in formula.conditions:
        if condition.subs(whole) == false:
            message = f"{formula.label} at {whole}: expected {formula.domain}"
            raise ValueError(message)
    balls = {symbol: value for symbol, value in given.items() if isinstance(value, arb)}
    return evaluate_scalar(formula.expression, _Parameters(balls, whole))


class _Evaluation:
    """One evaluation: an interpretation, and the indices bound so far."""

    def __init__(self, at: Interpretation, indices: dict[Symbol, int]) -> None:
        self.at = at
        self.indices = indices

    def value(self, expression: Expr) -> Value:
        """The value of an expression."""
        match expression:
            case Integer():
                return arb(int(expression))
            case Rational():
                return arb(fmpq(int(expression.p), int(expression.q)))
            case Symbol():
                bound = self.indices.get(expression)
                return self.at.symbol(expression) if bound is None else arb(bound)
            case Add():
                return self._sum(self.value(term) for term in expression.args)
            case Mul():
                return prod_of([self.value(factor) for factor in expression.args])
            case Pow():
                return self._power(expression)
            case exp():
                return self.scalar(expression.args[0]).exp()
            case log():
                return self.scalar(expression.args[0]).log()
            case polygamma():
                order, argument = expression.args
                return _polygamma(self.index(order), self.scalar(argument))
            case sinh():
                return self.scalar(expression.args[0]).sinh()
            case Abs():
                return abs(self.scalar(expression.args[0]))
            case binomial():
                above, below = (self.index(argument) for argument in expression.args)
                return arb(comb(above, below))
            case Min() | Max():
                values = [self.scalar(argument) for argument in expression.args]
                pick = arb.min if isinstance(expression, Min) else arb.max
                result = values[0]
                for other in values[1:]:
                    result = pick(result, other)
                return result
            case KroneckerDelta():
                first, second = (self.index(argument) for argument in expression.args)
                return arb(int(first == second))
            case Sum():
                return self._sum(inner.value(expression.function) for inner in self._ranges(expression))
            case Inner():
                return self._scalar(self.value(expression.args[0]))
            case D():
                return self.with_velocity(expression.args[0])[1]
            case AppliedUndef():
                return self.at.head(HEADS[expression.func.__name__], self._indices_of(expression))
        message = f"cannot evaluate {type(expression).__name__}"
        raise TypeError(message)

    def scalar(self, expression: Expr) -> arb:
        """The value of an expression that is a number; raises TypeError if it is a matrix."""
        value = self.value(expression)
        if not isinstance(value, arb):
            message = f"{expression} is a matrix; expected a scalar"
            raise TypeError(message)
        return value

    def index(self, expression: Expr) -> int:
        """The value of an index expression; it must come out whole."""
        known = self.indices.get(expression)
        if known is not None:
            return known
        return int(expression.xreplace({symbol: Integer(v) for symbol, v in self.indices.items()}))

    def with_velocity(self, expression: Expr) -> tuple[Value, Value]:
        """The value and the time derivative of a product of heads, by dual numbers."""
        if isinstance(expression, Inner):
            value, velocity = self.with_velocity(expression.args[0])
            return self._scalar(value), self._scalar(velocity)
        if isinstance(expression, Mul):
            value, velocity = self.with_velocity(expression.args[0])
            for factor in expression.args[1:]:
                other, other_velocity = self.with_velocity(factor)
                value, velocity = (
                    prod_of([value, other]),
                    prod_of([velocity, other]) + prod_of([value, other_velocity]),
                )
            return value, velocity
        if isinstance(expression, Add):
            pairs = [self.with_velocity(term) for term in expression.args]
            return self._sum(p[0] for p in pairs), self._sum(p[1] for p in pairs)
        if expression.is_number:
            return self.value(expression), arb(0)
        if isinstance(expression, log):
            inside, rate = self._scalar_with_velocity(expression.args[0])
            return inside.log(), rate / inside
        if isinstance(expression, Pow):
            base, rate = self._scalar_with_velocity(expression.base)
            exponent = self.scalar(expression.exp)
            value = (exponent * base.log()).exp()
            return value, exponent * value / base * rate
        if isinstance(expression, Sum):
            pairs = [inner.with_velocity(expression.function) for inner in self._ranges(expression)]
            return self._sum(p[0] for p in pairs), self._sum(p[1] for p in pairs)
        head = head_of(expression)
        if head is None:
            message = f"cannot differentiate {expression}"
            raise TypeError(message)
        return self.at.head_with_velocity(head, self._indices_of(expression))

    def _scalar_with_velocity(self, expression: Expr) -> tuple[arb, arb]:
        value, velocity = self.with_velocity(expression)
        return self._scalar(value), self._scalar(velocity)

    def _indices_of(self, atom: Expr) -> tuple[int, ...]:
        return tuple(self.index(argument) for argument in atom.args)

    def _power(self, power: Pow) -> Value:
        base = self.value(power.base)
        if power.exp.is_Integer:
            exponent = int(power.exp)
            if isinstance(base, arb_mat):
                return prod_of([base] * exponent)
            return base**exponent
        return (self.scalar(power.exp) * self.scalar(power.base).log()).exp()

    def _ranges(self, total: Sum) -> list[_Evaluation]:
        """One evaluation for every value of the summation indices, the last limit outermost."""
        evaluations = [self]
        for variable, first, last in reversed(total.limits):
            evaluations = [
                _Evaluation(self.at, {**outer.indices, variable: position})
                for outer in evaluations
                for position in range(outer.index(first), outer.index(last) + 1)
            ]
        return evaluations

    def _sum(self, values: object) -> Value:
        total: Value = arb(0)
        for value in values:  # type: ignore[attr-defined]
            if isinstance(total, arb) and isinstance(value, arb_mat):
                total = arb_mat(value.nrows(), value.ncols()) if total.is_zero() else _like(total, value)
            elif isinstance(value, arb) and isinstance(total, arb_mat):
                value = _like(value, total)
            total = total + value
        return total

    @staticmethod
    def _scalar(value: Value) -> arb:
        return value[0, 0] if isinstance(value, arb_mat) else value


def _like(scalar: arb, matrix: arb_mat) -> arb_mat:
    """Read a scalar among matrices as a multiple of the identity."""
    return _identity(matrix.nrows()) * scalar


def _polygamma(order: int, argument: arb) -> arb:
    """ψ^{(order)} at a real argument."""
    return argument.digamma() if order == 0 else acb(argument).polygamma(acb(order)).real


def _identity(size: int) -> arb_mat:
    return arb_mat([[int(row == column) for column in range(size)] for row in range(size)])


def transposed(value: Value) -> Value:
    """Xᵀ; a scalar is its own transpose."""
    return value.transpose() if isinstance(value, arb_mat) else value


def prod_of(values: list[Value]) -> Value:
    """The product of scalars and of conformable matrices, in order."""
    scalar = prod((value for value in values if isinstance(value, arb)), start=arb(1))
    matrices = [value for value in values if isinstance(value, arb_mat)]
    if not matrices:
        return scalar
    result = matrices[0]
    for matrix in matrices[1:]:
        # A 1×1 result of a row and a column is a scalar in whatever follows.
        if result.ncols() != matrix.nrows() and (result.nrows(), result.ncols()) == (1, 1):
            result = matrix * result[0, 0]
        else:
            result = result * matrix
    return result * scalar


class _Parameters(Interpretation):
    """Values for the parameters of a formula, which holds no head of the notation."""

    def __init__(self, values: Mapping[Symbol, arb], whole: Indices) -> None:
        super().__init__(1, 1, whole)
        self._values = values

    def symbol(self, symbol: Symbol) -> arb:
        """Return the value of a parameter."""
        return self._values[symbol]

    def head(self, head: Head, indices: tuple[int, ...]) -> Value:
        """Refuse: a formula is made of its parameters alone."""
        message = f"a formula holds no {head.name}{indices}"
        raise KeyError(message)


class AssumptionPoint(Interpretation):
    """A random exact point at which the given assumptions hold.

    A head that an assumption's model defines is computed; a family that an assumption declares
    orthonormal is the columns of a random rational orthogonal matrix (Cayley transform); every
    other head is a random rational, positive where the notation says so. The same seed gives the
    same point.
    """

    def __init__(
        self,
        assumptions: tuple[Assumption, ...],
        *,
        depth: int,
        width: int,
        indices: Indices,
        seed: int,
        level: fmpq,
    ) -> None:
        super().__init__(depth, width, indices)
        self._models = [rule for assumption in assumptions for rule in assumption.model]
        self._frames = {name for assumption in assumptions for name in assumption.frames}
        self._moving = {
            name for assumption in assumptions if assumption.frames_move for name in assumption.frames
        }
        self._seed = seed
        self._level = level
        self._free: dict[tuple[str, tuple[int, ...]], fmpq_mat | fmpq] = {}

    def symbol(self, symbol: Symbol) -> arb:
        """Return ε, the level of strong alignment."""
        return arb(self._level) if symbol == epsilon else super().symbol(symbol)

    def head(self, head: Head, indices: tuple[int, ...]) -> Value:
        """Return the value of a head: modelled, orthonormal, transposed, a velocity, or free."""
        modelled = self._modelled(head, indices)
        if modelled is not None:
            rule, bound = modelled
            return self.matrix(head.kind, evaluate(rule.rhs, self, bound))
        if self._is_turned(head):
            return transposed(self.head(HEADS[head.transpose or ""], indices))
        antiderivative = next((h for h in HEADS.values() if h.derivative == head.name), None)
        if antiderivative is not None:
            if self._modelled(antiderivative, indices) is not None:
                return self.head_with_velocity(antiderivative, indices)[1]
            if antiderivative.name in self._moving:
                return self._frame(antiderivative, indices[1:], moving=True, column=indices[0])
        if head.name in self._frames:
            return self._frame(head, indices[1:], moving=False, column=indices[0])
        free = self._free_value(head, indices)
        return arb_mat(free) if isinstance(free, fmpq_mat) else arb(free)

    def head_with_velocity(self, head: Head, indices: tuple[int, ...]) -> tuple[Value, Value]:
        """Return a head and its velocity; what is modelled is differentiated through its model."""
        modelled = self._modelled(head, indices)
        if modelled is not None:
            rule, bound = modelled
            value, velocity = _Evaluation(self, {**self.indices, **bound}).with_velocity(rule.rhs)
            return self.matrix(head.kind, value), self.matrix(head.kind, velocity)
        if self._is_turned(head):
            value, velocity = self.head_with_velocity(HEADS[head.transpose or ""], indices)
            return transposed(value), transposed(velocity)
        return super().head_with_velocity(head, indices)

    @staticmethod
    def _is_turned(head: Head) -> bool:
        return head.transpose is not None and head.name == head.transpose + "T"

    def _modelled(self, head: Head, indices: tuple[int, ...]) -> tuple[Rule, dict[Symbol, int]] | None:
        atom = head.symbol(*map(Integer, indices))
        depth = {N: Integer(self.depth), n: Integer(self.width)}
        fixed = {symbol: Integer(value) for symbol, value in self.indices.items()}
        for rule in self._models:
            # An index over which the rule does not range is that of the point.
            known = {symbol: value for symbol, value in fixed.items() if symbol not in rule.indices}
            values = match((rule.lhs.xreplace(known),), (atom,), rule.indices)
            if values is None:
                continue
            ranges = [
                (index, first.xreplace(depth), last.xreplace(depth)) for index, first, last in rule.ranges
            ]
            if all(first <= values[index] <= last for index, first, last in ranges):
                return rule, {index: int(value) for index, value in values.items()}
        return None

    def _random(self, *key: object) -> Random:
        return Random(repr((self._seed, *key)))  # noqa: S311 -- points, not secrets

    def _free_value(self, head: Head, indices: tuple[int, ...]) -> fmpq_mat | fmpq:
        key = (head.name, indices)
        if key not in self._free:
            random = self._random(*key)
            shapes = {
                Kind.MATRIX: (self.width, self.width),
                Kind.COLUMN: (self.width, 1),
                Kind.ROW: (1, self.width),
            }
            if head.kind is Kind.SCALAR:
                sign = 1 if head.positive else random.choice((-1, 1))
                self._free[key] = sign * fmpq(random.randint(1, 30), random.randint(7, 20))
            else:
                rows, columns = shapes[head.kind]
                self._free[key] = fmpq_mat(rows, columns, [
                    fmpq(random.randint(-20, 20), random.randint(1, 9)) for _ in range(rows *
                    columns)
                ])  # fmt: skip
        return self._free[key]

    def _frame(self, head: Head, labels: tuple[int, ...], *, moving: bool, column: int) -> arb_mat:
        """A column of Q = (I - S)(I + S)⁻¹, or of Q̇ = QΩ, with random skew-symmetric S and Ω."""
        identity = fmpq_mat(self.width, self.width, [
            int(r == c) for r in range(self.width) for c in range(self.width)
        ])  # fmt: skip
        skew = self._skew("frame", head.name, labels)
        frame = (identity - skew) * (identity + skew).inv()
        if moving:
            frame = frame * self._skew("spin", head.name, labels)
        return arb_mat(self.width, 1, [arb(frame[row, column - 1]) for row in range(self.width)])

    def _skew(self, *key: object) -> fmpq_mat:
        random = self._random(*key)
        skew = fmpq_mat(self.width, self.width)
        for row in range(self.width):
            for column in range(row):
                entry = fmpq(random.randint(-9, 9), random.randint(1, 9))
                skew[row, column], skew[column, row] = entry, -entry
        return skew

    @cached_property
    def description(self) -> str:
        """Where this point is, for a report."""
        return f"N={self.depth}, n={self.width}, seed={self._seed}"
