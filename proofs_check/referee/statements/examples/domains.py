"""What the variables of a statement are, read off its premises, so that examples meet these by construction.

Premises of a known form say how to make a variable: ``A.T == A``, ``A >= 0`` and ``A > 0`` (Loewner), ``A
>= B``, ``Q.T @ Q == identity()``, ``hadamard(D, identity()) == D``, with ``D @ D == D`` a 0/1 gate, ``x >
c``, ``x <= c``, and ``W == …`` (an expression without W). All premises are checked at every example, these
too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from math import ceil, floor

from jacspec.proofs_check.interpretation.statements.judging import dimensions
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


Bounds = tuple[Fraction | None, Fraction | None]


@dataclass(frozen=True)
class Domain:
    """The variables of a statement, in an order in which each can be made of those before it.

    ``kinds`` says how each is made of its parameter, ``shapes`` how large that is in every dimension,
    ``bounds`` between which ends a number lies. ``bases`` are expressions of other variables: what a
    defined variable is, and what is added to a positive semidefinite one.
    """

    kinds: Mapping[str, Kind]
    shapes: Mapping[str, tuple[Node, ...]]
    bounds: Mapping[str, Bounds]
    bases: Mapping[str, Expression]

    @property
    def free(self) -> list[str]:
        """The variables that have a parameter."""
        return [name for name, kind in self.kinds.items() if kind is not Kind.DEFINED]


def domain_of(statement: Statement) -> Domain:
    """The domain of a statement."""
    variables = statement.variables
    reader = _Reader(variables)
    for premise in statement.given:
        reader.read(premise)
    return Domain(
        kinds={name: reader.kind(name) for name in reader.order()},
        shapes={name: dimensions(variable) for name, variable in variables.items()},
        bounds=reader.bounds,
        bases=reader.bases,
    )


class _Reader:
    """The premises read so far."""

    def __init__(self, variables: Mapping[str, Expression]) -> None:
        self.variables = variables
        self.found: dict[str, set[Kind]] = {name: set() for name in variables}
        self.bases: dict[str, Expression] = {}
        self.bounds: dict[str, Bounds] = {
            name: (Fraction(1) if variable.op is Op.WHOLE else None, None)
            for name, variable in variables.items()
            if not variable.is_matrix
        }

    def read(self, premise: Comparison) -> None:
        left, right = premise.args
        if premise.op is Op.EQ:
            self._equation(left, right)
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
                for other in sorted(_names(self.bases[name])) if name in self.bases else []:
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

    def _equation(self, left: Expression, right: Expression) -> None:
        for a, b in ((left, right), (right, left)):
            kind, variable = _read_equation(a, b)
            if kind is not None:
                self.found[variable].add(kind)
                return
        for a, b in ((left, right), (right, left)):
            if a.op in (Op.MATRIX, Op.SCALAR) and self._may_rest(a.data, b):
                self.found[a.data].add(Kind.DEFINED)
                self.bases[a.data] = b
                return

    def _may_rest(self, name: str, base: Expression) -> bool:
        """Whether a variable can be made of an expression: it has no base, and none rests on it."""
        reached, left = set[str](), _names(base)
        while left:
            other = left.pop()
            reached.add(other)
            left |= (_names(self.bases[other]) if other in self.bases else set()) - reached
        return name not in self.bases and name not in reached and not base.indices


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
