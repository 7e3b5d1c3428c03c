"""Normal forms: what solves an equation of a known form, as an expression in variables that are free.

A projection is Q D Qᵀ with Q orthogonal and D of zeros and ones, an idempotent matrix S D S⁻¹, an involution
S (2D - 1) S⁻¹, a matrix of square zero S D K (1 - D) S⁻¹, a normal one a + J + c J² with J antisymmetric
(every normal matrix of up to three rows that is not symmetric), a unit vector the reflection of ±e_1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jacspec.theory.statements.expression import Comparison, Expression
from jacspec.theory.statements.tree import Op
from jacspec.theory.statements.vocabulary import block, identity, inner, norm


@dataclass(frozen=True)
class Form:
    """An expression, and its free variables: any matrices and numbers, orthogonal and 0/1 diagonal ones."""

    value: Expression
    any: Sequence[Expression] = ()
    orthogonal: Sequence[Expression] = ()
    gates: Sequence[Expression] = ()

    @property
    def variables(self) -> Mapping[str, Expression]:
        """The free variables by name."""
        return {str(each.data): each for each in (*self.any, *self.orthogonal, *self.gates)}


def form_of(X: Expression, given: Sequence[Comparison]) -> Form | None:
    """How a matrix variable is made so that one of the premises holds; None if none is of a known form."""
    if X.shape is None:
        return None
    rows, columns = X.shape
    S, D, K, Q = (Expression(Op.MATRIX, data=f"{X.data}·{name}", shape=X.shape) for name in "SDKQ")
    a, c = (Expression(Op.SCALAR, data=f"{X.data}·{name}") for name in "ac")

    def says(left: Expression, right: Expression | int) -> bool:
        wanted = (left == right, right == left)
        return any(premise is each for premise in given for each in wanted)

    if columns.op is Op.NUMBER and columns.data == 1:
        lengths = (inner(X, X), norm(X), norm(X) ** 2, norm(X, "frobenius"), norm(X, "frobenius") ** 2)
        first = block(identity(rows), (1, rows), (1, 1))
        if rows is columns or not any(says(each, 1) for each in lengths):
            return None
        return Form(a / abs(a) * (2 * K[1] / inner(K, K) * K - first), [K, a])
    if rows is not columns:
        return None
    one = identity(rows)
    if says(X @ X, X) or says(X @ X, one):
        middle = D if says(X @ X, X) else 2 * D - one
        if says(X, X.T):
            return Form(Q @ middle @ Q.T, orthogonal=[Q], gates=[D])
        return Form(S @ middle @ S.inv, [S], gates=[D])
    if says(X @ X, 0):
        return Form(S @ D @ K @ (one - D) @ S.inv, [S, K], gates=[D])
    if says(X @ X.T, X.T @ X) and not says(X, X.T):
        J = K - K.T
        return Form(a * one + J + c * J @ J, [K, a, c])
    return None
