"""The search for a counterexample: the simplest examples, families at every scale, climbs from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from jacspec.proofs_check.interpretation.statements.degrees import uneven
from jacspec.proofs_check.interpretation.statements.float_functions import Array, Mask
from jacspec.proofs_check.referee.statements.arena import Arena, Hit, Sizes, Tally
from jacspec.proofs_check.referee.statements.climbing import climb, walk_in
from jacspec.proofs_check.referee.statements.examples.families import draw, simplest, stiff
from jacspec.proofs_check.referee.statements.examples.rounding import as_exact, to_bits
from jacspec.proofs_check.referee.statements.search_effort import SearchEffort
from jacspec.proofs_check.referee.statements.shrinking import shrunk
from jacspec.theory.statements.statement import Statement
from jacspec.theory.statements.tree import Op

_MOST_SIZES = 12
_MOST_SIMPLE = 1200
_SAMPLE_BITS = 8
_STIFF_SIZES = 3
_GROWING = {Op.EXP, Op.EXPM, Op.SINH, Op.GAMMA, Op.POLYGAMMA, Op.MOMENT}


@dataclass(frozen=True)
class StatementSearch:
    """A certified counterexample, if one was found, and what was tried: of an equivalence the weaker way."""

    hit: Hit | None
    tally: Tally


def search_statement(
    statement: Statement, *, seed: int, effort: SearchEffort, shrink: bool = True
) -> StatementSearch:
    """Look for an exact example that satisfies the premises and violates a relation; the same for a seed."""
    found = []
    for implication in statement.implications:
        arena = Arena(implication, seed, effort)
        hit = _first_hit(arena)
        if hit is not None:
            return StatementSearch(shrunk(arena, hit) if shrink else hit, arena.tally)
        found.append(arena.tally)
    return StatementSearch(None, min(found, key=lambda tally: tally.decided - tally.undecided))


def _first_hit(arena: Arena) -> Hit | None:
    schedule = _sizes(arena)
    if not arena.domain.free:
        return next(filter(None, (arena.judge({}, sizes) for sizes in schedule)), None)
    for sizes in schedule:
        parameters = simplest(arena.rng, arena.domain, sizes, _MOST_SIMPLE)
        hit = arena.decide(parameters, arena.margins(parameters, sizes).worst, sizes)
        if hit is not None:
            return hit
    turns = max(arena.effort.batches, len(schedule))
    for turn in range(turns):
        hit = _batch(arena, schedule[turn % len(schedule)], -(-arena.effort.sampled // turns))
        if hit is not None:
            return hit
    return _stiff(arena, schedule)


def _stiff(arena: Arena, schedule: list[dict[str, int]]) -> Hit | None:
    """Decide a few examples that float64 cannot judge, at small sizes; not of exponentials and their like."""
    sides = [side for each in (*arena.statement.relations, *arena.statement.given) for side in each.args]
    if any(node.op in _GROWING for side in sides for node in side.walk()):
        return None
    for sizes in schedule[:_STIFF_SIZES]:
        count = arena.effort.sampled // 10
        parameters = stiff(arena.rng, arena.domain, sizes, count)
        for row in range(count):
            hit = arena.judge({name: as_exact(P[row]) for name, P in parameters.items()}, sizes)
            if hit is not None:
                return hit
    return None


def _batch(arena: Arena, sizes: Sizes, sampled: int) -> Hit | None:
    scales = uneven(arena.statement, sizes)
    parameters = draw(arena.rng, arena.domain, sizes, arena.effort.batch, scales)
    found = arena.margins(parameters, sizes)
    if not found.instances:
        return None
    hit = arena.decide(parameters, found.worst, sizes) or climb(arena, parameters, found, sizes)
    if hit is None and not found.inside.all():
        hit = walk_in(arena, parameters, found, sizes)
    return hit or _sample(arena, parameters, np.isfinite(found.worst), sizes, sampled)


def _sample(
    arena: Arena, parameters: Mapping[str, Array], among: Mask, sizes: Sizes, count: int
) -> Hit | None:
    """Decide some examples wherever they are, also the smallest and the largest of the batch.

    What is supported was decided in balls, not in float64.
    """
    rows = np.flatnonzero(among)
    with np.errstate(divide="ignore"):
        scale = sum(np.log(np.abs(P).reshape(len(P), -1).max(axis=1))[rows] for P in parameters.values())
    ordered = rows[np.argsort(np.where(np.isfinite(scale), scale, 0.0), kind="stable")].tolist()
    for row in list(dict.fromkeys([*ordered[-1:], *ordered[:1], *rows.tolist()]))[:count]:
        point = {name: P[row] for name, P in parameters.items()}
        rounded = {name: to_bits(P, _SAMPLE_BITS) for name, P in point.items()}
        hit = arena.judge({name: each.exact for name, each in rounded.items()}, sizes)
        if hit is not None:
            return hit
    return None


def _sizes(arena: Arena) -> list[dict[str, int]]:
    """The sizes to try, small ones first; of many a sample."""
    ranges = arena.statement.sizes
    every = [
        dict(zip(ranges, values, strict=True))
        for values in product(*(range(first, last + 1) for first, last in ranges.values()))
    ]
    every.sort(key=lambda sizes: sum(sizes.values()))
    if len(every) <= _MOST_SIZES:
        return every
    return [every[position] for position in sorted(arena.rng.choice(len(every), _MOST_SIZES, replace=False))]
