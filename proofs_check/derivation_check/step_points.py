"""The points at which a step is evaluated: of its assumptions' domain, at drawn layers and directions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import combinations
from random import Random

from flint import fmpq
from sympy import Integer, Symbol
from sympy.core.function import AppliedUndef

from jacspec.numerics import InputError
from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.claims.margin import Truth
from jacspec.proofs_check.interpretation import AssumptionPoint
from jacspec.proofs_check.interpretation.index_values import stands
from jacspec.proofs_check.interpretation.points.leading import LEADING_HEADS, leading_points
from jacspec.proofs_check.interpretation.points.moving import MOVING_HEADS, MovingPoint, moving_points
from jacspec.proofs_check.interpretation.points.ordered import (
    SplitPoint,
    chains_of_both,
    chains_of_the_plane,
    split_points,
)
from jacspec.proofs_check.interpretation.propositions import holds_at
from jacspec.theory import Relation, Step
from jacspec.theory.notation.heads import Head, head_of
from jacspec.theory.notation.symbols import N, epsilon, eta, i, j, k, l, n, uA, uB, vA, vB, w, wR, x, xR, y, z

LIMIT_LEVEL = fmpq(1, 2**160)
"""The ε at which limits are evaluated; elsewhere it is 1/7."""

_LEVEL = fmpq(1, 7)

_BITS = 320

_SIZES = ((2, 2, (1,)), (3, 2, (1, 2)), (5, 3, (2, 3)))
"""Depths, widths and layers of the points: the smallest, and a generic one.

At the generic one no two sizes coincide and both neighbours of the layer are inside too; elsewhere a
neighbour is the end of the chain, where a slip in a layer may go unnoticed.
"""

_DIRECTIONS = (k, i, j)
_VECTORS_OF_A = {uA, vA}
_VECTORS_OF_B = {uB, vB}
_VECTORS_OF_BOTH = {w, x, wR, xR}


def step_points(step: Step, seed: int) -> Sequence[AssumptionPoint | SplitPoint | MovingPoint]:
    """Where to evaluate a step; the same seed gives the same points.

    What needs singular values in descending order is evaluated on chains. Elsewhere layers and
    directions are drawn: different directions at points of every size and, as a step about two
    directions is about equal ones too, two that coincide, unless an assumption says that they differ.
    Raises InputError where no chain has directions as different as that.
    """
    if needs_chains(step):
        applied = (head_of(atom) for atom in (step.before + step.after).atoms(AppliedUndef))
        heads = {head.upright for head in applied if head is not None}
        symbols = step.before.free_symbols | step.after.free_symbols
        in_the_plane = any(each.symbol == n for used in step.premises for each in used.restricts)
        chains = _on_chains(heads | {eta} if in_the_plane else heads, symbols, seed)
        allowed = [point for point in chains if _differ(point.indices, step.distinct)]
        if not allowed:
            message = (
                f"the step '{step.rule}' has no point: expected no more than i and k to differ on chains"
            )
            raise InputError(message)
        # Where the hypotheses hold at none of them, that is found, and said, of the proof as a whole.
        return [point for point in allowed if _admits(point, step)] or allowed
    level = LIMIT_LEVEL if step.relation is Relation.LIMIT else _LEVEL
    about = step.before.free_symbols.union(step.after.free_symbols, *step.distinct)
    named = [index for index in _DIRECTIONS if index in about]
    equal = [
        pair for pair in combinations(named, 2) if not any(each.issuperset(pair) for each in step.distinct)
    ]
    points = [
        AssumptionPoint(step.uses, depth=depth, width=width, indices=indices, seed=seed + number, level=level)
        for number, depth, width, indices in _drawn(named, equal, seed)
        if _allowed({N: depth, n: width}, step)
        and all(
            stands(side, frozenset({**indices, N: depth, n: width}.items()))
            for side in (step.before, step.after)
        )
    ]
    if not points:
        message = (
            f"the step '{step.rule}' has no point: expected both sides to stand for something at a depth of "
            f"{_SIZES[-1][0]} and a width of {_SIZES[-1][1]}, or at less"
        )
        raise InputError(message)
    return points


def _admits(point: SplitPoint | MovingPoint, step: Step) -> bool:
    """Whether the hypotheses of a step hold on a chain, as far as it defines what they speak of."""
    assumed = (each for each in step.uses if not each.defines and each.on_chains)
    if not _allowed(point.indices, step):
        return False
    with balls(_BITS), suppress(KeyError):
        return all(holds_at(each, point, point.indices) is Truth.HOLDS for each in assumed)
    return True


def _allowed(indices: Mapping[Symbol, int], step: Step) -> bool:
    """Whether sizes and indices lie where the assumptions of a step confine them."""
    values = {symbol: Integer(value) for symbol, value in indices.items()}
    return all(each.allows(values) for used in step.uses for each in used.restricts)


def needs_chains(step: Step) -> bool:
    """Whether singular values must descend: not where every assumption says how to draw a point."""
    if any(used.on_chains for used in step.uses):
        return True
    return step.relation.is_inequality and not any(used.model for used in step.uses)


def _on_chains(heads: set[Head], symbols: set[Symbol], seed: int) -> Sequence[SplitPoint | MovingPoint]:
    """Chains on which the heads of a step mean something."""
    misaligned = {uA, vB} <= heads and {i, j} <= symbols
    if heads & MOVING_HEADS or epsilon in symbols or misaligned:
        # What is summed over all directions needs no others.
        return moving_points(seed, apart={i, j} <= symbols)
    if heads & LEADING_HEADS:
        return leading_points(seed, within=bool(heads & {y, z}))
    if eta in heads:
        return [*chains_of_both(seed), *chains_of_the_plane()]
    if heads & _VECTORS_OF_BOTH or (heads & _VECTORS_OF_A and heads & _VECTORS_OF_B):
        return chains_of_both(seed)
    return split_points(seed, equality_in_B=not heads & _VECTORS_OF_B)


def _differ(indices: Mapping[Symbol, int], distinct: Sequence[frozenset[Symbol]]) -> bool:
    return all(len({indices[each] for each in group}) == len(group) for group in distinct)


def _drawn(
    named: Sequence[Symbol], equal: Sequence[tuple[Symbol, Symbol]], seed: int
) -> Iterator[tuple[int, int, int, dict[Symbol, int]]]:
    """Number, depth, width and indices of the points for a step about the ``named`` directions.

    From one size to the next every index moves on by one, so that none keeps its place. Where two
    coincide, it is one of the pairs ``equal``.
    """
    random = Random(f"indices {seed}")  # noqa: S311 -- points, not secrets
    start, layer, turn = random.randrange(6), random.randrange(2), random.choice((1, -1))
    # Those that the step names come first: there is room for all of them to differ.
    order = [*named, *(index for index in _DIRECTIONS if index not in named)]
    for apart in (True, False) if equal else (True,):
        for number, (depth, least_width, layers) in enumerate(_SIZES):
            width = max(least_width, len(named))
            places = [(start + number + turn * place) % width + 1 for place in range(len(order))]
            indices = dict(zip(order, places, strict=True))
            if not apart:
                kept, moved = equal[number % len(equal)]
                indices[moved] = indices[kept]
            yield number, depth, width, {**indices, l: layers[layer % len(layers)]}
