"""Chains in the vocabulary: factors M_1, …, M_N of one width, and the products of neighbouring ones.

>>> M = factors("M")                       # J = M_N ⋯ M_1; the depth is the size "N"
>>> s(k, M.J) <= s(k, M.A(l)) * s(1, M.B(l))
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jacspec.theory.statements.expression import Expression, matrix_of, position, scalar_of
from jacspec.theory.statements.sizes import checked_name, extent, size
from jacspec.theory.statements.tree import Op


@dataclass(frozen=True)
class Factors:
    """The factors of a chain; ``M[l]`` is one of them, from 1 on, in order of application."""

    chain: Expression

    @property
    def depth(self) -> Expression:
        """How many factors there are."""
        return self.chain.args[0]

    @property
    def J(self) -> Expression:
        """The product of all factors, M_N ⋯ M_1."""
        return self.product(1, self.depth)

    def __getitem__(self, layer: Any) -> Expression:
        return Expression(Op.FACTOR, (self.chain, position(layer)), shape=self.chain.shape)

    def A(self, layer: Any) -> Expression:
        """M_N ⋯ M_l; the identity for l = N + 1."""
        return self.product(layer, self.depth)

    def B(self, layer: Any) -> Expression:
        """M_{l-1} ⋯ M_1; the identity for l = 1."""
        return self.product(1, size(scalar_of(layer) - 1))

    def product(self, first: Any, last: Any) -> Expression:
        """M_last ⋯ M_first; the identity for last = first - 1."""
        ends = position(first), position(last, 0)
        return Expression(Op.SPAN, (self.chain, *ends), shape=self.chain.shape)


def factors(name: str, width: str | int | Expression = "n", depth: str | int | Expression = "N") -> Factors:
    """A variable that is a chain of square matrices; the same names are the same width and depth."""
    shape = extent(width), extent(width)
    return Factors(Expression(Op.CHAIN, (extent(depth),), checked_name(name), shape))


def left_vector(k: Any, X: Expression) -> Expression:
    """u_k: the left singular vector of a simple, non-zero s_k, its largest entry positive; a column."""
    return _vector(Op.LEFT_VECTOR, k, X, 0)


def right_vector(k: Any, X: Expression) -> Expression:
    """v_k: the right singular vector of a simple, non-zero s_k, Xᵀ u_k/s_k; a column."""
    return _vector(Op.RIGHT_VECTOR, k, X, 1)


def _vector(op: Op, k: Any, X: Expression, axis: int) -> Expression:
    shape = matrix_of(X).shape
    assert shape is not None  # noqa: S101 -- narrows the type
    return Expression(op, (position(k), X), shape=(shape[axis], size(1)))
