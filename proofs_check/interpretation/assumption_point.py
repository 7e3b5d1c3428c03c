"""Random exact points at which given assumptions hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from random import Random
from typing import NoReturn

from flint import fmpq, fmpq_mat
from sympy import Expr, Integer

from jacspec.numerics import InputError
from jacspec.numerics.support.factors import identity
from jacspec.proofs_check.interpretation.base import Indices, Interpretation
from jacspec.proofs_check.interpretation.defining_equations import Definition, Models
from jacspec.proofs_check.interpretation.statements.exact import ball_matrix
from jacspec.proofs_check.interpretation.values import Known, difference, norm, transposed
from jacspec.theory import Assumption
from jacspec.theory.notation.heads import Head, Kind
from jacspec.theory.notation.printing import text
from jacspec.theory.notation.symbols import N, epsilon, n
from jacspec.theory.statements import vocabulary as v
from jacspec.theory.statements.expression import Expression
from jacspec.theory.statements.ledger_symbols import from_sympy


class ContradictionError(InputError):
    """Assumptions say different things of one symbol."""


_Placed = tuple[Head, tuple[int, ...]]
"""A head at concrete indices."""


class AssumptionPoint(Interpretation):
    """A random exact point at which the given assumptions hold.

    A head that an assumption's model defines is computed; a family that an assumption declares
    orthonormal is the columns of a random rational orthogonal matrix (Cayley transform); every
    other head is a random rational, positive where the notation says so. The same seed gives the
    same point.

    Where two models define a head they must agree on it, and a modelled family that is declared
    orthonormal must be; whatever is evaluated raises ContradictionError for assumptions that contradict each
    other, or that define a head by itself.
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
        self._models = Models(assumptions, self.indices)
        self._definitions: dict[_Placed, tuple[Definition, ...]] = {}
        self._orthonormal: set[_Placed] = set()
        self._open: list[_Placed] = []
        self._frames = {head for assumption in assumptions for head in assumption.frames}
        self._moving = {
            head for assumption in assumptions if assumption.frames_move for head in assumption.frames
        }
        self._seed = seed
        self._level = level
        self._free: dict[_Placed, fmpq_mat | fmpq] = {}

    def symbol(self, name: str) -> Known:
        """Return ε, the level of strong alignment."""
        return self._level if name == epsilon.name else super().symbol(name)

    def head(self, head: Head, indices: tuple[int, ...]) -> Known:
        """Return the value of a head: modelled, orthonormal, transposed, a velocity, or free."""
        modelled = self._modelled(head, indices)
        if modelled is not None:
            return self._value_of(head, indices, modelled)
        if head.transposed:
            return transposed(self.head(head.upright, indices))
        if head.velocity:
            if self._modelled(head.at_rest, indices) is not None:
                return self.velocity(head.at_rest, indices)
            if head.at_rest in self._moving:
                return self._frame(head.at_rest, indices[1:], moving=True, column=indices[0])
        if head in self._frames:
            return self._frame(head, indices[1:], moving=False, column=indices[0])
        return self._free_value(head, indices)

    def velocity(self, head: Head, indices: tuple[int, ...]) -> Known:
        """Return a velocity; what is modelled is differentiated through its model."""
        modelled = self._modelled(head, indices)
        moving = head.derivative
        if moving is not None and self._modelled(moving, indices) is not None:
            return self.head(moving, indices)
        if modelled is not None:
            return self._value_of(head, indices, modelled, v.derivative)
        if head.transposed:
            return transposed(self.velocity(head.upright, indices))
        return super().velocity(head, indices)

    def _modelled(self, head: Head, indices: tuple[int, ...]) -> Definition | None:
        key = (head, indices)
        if key not in self._definitions:
            self._definitions[key] = self._models.of(head, indices)
            self._check_agreement(head, indices)
        return next(iter(self._definitions[key]), None)

    def _check_agreement(self, head: Head, indices: tuple[int, ...]) -> None:
        """Refuse assumptions that contradict each other on a head."""
        definitions = self._definitions[head, indices]
        if len(definitions) > 1:
            first, *others = (self._value_of(head, indices, each) for each in definitions)
            for other, definition in zip(others, definitions[1:], strict=True):
                if norm(difference(first, other)) > 0:
                    titles = f"'{definitions[0].assumption}' and '{definition.assumption}'"
                    self._refuse(head, indices, f"{titles} give it different values")
        if definitions and head in self._frames and (head, indices[1:]) not in self._orthonormal:
            self._orthonormal.add((head, indices[1:]))
            columns = [self.head(head, (mode, *indices[1:])) for mode in range(1, self.width + 1)]
            for position, left in enumerate(columns):
                for right in columns[: position + 1]:
                    overlap = (ball_matrix(left).transpose() * ball_matrix(right))[0, 0]
                    if abs(overlap - int(left is right)) > 0:
                        title = f"'{definitions[0].assumption}'"
                        self._refuse(
                            head, indices, f"by {title} it is not of the orthonormal family it should be of"
                        )

    def _refuse(self, head: Head, indices: tuple[int, ...], reason: str) -> NoReturn:
        message = (
            f"the assumptions of a step contradict each other on {text(head(*map(Integer, indices)))} "
            f"at {self.description}: {reason}; leave one of them out"
        )
        raise ContradictionError(message)

    def _value_of(
        self,
        head: Head,
        indices: tuple[int, ...],
        definition: Definition,
        of: Callable[[Expression], Expression] = lambda node: node,
    ) -> Known:
        """The value of what defines a head, or of its derivative; a number stands for a multiple of I."""
        node = of(_as_kind(head.kind, definition.rule.rhs))
        with self._under_way(head, indices):
            return self.value(node, definition.values)

    @contextmanager
    def _under_way(self, head: Head, indices: tuple[int, ...]) -> Iterator[None]:
        key = (head, indices)
        if key in self._open:
            self._refuse(head, indices, "it is defined by itself, in a circle")
        self._open.append(key)
        try:
            yield
        finally:
            self._open.pop()

    def _random(self, *key: object) -> Random:
        return Random(repr((self._seed, *key)))  # noqa: S311 -- points, not secrets

    def _free_value(self, head: Head, indices: tuple[int, ...]) -> fmpq_mat | fmpq:
        key = (head, indices)
        if key not in self._free:
            random = self._random(head.name, indices)
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

    def _frame(self, head: Head, labels: tuple[int, ...], *, moving: bool, column: int) -> fmpq_mat:
        """A column of Q = (I - S)(I + S)⁻¹, or of Q̇ = QΩ, with random skew-symmetric S and Ω."""
        one, skew = identity(self.width), self._skew("frame", head.name, labels)
        frame = (one - skew) * (one + skew).inv()
        if moving:
            frame = frame * self._skew("spin", head.name, labels)
        return fmpq_mat(self.width, 1, [frame[row, column - 1] for row in range(self.width)])

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
        indices = ", ".join(
            f"{symbol}={value}" for symbol, value in self.indices.items() if symbol not in (N, n)
        )
        return f"N={self.depth}, n={self.width}, {indices}, seed={self._seed}"


def _as_kind(kind: Kind, expression: Expr) -> Expression:
    node = from_sympy(expression)
    return node * v.identity() if kind is Kind.MATRIX and not node.is_matrix else node
