"""Premises that are linear equations in a variable: its value is projected onto their solutions.

The nearest solution is a formula of the variables before it; in float64 by a pseudo-inverse, exactly by
FLINT. So a matrix of trace 0 or of given row sums, an antisymmetric one, one that commutes with another, and
one that solves a Lyapunov equation are examples like any others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat

from jacspec.proofs_check.interpretation.statements.balls import Balls
from jacspec.proofs_check.interpretation.statements.batches import Batches
from jacspec.proofs_check.interpretation.statements.evaluation import (
    Evaluator,
    MissingTermError,
    NoValueError,
    Places,
    whole_value,
)
from jacspec.proofs_check.interpretation.statements.float_functions import Array
from jacspec.proofs_check.interpretation.statements.instances import premises
from jacspec.theory.statements.expression import Comparison, Expression
from jacspec.theory.statements.statement import Statement
from jacspec.theory.statements.tree import VARIABLES, Op

_SHARE = 1e-8
"""What is added to the diagonal before an inversion, as a share of the trace; three steps undo it."""
_STEPS = 3
_TINY = 1e-290
"""Equations with smaller coefficients than the root of this are left alone."""


@dataclass(frozen=True, eq=False)
class Equations:
    """The premises that are linear in the variable ``name``.

    Solutions are sought ``within`` its kind: it maps each matrix to the nearest one of it. One that is
    ``scaled`` onto a single equation stays positive semidefinite.
    """

    statement: Statement
    name: str
    premises: Sequence[Comparison]
    within: Callable[[Array], Array] = lambda X: X
    scaled: bool = False

    @property
    def others(self) -> set[str]:
        """The other variables in them."""
        return variables_of(*self.premises) - {self.name}

    def gaps(self, at: Evaluator) -> Iterator[Any]:
        """Left minus right side of each equation that exists."""
        for equation, places in premises(self.statement, at.sizes):
            if not any(equation is each for each in self.premises):
                continue
            try:
                left, right = (at.value(side, places) for side in equation.args)
            except MissingTermError:
                continue
            yield left - right


def variables_of(*comparisons: Comparison) -> set[str]:
    """The names of the variables in some comparisons."""
    sides = [side for each in comparisons for side in each.args]
    return {str(node.data) for side in sides for node in side.walk() if node.op in VARIABLES}


def projected_floats(equations: Equations, X: Array, values: Mapping[str, Array], sizes: Places) -> Array:
    """The nearest solutions to a batch of values, given those of the variables before."""
    x = X.reshape(len(X), -1, 1)
    unit = equations.within(np.eye(x.shape[1]).reshape(-1, *X.shape[1:]))
    points = np.concatenate([0 * unit[:1], unit])
    others = {name: values[name] for name in equations.others}
    count = len(X) if others else 1
    every = {name: np.tile(value, (len(points),) + (1,) * (value.ndim - 1)) for name, value in others.items()}
    every[equations.name] = np.repeat(points, count, axis=0)
    gaps = list(equations.gaps(Evaluator(Batches(), every, sizes)))
    if not gaps:
        return X
    table = np.concatenate([np.reshape(gap, (len(points), count, -1)) for gap in gaps], axis=2)
    constant: Array = table[0][:, :, None]
    J: Array = np.moveaxis(table[1:], 0, -1) - constant
    if equations.scaled and J.shape[1] == 1:
        return np.asarray(X * np.reshape(-constant / (J @ x), (-1,) + (1,) * (X.ndim - 1)))
    turned = np.swapaxes(J, -1, -2)
    square = J @ turned
    trace = np.trace(square, axis1=-2, axis2=-1)[:, None, None]
    inverse = np.linalg.inv(square + np.where(trace > _TINY, _SHARE * trace, 1.0) * np.eye(square.shape[-1]))
    solution = x
    for _ in range(_STEPS):
        solution = solution - turned @ (inverse @ (J @ solution + constant))
    return np.reshape(solution, X.shape)


def projected(equations: Equations, X: Any, values: Mapping[str, Any], sizes: Places) -> Any:
    """The same exactly; raises NoValueError where there is no solution."""
    shape = (X.nrows(), X.ncols()) if isinstance(X, fmpq_mat) else ()
    x = fmpq_mat(X.nrows() * X.ncols(), 1, X.entries()) if shape else fmpq_mat(1, 1, [X])
    count = x.nrows()

    def gap(entries: list[Any]) -> list[fmpq]:
        value = fmpq_mat(*shape, entries) if shape else entries[0]
        found = list(equations.gaps(Evaluator(Balls(), {**values, equations.name: value}, sizes)))
        if not all(isinstance(each, fmpq | fmpq_mat) for each in found):
            raise NoValueError(f"an equation for {equations.name} is not rational")
        return [e for each in found for e in (each.entries() if isinstance(each, fmpq_mat) else [each])]

    constant = gap([fmpq(0)] * count)
    if not constant:
        return X
    halves = np.rint(2 * equations.within(np.eye(count).reshape(-1, *shape))).astype(int)
    columns = [gap([fmpq(x, 2) for x in each]) for each in halves.reshape(count, -1).tolist()]
    table = fmpq_mat([[column[row] - c for column in columns] + [c] for row, c in enumerate(constant)])
    J, c, rank = _independent(table, equations.name)
    if not rank:
        return X
    if equations.scaled and rank == 1 and len(constant) == 1:
        along = (J * x)[0, 0]
        if along == 0:
            raise NoValueError(f"no multiple of {equations.name} solves its equation")
        return X * (-c[0, 0] / along)
    turned = J.transpose()
    solution = x - turned * ((J * turned).inv() * (J * x + c))
    return fmpq_mat(*shape, solution.entries()) if shape else solution[0, 0]


def _independent(table: fmpq_mat, name: str) -> tuple[fmpq_mat, fmpq_mat, int]:
    """Independent equations that say the same: their coefficients, their constants, their number."""
    reduced, rank = table.rref()
    rows = reduced.tolist()[:rank]
    if any(not any(row[:-1]) for row in rows):
        raise NoValueError(f"no {name} solves its equations")
    if not rows:
        return table, table, 0
    return fmpq_mat([row[:-1] for row in rows]), fmpq_mat([[row[-1]] for row in rows]), rank


_PROBED = 3


def is_linear(premise: Comparison, name: str, statement: Statement) -> bool:
    """Whether an equation is linear in a variable, rational, and speaks of it: by exact examples."""
    variables = statement.variables
    sizes = {size: min(max(_PROBED, low), high) for size, (low, high) in statement.sizes.items()}
    rng = np.random.default_rng(0)
    involved = variables_of(premise)
    if name not in involved or any(variables[each].op not in (Op.MATRIX, Op.SCALAR) for each in involved):
        return False
    equations = Equations(statement, name, [premise])

    def drawn(variable: Expression) -> Any:
        if variable.shape is None:
            return fmpq(int(rng.integers(-9, 10)))
        rows, columns = (whole_value(each, sizes) for each in variable.shape)
        return fmpq_mat(rows, columns, rng.integers(-9, 10, rows * columns).tolist())

    values = {each: drawn(variables[each]) for each in involved}
    X, Y = values[name], drawn(variables[name])

    def gap(value: Any) -> list[Any]:
        return list(equations.gaps(Evaluator(Balls(), {**values, name: value}, sizes)))

    try:
        found = [gap(value) for value in (X, Y, X + Y, X * 0)]
    except (NoValueError, ZeroDivisionError):
        return False
    exact = all(isinstance(each, fmpq | fmpq_mat) for gaps in found for each in gaps)
    rows = list(zip(*found, strict=True))
    return (
        exact
        and any(x != zero for x, _, _, zero in rows)
        and all(x + y == both + zero for x, y, both, zero in rows)
    )
