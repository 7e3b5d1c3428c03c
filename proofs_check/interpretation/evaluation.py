"""Expressions of the notation evaluated in balls, their time derivatives by dual numbers."""

from __future__ import annotations

from math import comb

from flint import acb, arb, arb_mat, fmpq
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
    bernoulli,
    binomial,
    exp,
    log,
    polygamma,
    sinh,
)

from jacspec.proofs_check.interpretation.base import Indices, Interpretation
from jacspec.proofs_check.interpretation.special_functions import SPECIAL, special_value
from jacspec.proofs_check.interpretation.values import Value, as_scalar, product, total
from jacspec.theory.notation.heads import head_of
from jacspec.theory.notation.words import D, Inner

__all__ = ["Evaluation", "evaluate", "evaluate_scalar"]


def evaluate(expression: Expr, at: Interpretation, indices: Indices | None = None) -> Value:
    """Evaluate an expression of the notation; ``indices`` are the summation indices in force."""
    return Evaluation(at, {**at.indices, **(indices or {})}).value(expression)


def evaluate_scalar(expression: Expr, at: Interpretation) -> arb:
    """Evaluate an expression that is a number; raises TypeError if it is a matrix."""
    return Evaluation(at, at.indices).scalar(expression)


class Evaluation:
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
                return total(self.value(term) for term in expression.args)
            case Mul():
                return product([self.value(factor) for factor in expression.args])
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
            case bernoulli():
                return arb(fmpq.bernoulli(self.index(expression.args[0])))
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
                return total(inner.value(expression.function) for inner in self._ranges(expression))
            case Inner():
                return as_scalar(self.value(expression.args[0]))
            case D():
                return self.with_velocity(expression.args[0])[1]
            case _ if isinstance(expression, SPECIAL):
                return special_value(expression, self.scalar)
        head = head_of(expression)
        if head is not None:
            return self.at.head(head, self._indices_of(expression))
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
            return as_scalar(value), as_scalar(velocity)
        if isinstance(expression, Mul):
            value, velocity = self.with_velocity(expression.args[0])
            for factor in expression.args[1:]:
                other, other_velocity = self.with_velocity(factor)
                value, velocity = (
                    product([value, other]),
                    product([velocity, other]) + product([value, other_velocity]),
                )
            return value, velocity
        if isinstance(expression, Add):
            pairs = [self.with_velocity(term) for term in expression.args]
            return total(p[0] for p in pairs), total(p[1] for p in pairs)
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
            return total(p[0] for p in pairs), total(p[1] for p in pairs)
        head = head_of(expression)
        if head is None:
            message = f"cannot differentiate {expression}"
            raise TypeError(message)
        return self.at.head_with_velocity(head, self._indices_of(expression))

    def _scalar_with_velocity(self, expression: Expr) -> tuple[arb, arb]:
        value, velocity = self.with_velocity(expression)
        return as_scalar(value), as_scalar(velocity)

    def _indices_of(self, atom: Expr) -> tuple[int, ...]:
        return tuple(self.index(argument) for argument in atom.args)

    def _power(self, power: Pow) -> Value:
        base = self.value(power.base)
        if power.exp.is_integer:
            exponent = self.index(power.exp)
            if isinstance(base, arb_mat):
                return product([base] * exponent)
            return base**exponent
        return (self.scalar(power.exp) * self.scalar(power.base).log()).exp()

    def _ranges(self, total: Sum) -> list[Evaluation]:
        """One evaluation for every value of the summation indices, the last limit outermost."""
        evaluations = [self]
        for variable, first, last in reversed(total.limits):
            evaluations = [
                Evaluation(self.at, {**outer.indices, variable: position})
                for outer in evaluations
                for position in range(outer.index(first), outer.index(last) + 1)
            ]
        return evaluations


def _polygamma(order: int, argument: arb) -> arb:
    """ψ^{(order)} at a real argument."""
    return argument.digamma() if order == 0 else acb(argument).polygamma(acb(order)).real
