"""The notation read off a gated network: raw weights, 0/1 gates, and gradient flow on the weights."""

from __future__ import annotations

from collections.abc import Sequence

from flint import arb_mat, fmpq, fmpq_mat

from jacspec.numerics import Chain
from jacspec.numerics.support.factors import diagonal, identity
from jacspec.proofs_check.interpretation import Value
from jacspec.proofs_check.interpretation.points.chain import ChainPoint
from jacspec.theory.notation.heads import Head
from jacspec.theory.notation.symbols import E, F, W, Wdot, gate


class GatedPoint(ChainPoint):
    """Values of the heads for ``J = W_N D_{N-1} W_{N-1} ⋯ D_1 W_1`` under gradient flow on the W_l.

    ``gates`` holds the diagonals of D_1 … D_{N-1}. The velocity of the weights is computed entry by
    entry, as ``-∂⟨G, J⟩/∂W_l``: J is linear in every entry, so that the derivative is exact, and no
    formula for it enters. ``kicks`` are added to the first entry of every Ẇ_l, and of every Ṁ_l: where
    they are not 0, something else moves them too.
    """

    def __init__(
        self,
        weights: Chain,
        gates: Sequence[Sequence[int]],
        gradient: fmpq_mat,
        kicks: tuple[int, int] = (0, 0),
    ) -> None:
        width = weights.shape[0]
        self._weights = weights.exact
        self._gates = _diagonals(gates, width)
        kick, other = (diagonal([size, *[0] * (width - 1)]) for size in kicks)
        self._velocities_of_weights = tuple(
            _descent(self._weights, self._gates, layer, gradient) + kick for layer in range(weights.depth)
        )
        motion = [each + other for each in _absorb(self._velocities_of_weights, self._gates)]
        super().__init__(Chain(_absorb(self._weights, self._gates)), motion, 1, gradient)

    def head(self, head: Head, indices: tuple[int, ...]) -> Value:
        """Return the value of a head; M, A, B and J are those of the absorbed chain."""
        if head is gate:
            return arb_mat(self._gates[indices[0]])
        if head is W:
            return arb_mat(self._weights[indices[0] - 1])
        if head is Wdot:
            return arb_mat(self._velocities_of_weights[indices[0] - 1])
        if head in (E, F):
            return arb_mat(self._around(head, indices[0]))
        return super().head(head, indices)

    def _around(self, side: Head, layer: int) -> fmpq_mat:
        """Φ_l = W_N D_{N-1} ⋯ W_{l+1} D_l, or Ψ_l = D_{l-1} W_{l-1} ⋯ D_1 W_1."""
        product = self._gates[0]
        inside = range(layer, self.depth) if side is E else range(layer - 1)
        for position in inside:
            weight, left = self._weights[position], self._gates[position + 1]
            product = weight * self._gates[position] * product if side is E else left * weight * product
        return product


def _absorb(weights: Sequence[fmpq_mat], gates: Sequence[fmpq_mat]) -> tuple[fmpq_mat, ...]:
    """The M_l = D_l W_l D_{l-1}, with D_0 = D_N = I."""
    return tuple(gates[layer + 1] * weight * gates[layer] for layer, weight in enumerate(weights))


def _diagonals(gates: Sequence[Sequence[int]], width: int) -> list[fmpq_mat]:
    return [identity(width), *map(diagonal, gates), identity(width)]


def _descent(
    weights: Sequence[fmpq_mat], gates: Sequence[fmpq_mat], layer: int, gradient: fmpq_mat
) -> fmpq_mat:
    """-∂⟨G, J⟩/∂W_l, entry by entry: J with W_l replaced by a matrix of one 1."""
    rows, columns = weights[layer].nrows(), weights[layer].ncols()
    velocity = fmpq_mat(rows, columns)
    for row in range(rows):
        for column in range(columns):
            unit = fmpq_mat(rows, columns)
            unit[row, column] = fmpq(1)
            product = gates[0]
            for position, weight in enumerate(weights):
                product = gates[position + 1] * (unit if position == layer else weight) * product
            velocity[row, column] = -_scalar_product(gradient, product)
    return velocity


def _scalar_product(X: fmpq_mat, Y: fmpq_mat) -> fmpq:
    return sum((x * y for x, y in zip(X.entries(), Y.entries(), strict=True)), fmpq(0))
