"""Means of polynomials, exactly: weighted sums over examples, with the moments of the law.

k + 1 rational nodes carry weights that give the moments of a law up to the k-th; a grid of them in all
entries gives the mean of every polynomial of degree k in each, as a rational number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from itertools import product
from math import prod
from typing import Any

from flint import fmpq, fmpq_mat

from jacspec.proofs_check.interpretation.statements.balls import Balls
from jacspec.proofs_check.interpretation.statements.degrees import Degree, Degrees
from jacspec.proofs_check.interpretation.statements.evaluation import (
    Evaluator,
    NoValueError,
    Places,
)
from jacspec.theory.statements.expression import Expression
from jacspec.theory.statements.tree import Op

Shapes = Mapping[str, tuple[int, ...]]
"""The variables of a law, each with its rows and columns, or with none."""
MOST_NODES = 1000
"""Larger grids are not summed."""
_MOMENTS: Mapping[str, Callable[[int], fmpq]] = {
    "gaussian": lambda k: fmpq(0) if k % 2 else fmpq(prod(range(1, k, 2))),
    "uniform": lambda k: fmpq(1, k + 1),
    "±1": lambda k: fmpq(1 - k % 2),
}


def exact_mean(node: Expression, law: str, shapes: Shapes, sizes: Places, places: Places) -> fmpq | None:
    """The mean of a number over independent entries; None of what is no polynomial, or has too many."""
    rules, names = [], []
    for name, shape in shapes.items():
        degree = _degree(node, name, shapes, sizes, places)
        if degree is None:
            return None
        rules += [_rule(law, degree)] * prod(shape)
        names.append((name, shape))
    if prod(map(len, rules)) > MOST_NODES:
        return None
    mean = fmpq(0)
    for nodes in product(*rules):
        entries, values = iter([node for node, _ in nodes]), dict[str, Any]()
        for name, shape in names:
            drawn = [next(entries) for _ in range(prod(shape))]
            values[name] = fmpq_mat(shape[0], shape[1], drawn) if shape else drawn[0]
        try:
            value = Evaluator(Balls(), values, sizes).value(node, places)
        except (NoValueError, ZeroDivisionError):
            return None
        if not isinstance(value, fmpq):
            return None
        mean += value * prod((weight for _, weight in nodes), start=fmpq(1))
    return mean


@cache
def _rule(law: str, degree: int) -> list[tuple[fmpq, fmpq]]:
    """Nodes 0, 1, -1, 2, …, those of ±1 alone, and the weights that give the moments up to the degree."""
    count = min(degree + 1, 2) if law == "±1" else degree + 1
    nodes = (
        [fmpq((i + 1) // 2 * (-1) ** (i + 1)) for i in range(count)]
        if law != "±1"
        else [fmpq(1), fmpq(-1)][:count]
    )
    powers = fmpq_mat([[node**k for node in nodes] for k in range(count)])
    weights = powers.inv() * fmpq_mat([[_MOMENTS[law](k)] for k in range(count)])
    return [(node, weight) for node, weight in zip(nodes, weights.entries(), strict=True) if weight != 0]


# --- how high the degree of a polynomial may be ------------------------------------------------------------


@dataclass(frozen=True)
class _Root(Degree):
    """The degree of a Frobenius norm: none, but its even powers have one."""

    degree: Fraction | None = None


class _Bounds(Degrees):
    """The algebra of bounds on the degree of a polynomial; None of what is none."""

    def __init__(self) -> None:
        super().__init__()
        self.operations = {
            op: each if op in _KEPT else _constant(each) for op, each in self.operations.items()
        } | dict.fromkeys((Op.ADD, Op.SUB), _highest)
        self.operations[Op.DIV] = lambda a, b: replace(a, power=a.power if b.power == 0 else None)
        self.operations[Op.NORM] = lambda X, *kind: _Root(
            None, degree=X.power if kind[-1] == "frobenius" else None
        )

    def power(self, x: Degree, exponent: Fraction) -> Degree:
        if isinstance(x, _Root) and x.degree is not None and exponent % 2 == 0 and exponent > 0:
            return Degree(x.degree * exponent)
        whole = exponent.denominator == 1 and exponent >= 0
        return replace(x, power=x.power * exponent if whole and x.power is not None else None)


def _highest(*terms: Degree) -> Degree:
    powers = [term.power for term in terms]
    known = [power for power in powers if power is not None]
    return Degree(max(known) if len(known) == len(powers) else None, terms[0].shape)


def _constant(operation: Callable[..., Degree]) -> Callable[..., Degree]:
    """Of degree 0 where all arguments are, of none elsewhere."""

    def bounded(*values: Any) -> Degree:
        fixed = all(value.power == 0 for value in values if isinstance(value, Degree))
        return replace(operation(*values), power=Fraction(0) if fixed else None)

    return bounded


_KEPT = (
    Op.NEG, Op.MUL, Op.MATMUL, Op.SCALE, Op.TRANSPOSE, Op.HADAMARD, Op.KRONECKER, Op.BLOCK, Op.TRIU, Op.DET,
    Op.TRACE, Op.ENTRY, Op.BINOMIAL, Op.BERNOULLI, Op.DELTA,
)  # fmt: skip


def _degree(node: Expression, name: str, shapes: Shapes, sizes: Places, places: Places) -> int | None:
    values = {other: Degree(Fraction(int(other == name)), shape) for other, shape in shapes.items()}
    found = Evaluator(_Bounds(), values, sizes).value(node, places).power
    return None if found is None else int(found)
