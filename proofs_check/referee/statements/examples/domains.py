"""What the variables of a statement are, read off its premises, so that examples meet these by construction.

Premises of a known form say how to make a variable: ``A.T == A``, ``A >= 0`` and ``A > 0`` (Loewner), ``A
>= B``, ``Q.T @ Q == identity()``, ``hadamard(D, identity()) == D``, with ``D @ D == D`` a 0/1 gate, ``x >
c``, ``x <= c``, ``W == …`` (an expression without W), those of `forms.py`, and any equation that is linear
in a variable. All premises are checked at every example, these too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from math import ceil, floor

import numpy as np

from jacspec.proofs_check.interpretation.statements.float_functions import Array
from jacspec.proofs_check.interpretation.statements.instances import on_the_whole
from jacspec.proofs_check.interpretation.statements.judging import dimensions
from jacspec.proofs_check.referee.statements.examples.equations import Equations, is_linear, variables_of
from jacspec.proofs_check.referee.statements.examples.forms import form_of
from jacspec.theory.statements.expression import Comparison, Expression
from jacspec.theory.statements.statement import Statement
from jacspec.theory.statements.tree import VARIABLES, Node, Op


class Kind(Enum):
    """How a variable is made of its free parameter."""

    ANY = "any matrix"
    SYMMETRIC = "symmetric"
    POSITIVE = "positive semidefinite"
    ORTHOGONAL = "orthogonal"
    DIAGONAL = "diagonal"
    GATE = "0/1 diagonal"
    REAL = "number"
    WHOLE = "whole number"
    CHAIN = "chain"
    DEFINED = "defined by the others"


_SOLVED = (Kind.ANY, Kind.SYMMETRIC, Kind.POSITIVE, Kind.DIAGONAL, Kind.REAL)
"""The kinds of variables that are projected onto linear equations."""
_WITHIN: Mapping[Kind, Callable[[Array], Array]] = {
    Kind.SYMMETRIC: lambda P: (P + np.swapaxes(P, -1, -2)) / 2,
    Kind.POSITIVE: lambda P: (P + np.swapaxes(P, -1, -2)) / 2,
    Kind.DIAGONAL: lambda P: P * np.eye(P.shape[-1]),
}
_LEAST = Fraction(1, 10**100)
"""Smaller numbers in a statement, and inverses of these, are not tried as scales."""
Bounds = tuple[Fraction | None, Fraction | None]


@dataclass(frozen=True)
class Domain:
    """The variables of a statement, in an order in which each can be made of those before it.

    ``kinds`` says how each is made of its parameter, ``shapes`` how large that is in every dimension,
    ``bounds`` between which ends a number lies. ``bases`` are expressions of other variables: what a
    defined variable is, and what is added to a positive semidefinite one; ``equations`` what a variable is
    projected onto. ``numbers`` are those that the statement speaks of, as scales to try.
    """

    kinds: Mapping[str, Kind]
    shapes: Mapping[str, tuple[Node, ...]]
    bounds: Mapping[str, Bounds]
    bases: Mapping[str, Expression]
    equations: Mapping[str, Equations]
    numbers: tuple[float, ...]

    @property
    def free(self) -> list[str]:
        """The variables that have a parameter."""
        return [name for name, kind in self.kinds.items() if kind is not Kind.DEFINED]


def domain_of(statement: Statement) -> Domain:
    """The domain of a statement."""
    reader = _Reader(statement)
    for premise in statement.given:
        reader.read(premise)
    reader.solve()
    kinds = {name: reader.kind(name) for name in reader.order()}
    return Domain(
        kinds=kinds,
        shapes={name: dimensions(reader.variables[name]) for name in kinds},
        bounds=reader.bounds,
        bases=reader.bases,
        equations=reader.equations,
        numbers=_numbers(statement),
    )


def _numbers(statement: Statement) -> tuple[float, ...]:
    """The numbers but 0 and 1 in a statement, their inverses, and the roots of both."""
    sides = [side for each in (*statement.relations, *statement.given) for side in each.args]
    found = {abs(node.data) for side in sides for node in side.walk() if node.op is Op.NUMBER} - {0, 1}
    floats = [float(each) for each in sorted(found) if _LEAST < each < 1 / _LEAST]
    return tuple(dict.fromkeys(y for x in floats for y in (x, 1 / x, x**0.5, x**-0.5)))


class _Reader:
    """The premises read so far."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self.variables = variables = dict(statement.variables)
        self.found: dict[str, set[Kind]] = {name: set() for name in variables}
        self.bases: dict[str, Expression] = {}
        self.equations: dict[str, Equations] = {}
        self.unread: list[Comparison] = []
        self.bounds: dict[str, Bounds] = {
            name: (Fraction(1) if variable.op is Op.WHOLE else None, None)
            for name, variable in variables.items()
            if not variable.is_matrix
        }

    def read(self, premise: Comparison) -> None:
        left, right = premise.args
        if premise.op is Op.EQ:
            if not self._equation(left, right):
                self.unread.append(premise)
        elif premise.op is not Op.NE:
            downward = premise.op in (Op.LE, Op.LT)
            self._inequality(*((right, left) if downward else (left, right)))

    def kind(self, name: str) -> Kind:
        found, variable = self.found[name], self.variables[name]
        if Kind.DEFINED in found:
            return Kind.DEFINED
        if variable.op is not Op.MATRIX:
            return {Op.WHOLE: Kind.WHOLE, Op.CHAIN: Kind.CHAIN}.get(variable.op, Kind.REAL)
        if Kind.DIAGONAL in found:
            return Kind.GATE if Kind.GATE in found else Kind.DIAGONAL
        order = (Kind.ORTHOGONAL, Kind.POSITIVE, Kind.SYMMETRIC)
        return next((kind for kind in order if kind in found), Kind.ANY)

    def order(self) -> list[str]:
        """Every variable after those that its base speaks of."""
        ordered: list[str] = []

        def place(name: str) -> None:
            if name not in ordered:
                for other in sorted(self._rests_on(name)):
                    place(other)
                ordered.append(name)

        for name in self.variables:
            place(name)
        return ordered

    def _inequality(self, large: Expression, small: Expression) -> None:
        """The premise ``large ≥ small`` or ``large > small``."""
        if large.is_matrix:
            if large.op is Op.MATRIX and small.op is Op.ZERO:
                self.found[large.data].add(Kind.POSITIVE)
            elif large.op is Op.MATRIX and self._may_rest(large.data, small):
                self.found[large.data].add(Kind.POSITIVE)
                self.bases[large.data] = small
        elif small.op is Op.NUMBER and large.op in (Op.SCALAR, Op.WHOLE):
            low, high = self.bounds[large.data]
            end = Fraction(ceil(small.data)) if large.op is Op.WHOLE else small.data
            self.bounds[large.data] = end if low is None else max(low, end), high
        elif large.op is Op.NUMBER and small.op in (Op.SCALAR, Op.WHOLE):
            low, high = self.bounds[small.data]
            end = Fraction(floor(large.data)) if small.op is Op.WHOLE else large.data
            self.bounds[small.data] = low, end if high is None else min(high, end)

    def _equation(self, left: Expression, right: Expression) -> bool:
        """Whether an equation is of a form that is read at once."""
        for a, b in ((left, right), (right, left)):
            kind, variable = _read_equation(a, b)
            if kind is not None:
                self.found[variable].add(kind)
                return True
        for a, b in ((left, right), (right, left)):
            if a.op in (Op.MATRIX, Op.SCALAR) and self._may_rest(a.data, b):
                self.found[a.data].add(Kind.DEFINED)
                self.bases[a.data] = b
                return True
        return False

    def _may_rest(self, name: str, base: Expression) -> bool:
        """Whether a variable can be made of an expression: it has no base, and none rests on it."""
        return name not in self.bases and not base.indices and self._before(name, _names(base))

    def _before(self, name: str, others: set[str]) -> bool:
        """Whether none of some variables is made of one that is named."""
        reached, left = set[str](), set(others)
        while left:
            other = left.pop()
            reached.add(other)
            left |= self._rests_on(other) - reached
        return name not in reached

    def _rests_on(self, name: str) -> set[str]:
        """The variables of which one is made."""
        found = _names(self.bases[name]) if name in self.bases else set()
        if name in self.equations:
            found = found | self.equations[name].others
        return found

    def solve(self) -> None:
        """Give each variable a normal form, or linear equations, where what was not read yet says so."""
        for name in list(self.variables):
            form = form_of(self.variables[name], self.statement.given)
            if (
                self.kind(name) in (Kind.ANY, Kind.SYMMETRIC, Kind.DEFINED)
                and form
                and name not in self.bases
            ):
                self.variables |= form.variables
                self.found |= {str(each.data): {Kind.ORTHOGONAL} for each in form.orthogonal}
                self.found |= {str(each.data): {Kind.DIAGONAL, Kind.GATE} for each in form.gates}
                self.found |= {str(each.data): set() for each in form.any}
                self.found[name].add(Kind.DEFINED)
                self.bases[name] = form.value
        for premise in filter(self._is_whole, self.unread):
            names = variables_of(premise)
            # The later, the larger: Bu = u gives a matrix B, not a vector u.
            for name in sorted(names & self.statement.variables.keys(), key=self._extent, reverse=True):
                if (
                    self.kind(name) in _SOLVED
                    and self._before(name, names - {name})
                    and is_linear(premise, name, self.statement)
                ):
                    self._solved(name, premise)
                    break

    def _is_whole(self, premise: Comparison) -> bool:
        return on_the_whole(premise, self.statement)

    def _extent(self, name: str) -> tuple[int, int]:
        variable = self.variables[name]
        sides = [0 if each.op is Op.NUMBER else 1 for each in variable.shape or ()]
        return sum(sides), list(self.variables).index(name)

    def _solved(self, name: str, premise: Comparison) -> None:
        kind = self.kind(name)
        known = self.equations[name].premises if name in self.equations else ()
        scaled = kind is Kind.POSITIVE and name not in self.bases and not known and not premise.of_matrices
        within = _WITHIN.get(kind, lambda P: P)
        self.equations[name] = Equations(self.statement, name, [*known, premise], within, scaled)


def _names(node: Expression) -> set[str]:
    return {str(part.data) for part in node.walk() if part.op in VARIABLES}


def _read_equation(left: Expression, right: Expression) -> tuple[Kind | None, str]:
    """What an equation ``left = right`` says of one variable, if its form is known."""
    if left.op is Op.TRANSPOSE and left.args[0] is right and right.op is Op.MATRIX:
        return Kind.SYMMETRIC, right.data
    if left.op is Op.HADAMARD and right.op is Op.MATRIX and any(a is right for a in left.args):
        other = left.args[1 if left.args[0] is right else 0]
        return (Kind.DIAGONAL, right.data) if other.op is Op.IDENTITY else (None, "")
    if left.op is not Op.MATMUL:
        return None, ""
    first, second = left.args
    if right.op is Op.IDENTITY and second.op is Op.MATRIX and first is second.T:
        return Kind.ORTHOGONAL, second.data
    if right.op is Op.IDENTITY and first.op is Op.MATRIX and second is first.T:
        return Kind.ORTHOGONAL, first.data
    if first is second is right and right.op is Op.MATRIX:
        return Kind.GATE, right.data
    return None, ""
