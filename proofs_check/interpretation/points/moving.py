"""Actual chains that move, with ε the misalignment of mode k: where the error bound is evaluated."""

from __future__ import annotations

from functools import cached_property

from flint import arb, arb_mat, fmpq, fmpq_mat

from jacspec.numerics import Chain
from jacspec.numerics.spectra.small_exact import singular_values
from jacspec.proofs_check.interpretation import Known, Value
from jacspec.proofs_check.interpretation.points.chain import ChainPoint
from jacspec.proofs_check.interpretation.points.ordered import generic_chain, rotation
from jacspec.theory.notation.heads import Head
from jacspec.theory.notation.symbols import A, B, Mdot, N, epsilon, i, j, k, l, n, speed, u, uA, v, vB

MOVING_HEADS = {speed, Mdot}


class MovingPoint(ChainPoint):
    """A chain with velocities, read at mode k; ε is the largest misalignment of that mode, or part of it."""

    particular = frozenset({N, n, k})

    def __init__(
        self, chain: Chain, motion: list[fmpq_mat], mode: int, description: str, part: int = 1
    ) -> None:
        super().__init__(chain, motion, mode)
        self._part = part
        self.indices |= {i: mode, j: mode, l: 1}
        self._mode = mode
        self.kind, self.description = description, f"{description}, k={mode}"

    def elsewhere(self, first: int, second: int) -> MovingPoint:
        """The same chain with i and j so many directions further on."""
        on = [(self._mode + steps - 1) % self.width + 1 for steps in (first, second)]
        # At a layer with factors on both sides, where the chain is long enough for one.
        moved = self.at({i: on[0], j: on[1], l: min(2, self.depth - 1)})
        moved.description = f"{self.description}, i={on[0]}, j={on[1]}"
        return moved

    def head(self, head: Head, indices: tuple[int, ...]) -> Value:
        """Return ‖Ṁ_l‖, or what every chain defines; beyond the ends nothing moves."""
        if head.upright in MOVING_HEADS and not 1 <= indices[0] <= self.depth:
            return arb(0) if head is speed else arb_mat(self.width, self.width)
        if head is speed:
            return singular_values(self._motion[indices[0] - 1])[0]
        if len(indices) == 2 or head.upright in (A, B):
            *direction, layer = indices
            indices = (*direction, min(max(layer, 1), self.depth + 1))
        return super().head(head, indices)

    def symbol(self, name: str) -> Known:
        """Return ε."""
        return self._level / self._part if name == epsilon.name else super().symbol(name)

    @cached_property
    def _level(self) -> arb:
        level = arb(0)
        for layer in range(1, self.depth + 2):
            for part, whole in ((uA, u), (vB, v)):
                aligned = self.head(whole, (self._mode,))
                for direction in range(1, self.width + 1):
                    vector = self.head(part, (direction, layer))
                    overlap = (vector.transpose() * aligned)[0, 0]  # type: ignore[union-attr]
                    level = level.max(abs(overlap - int(direction == self._mode)))
        return level


def _nearly_aligned(scale: int, turn: fmpq_mat) -> Chain:
    """M_2 = diag(scale, 1) and an M_1 such that J has rational singular vectors, turned away from M_2's."""
    A = fmpq_mat(2, 2, [scale, 0, 0, 1])
    J = turn * fmpq_mat(2, 2, [3 * scale, 0, 0, 1])
    return Chain([A.inv() * J, A])


def moving_points(seed: int, *, apart: bool = False) -> list[MovingPoint]:
    """Generic chains; chains whose error is that of one overlap, so that it nears the bound; one with none.

    ``apart``: at each also with i, with j and with both different from the mode.
    """
    points = _moving_points(seed)
    if not apart:
        return points
    return [point.elsewhere(first, second) for point in points for first in (0, 1) for second in (0, 1)]


def _moving_points(seed: int) -> list[MovingPoint]:
    points = []
    for depth in (2, 3):
        chain = generic_chain(seed, depth, 2)
        motion = [generic_chain(seed + layer, 2, 2).exact[0] for layer in range(1, depth + 1)]
        points += [MovingPoint(chain, motion, mode, f"N={depth}, n=2, seed={seed}") for mode in (1, 2)]
    chain, still = _nearly_aligned(1000, rotation(99, 20, 101)), fmpq_mat(2, 2)
    for sign in (1, -1):
        for mode, entry in ((2, 1), (1, 2)):
            push = fmpq_mat(2, 2)
            push[entry - 1, mode - 1] = fmpq(sign)
            points.append(MovingPoint(chain, [push, still], mode, f"N=2, n=2, nearly aligned, sign {sign}"))
    nearer, grows = _nearly_aligned(1000, rotation(9999, 200, 10001)), fmpq_mat(2, 2, [1, 0, 0, 1])
    points.append(MovingPoint(nearer, [grows, still], 1, "N=2, n=2, nearly aligned, decoupled"))
    return points
