"""Moving chains at which every assumption of a derivation can be asked for at once.

Beside what every chain defines: strong alignment at the level ε that the chain itself has, 0 where its
singular vectors are exactly aligned.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from flint import arb, arb_mat, fmpq, fmpq_mat
from sympy.core.function import AppliedUndef

from jacspec.numerics import Chain, gradient_flow
from jacspec.numerics.chains.flows import partial_products
from jacspec.proofs_check.interpretation import Interpretation, Known, Value, difference, norm, transposed
from jacspec.proofs_check.interpretation.base import known
from jacspec.proofs_check.interpretation.defining_equations import Models
from jacspec.proofs_check.interpretation.points.moving import MovingPoint
from jacspec.proofs_check.interpretation.points.ordered import generic_chain, rotation
from jacspec.theory import Assumption
from jacspec.theory.notation.heads import Head, Kind, Quantity, UserSymbol, head_of
from jacspec.theory.notation.symbols import A, B, M, Mdot, eA, epsilon, u, uA, v, vB


class JointPoint(MovingPoint):
    """A chain that descends a loss, or moves at random, read at mode k."""

    def __init__(
        self,
        chain: Chain,
        motion: list[fmpq_mat],
        gradient: fmpq_mat,
        mode: int,
        description: str,
        values: Mapping[str, fmpq],
    ) -> None:
        super().__init__(chain, motion, mode, description)
        self._gradient, self._values = gradient, values

    def head(self, head: Head, indices: tuple[int, ...]) -> Value:
        """Return a misalignment in units of ε, or what every moving chain defines."""
        if head.quantity is Quantity.MISALIGNMENT and not head.transposed:
            return self._misalignment(head, indices)
        return super().head(head, indices)

    def symbol(self, name: str) -> Known:
        """Return ε: exactly 0 where every singular vector is aligned as far as can be seen."""
        return self._level_of_all if name == epsilon.name else super().symbol(name)

    @cached_property
    def _level_of_all(self) -> arb:
        level = arb(0)
        for mode in range(1, self.width + 1):
            for layer in range(1, self.depth + 2):
                for part, whole in ((uA, u), (vB, v)):
                    gap = difference(self.head(part, (mode, layer)), self.head(whole, (mode,)))
                    level = level.max(norm(gap))
        return arb(0) if level.contains(0) else level

    def _misalignment(self, head: Head, indices: tuple[int, ...]) -> Value:
        level = self._level_of_all
        if level == 0:
            return arb_mat(self.width, 1)
        part, whole = (uA, u) if head is eA else (vB, v)
        gap = self.head(part, indices) - self.head(whole, indices[:1])
        return gap * (1 / level)


class _Rationals(Interpretation):
    """The factors, partial products and gradient of a chain and a user's free symbols, exactly."""

    def __init__(self, chain: Chain, gradient: fmpq_mat, values: Mapping[str, fmpq]) -> None:
        super().__init__(chain.depth, chain.shape[0], {})
        left, right = partial_products(chain)
        self._known = {M: chain.exact, A: left, B: right}
        self._gradient, self._values = gradient, values

    def head(self, head: Head, indices: tuple[int, ...]) -> Known:
        """Return what a law of motion may speak of."""
        if head.transposed:
            return transposed(self.head(head.upright, indices))
        if isinstance(head.quantity, UserSymbol) and head.name in self._values:
            return self._values[head.name]
        if head.quantity is Quantity.GRADIENT:
            return self._gradient
        return self._known[head][indices[0] - 1]


def _free_numbers(assumed: Sequence[Assumption]) -> dict[str, fmpq]:
    """A value for every number that a user declared and that nothing says anything of."""
    rules = [rule for assumption in assumed for rule in assumption.rules]
    heads = {head_of(atom) for rule in rules for atom in rule.rhs.atoms(AppliedUndef)}
    own = [head.quantity for head in heads if head is not None and isinstance(head.quantity, UserSymbol)]
    return {each.name: fmpq(2, 7) for each in own if each.kind is Kind.SCALAR and each.on_chains is None}


def _as_assumed(
    assumed: Sequence[Assumption], chain: Chain, gradient: fmpq_mat, values: Mapping[str, fmpq]
) -> list[fmpq_mat] | None:
    """The motion that an assumption's model prescribes, of what a chain and a gradient define; else None."""
    at, models = _Rationals(chain, gradient, values), Models(assumed, {})
    motion: list[fmpq_mat] = []
    for layer in range(1, chain.depth + 1):
        prescribed = models.of(Mdot, (layer,))
        try:
            velocity = known(prescribed[0].rule.rhs, at, prescribed[0].values)
        except (IndexError, KeyError):
            return None
        if not isinstance(velocity, fmpq_mat):
            return None
        motion.append(velocity)
    return motion


def joint_points(seed: int, assumed: Sequence[Assumption] = ()) -> Iterator[JointPoint]:
    """Chains of 2 × 2 factors: generic ones, exactly aligned ones of each kind, two with equal spectra.

    They move at random, descend, or do what the assumptions prescribe.
    """
    values = _free_numbers(assumed)
    gradient = generic_chain(seed + 7, 2, 2).exact[0]
    for depth in (3, 2):
        for name, chain in _families(seed, depth):
            free = [generic_chain(seed + layer, 2, 2).exact[0] for layer in range(1, depth + 1)]
            motions = {"moving": free, "descending": list(gradient_flow(chain, gradient))}
            prescribed = _as_assumed(assumed, chain, gradient, values)
            if prescribed is not None and prescribed != motions["descending"]:
                motions["moving as assumed"] = prescribed
            for how, motion in motions.items():
                for mode in (1, 2):
                    at = f"{name} chain, {how}, N={depth}, n=2"
                    yield JointPoint(chain, motion, gradient, mode, at, values)


def _families(seed: int, depth: int) -> Iterator[tuple[str, Chain]]:
    yield "generic", generic_chain(seed, depth, 2)
    frames = [rotation(*sides) for sides in ((3, 4, 5), (5, 12, 13), (8, 15, 17), (7, 24, 25))]
    for name, outer in (("aligned", (1, 1)), ("aligned, with intercepts,", (3, 2))):
        factors = []
        for layer in range(1, depth + 1):
            extra = outer if layer in (1, depth) else (1, 1)
            middle = fmpq_mat(2, 2, [fmpq(3 * extra[0]), 0, 0, fmpq(extra[1], 2)])
            factors.append(frames[layer] * middle * frames[layer - 1].transpose())
        yield name, Chain(factors)
    if depth == 2:
        spread = fmpq_mat(2, 2, [3, 0, 0, fmpq(1, 2)])
        yield "equal", Chain([spread * frames[0], frames[1] * spread * frames[2]])
