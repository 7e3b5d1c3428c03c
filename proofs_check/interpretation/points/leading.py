"""Actual chains read with a rank r: the first r rows of V_Aᵀ B, their least singular value and inverse."""

from __future__ import annotations

from functools import cache

from flint import arb, arb_mat, fmpq, fmpq_mat

from jacspec.numerics import Chain
from jacspec.numerics.support.factors import identity
from jacspec.proofs_check.interpretation import Value
from jacspec.proofs_check.interpretation.points.ordered import SplitPoint, generic_chain, rotation
from jacspec.theory.notation.heads import Head
from jacspec.theory.notation.symbols import A, B, N, beyond, cX, cY, l, n, r, sA, uA, vA, y, z

LEADING_HEADS = {cX, cY, y, z, beyond}


def least_of_rows(rows: arb_mat) -> arb:
    """s_r of one or two rows: the root of the least eigenvalue of their Gram matrix."""
    gram = rows * rows.transpose()
    trace = gram.trace()
    if gram.nrows() == 1:
        return trace.sqrt()
    determinant = gram.det()
    discriminant = (trace * trace - 4 * determinant).nonnegative_part()
    # The stable form of the smaller root.
    return (2 * determinant / (trace + discriminant.sqrt())).nonnegative_part().sqrt()


class LeadingPoint(SplitPoint):
    """A chain read at layer l = 2 with a rank r ≤ 2, for the directions i and k."""

    particular = frozenset({N, n, l, r})

    def __init__(
        self, chain: Chain, first: int = 1, second: int = 1, description: str = "", *, rank: int = 2
    ) -> None:
        super().__init__(chain, first, second, f"{description}, r={rank}")
        self.kind = description
        self.indices[r] = self._rank = rank

    def head(self, head: Head, indices: tuple[int, ...]) -> Value:
        """Return s_r of rows or columns, a column of the right inverse, A^>, or what every chain defines."""
        if head is cY:
            return least_of_rows(self._rows(*indices))
        if head is cX:  # V_A is orthogonal: the first columns of V_Aᵀ B have the singular values of B's own
            columns = self.head(B, indices).transpose().tolist()[: self._rank]  # type: ignore[union-attr]
            return least_of_rows(arb_mat(columns))
        if head is y:
            column, layer = indices
            rows = self._rows(layer)
            inverse = rows.transpose() * (rows * rows.transpose()).inv()
            return arb_mat([[inverse[row, column - 1]] for row in range(self.width)])
        if head is z:
            column, layer = indices
            rows, vectors = self._rows(layer), self._leading(layer)
            inside = vectors.transpose() * (rows * rows.transpose()).inv()
            return arb_mat([[inside[row, column - 1]] for row in range(self.width)])
        if head is beyond:
            return self._beyond(*indices)
        return super().head(head, indices)

    def _rows(self, layer: int) -> arb_mat:
        """Y_1 = V_1ᵀ B."""
        return self._leading(layer) * self.head(B, (layer,))

    def _leading(self, layer: int) -> arb_mat:
        """V_1ᵀ: the first r right singular vectors of A, as rows."""
        vectors = [self.head(vA, (mode, layer)) for mode in range(1, self._rank + 1)]
        return arb_mat([[v[row, 0] for row in range(self.width)] for v in vectors])  # type: ignore[index]

    def _beyond(self, layer: int) -> Value:
        """A - Σ_{i≤r} s_i u_i v_iᵀ."""
        rest = self.head(A, (layer,))
        for mode in range(1, self._rank + 1):
            value, left, right = (self.head(each, (mode, layer)) for each in (sA, uA, vA))
            rest = rest - left * right.transpose() * value  # type: ignore[union-attr]
        return rest


@cache
def _nearly_isometric() -> Chain:
    """A with singular values 5, 3, 2 after a B that is nearly orthogonal: there c is close to ‖B‖.

    Where they are equal, c is a double root, and half of its digits are lost.
    """
    turn, twist = rotation(3, 4, 5), rotation(5, 12, 13)
    spread = _turned(turn, (0, 1)) * fmpq_mat(3, 3, [5, 0, 0, 0, 3, 0, 0, 0, 2]) * _turned(twist, (1, 2))
    stretch = fmpq_mat(3, 3, [1, 0, 0, 0, fmpq(101, 100), 0, 0, 0, fmpq(103, 100)])
    return Chain([_turned(twist, (0, 2)) * stretch * _turned(turn, (1, 2)), spread])


@cache
def _turned_beyond() -> Chain:
    """B damps the second direction of A, so that u_2 of the product is nearly the third of A."""
    spread = fmpq_mat(3, 3, [5, 0, 0, 0, fmpq(11, 10), 0, 0, 0, 1])
    damping = fmpq_mat(3, 3, [1, 0, 0, 0, fmpq(1, 10), 0, 0, fmpq(1, 20), 1])
    return Chain([damping, spread])


def _turned(rotation: fmpq_mat, plane: tuple[int, int]) -> fmpq_mat:
    matrix = identity(3)
    for row in range(2):
        for column in range(2):
            matrix[plane[row], plane[column]] = rotation[row, column]
    return matrix


def leading_points(seed: int, *, within: bool) -> list[LeadingPoint]:
    """Generic chains and one with a nearly isometric B, at several i and k; ``within``: only i ≤ r."""
    pairs = [(1, 2), (2, 1)] if within else [(1, 2), (3, 1), (3, 2)]
    points = [
        LeadingPoint(generic_chain(seed, depth, 3), *pair, f"N={depth}, n=3, seed={seed}")
        for depth in (2, 3, 4)
        for pair in pairs
    ]
    if within:
        points.append(LeadingPoint(_turned_beyond(), 2, 2, "N=2, n=3, u_2 almost beyond the first two of A"))
    return points + [
        LeadingPoint(_nearly_isometric(), mode, mode, "N=2, n=3, B nearly isometric") for mode in (1, 2)
    ]
