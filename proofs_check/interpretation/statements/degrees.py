"""The arithmetic of degrees: how an expression scales with one of its variables, f(cA) = c^d f(A) for c > 0.

If both sides of a relation have one degree, the scale of the variable decides nothing; where they differ,
examples are tried at very different scales.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from jacspec.proofs_check.interpretation.statements.evaluation import (
    Evaluator,
    MissingTermError,
    NoValueError,
    Places,
    whole_value,
)
from jacspec.proofs_check.interpretation.statements.instances import instances
from jacspec.theory.statements.statement import Statement
from jacspec.theory.statements.tree import Op


@dataclass(frozen=True)
class Degree:
    """The degree of an expression, None where it has none; ``zero`` of what is 0 and has every degree."""

    power: Fraction | None
    shape: tuple[int, ...] = ()
    zero: bool = False


_PLAIN = Degree(Fraction(0))


class Degrees:
    """The algebra of degrees."""

    def __init__(self) -> None:
        self.operations: Mapping[Op, Callable[..., Any]] = _OPERATIONS

    def number(self, value: Fraction) -> Degree:
        """A number does not scale."""
        return replace(_PLAIN, zero=value == 0)

    def identity(self, size: int) -> Degree:
        """Neither does the identity."""
        return replace(_PLAIN, shape=(size, size))

    def zero(self, rows: int, columns: int) -> Degree:
        """The zero matrix has every degree."""
        return Degree(Fraction(0), (rows, columns), zero=True)

    def shape(self, X: Degree) -> tuple[int, int]:
        """Rows and columns."""
        return X.shape[-2], X.shape[-1]

    def power(self, x: Degree, exponent: Fraction) -> Degree:
        """(x^d)^e = x^{de}."""
        return x if x.power is None or x.zero else replace(x, power=x.power * exponent)


def _agreeing(*terms: Degree) -> Degree:
    """A sum: of one degree if its terms are."""
    powers = {term.power for term in terms if not term.zero}
    power = Fraction(0) if not powers else powers.pop() if len(powers) == 1 else None
    return Degree(power, terms[0].shape, zero=all(term.zero for term in terms))


def _product(a: Degree, b: Degree, shape: tuple[int, ...]) -> Degree:
    power = None if a.power is None or b.power is None else a.power + b.power
    return Degree(Fraction(0) if a.zero or b.zero else power, shape, zero=a.zero or b.zero)


def _inverted(a: Degree) -> Degree:
    return replace(a, power=None if a.power is None else -a.power)


def _unscaled(*values: Degree) -> Degree:
    """A function that has a degree, 0, only where its arguments do not scale."""
    return Degree(Fraction(0) if all(value.power == 0 for value in values) else None, values[0].shape)


def _number(a: Degree) -> Degree:
    """A number of the degree of a matrix."""
    return replace(a, shape=())


def _kth(k: int, X: Degree) -> Degree:
    if not 1 <= k <= min(X.shape):
        raise MissingTermError(f"value {k}")
    return _number(X)


def _entry(X: Degree, i: int, j: int) -> Degree:
    if not (1 <= i <= X.shape[0] and 1 <= j <= X.shape[1]):
        raise MissingTermError(f"entry {i}, {j}")
    return _number(X)


def _block(X: Degree, top: int, bottom: int, left: int, right: int) -> Degree:
    if not (1 <= top <= bottom <= X.shape[0] and 1 <= left <= right <= X.shape[1]):
        raise MissingTermError(f"rows {top} to {bottom}, columns {left} to {right}")
    return replace(X, shape=(bottom - top + 1, right - left + 1))


def _determinant(X: Degree) -> Degree:
    return _number(replace(X, power=None if X.power is None else X.power * X.shape[0]))


def _span(chain: Degree, first: int, last: int) -> Degree:
    if not 1 <= first <= last + 1 <= chain.shape[0] + 1:
        raise MissingTermError(f"the factors from {first} to {last}")
    power = None if chain.power is None else chain.power * (last - first + 1)
    return Degree(power, chain.shape[1:])


def _factor(chain: Degree, layer: int) -> Degree:
    if not 1 <= layer <= chain.shape[0]:
        raise MissingTermError(f"factor {layer}")
    return replace(chain, shape=chain.shape[1:])


def _vector(axis: int) -> Callable[[int, Degree], Degree]:
    def vector(k: int, X: Degree) -> Degree:
        _kth(k, X)
        return Degree(None if X.power is None else Fraction(0), (X.shape[axis], 1))

    return vector


def _composed(combine: Callable[[int, int], int]) -> Callable[[Degree, Degree], tuple[int, ...]]:
    return lambda X, Y: tuple(combine(a, b) for a, b in zip(X.shape, Y.shape, strict=True))


_KRONECKER, _DIRECT = _composed(lambda a, b: a * b), _composed(lambda a, b: a + b)
_OPERATIONS: Mapping[Op, Callable[..., Any]] = {
    Op.ADD: _agreeing,
    Op.SUB: _agreeing,
    Op.NEG: lambda a: a,
    Op.MUL: lambda a, b: _product(a, b, ()),
    Op.DIV: lambda a, b: _product(a, _inverted(b), ()),
    Op.POW: _unscaled,
    Op.ABS: lambda a: a,
    Op.MIN: _agreeing,
    Op.MAX: _agreeing,
    Op.LOG: _unscaled,
    Op.EXP: _unscaled,
    Op.POLYGAMMA: lambda a, _: _unscaled(a),
    Op.GAMMA: _unscaled,
    Op.SINH: _unscaled,
    Op.BINOMIAL: lambda *_: _PLAIN,
    Op.BERNOULLI: lambda _: _PLAIN,
    Op.MOMENT: lambda *values: _unscaled(*values[:3]),
    Op.DELTA: lambda i, k: replace(_PLAIN, zero=i != k),
    Op.MATMUL: lambda X, Y: _product(X, Y, (X.shape[0], Y.shape[1])),
    Op.SCALE: lambda c, X: _product(c, X, X.shape),
    Op.TRANSPOSE: lambda X: replace(X, shape=X.shape[::-1]),
    Op.INVERSE: _inverted,
    Op.HADAMARD: lambda X, Y: _product(X, Y, X.shape),
    Op.KRONECKER: lambda X, Y: _product(X, Y, _KRONECKER(X, Y)),
    Op.DIRECT: lambda X, Y: replace(_agreeing(X, Y), shape=_DIRECT(X, Y)),
    Op.BLOCK: _block,
    Op.TRIU: lambda X: X,
    Op.MODULUS: lambda X: X,
    Op.EXPM: _unscaled,
    Op.SYMBOL: lambda *_: Degree(None),
    Op.DERIVATIVE: lambda *_: Degree(None),
    Op.FACTOR: _factor,
    Op.SPAN: _span,
    Op.LEFT_VECTOR: _vector(0),
    Op.RIGHT_VECTOR: _vector(1),
    Op.SINGULAR: _kth,
    Op.SPEED: lambda k, X, rate: _product(_kth(k, rate), _vector(0)(k, X), ()),
    Op.EIGENVALUE: _kth,
    Op.EIGENMODULUS: _kth,
    Op.DET: _determinant,
    Op.TRACE: _number,
    Op.RANK: lambda X: _PLAIN if X.power is not None else Degree(None),
    Op.NORM: lambda X, *_: _number(X),
    Op.ENTRY: _entry,
    Op.LARGEST: _number,
    Op.OVERLAP: lambda i, X, k, Y: _unscaled(_scaled_away(i, X), _scaled_away(k, Y)),
}


def _scaled_away(k: int, X: Degree) -> Degree:
    if not 1 <= k <= X.shape[0]:
        raise MissingTermError(f"overlap {k}")
    return _PLAIN if X.power is not None else Degree(None)


def degrees(statement: Statement, name: str, sizes: Places) -> list[tuple[Degree, Degree]]:
    """The degrees of both sides of every instance of a relation in one of the variables."""
    values = {
        other: Degree(
            Fraction(int(other == name)),
            tuple(whole_value(each, sizes) for each in (*variable.args, *(variable.shape or ()))),
        )
        for other, variable in statement.variables.items()
    }
    at = Evaluator(Degrees(), values, sizes)
    found = []
    for relation, places in instances(statement, sizes):
        try:
            left, right = (at.value(side, places) for side in relation.args)
        except (MissingTermError, NoValueError):
            continue
        found.append((left, right))
    return found


def uneven(statement: Statement, sizes: Places) -> frozenset[str]:
    """The variables whose scale matters: in which the sides of a relation have different degrees, or none."""
    return frozenset(
        name
        for name in statement.variables
        if any(_agreeing(left, right).power is None for left, right in degrees(statement, name, sizes))
    )
