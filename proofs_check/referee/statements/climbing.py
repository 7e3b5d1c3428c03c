"""Climbs: random steps that lower a margin, from many starts, then descent; and walks into the premises."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import numpy.typing as npt

from jacspec.proofs_check.interpretation.statements.float_functions import Array, Mask
from jacspec.proofs_check.interpretation.statements.float_margins import FloatMargins
from jacspec.proofs_check.referee.statements.arena import CLEAR, Arena, Hit, Sizes
from jacspec.proofs_check.referee.statements.polishing import polished

_VIOLATED = 1e-8
"""How clearly an example outside the premises violates a relation, and must go on doing so on its way in."""
_FLAT = 1e-10
"""A relation whose relative margins are all below it is an identity: there is nothing to climb."""
_OFF_EQUALITY = 1e-7
_FIRST_STEP, _LEAST_STEP, _LARGEST_STEP = 0.3, 1e-5, 3.0
_DECIDE_EVERY = 8
_TOGETHER = 0.5
"""The share of the steps that move all variables."""


@dataclass
class _State:
    """Where each start has got to, how low it is there, how far its next steps reach, and its last step."""

    parameters: dict[str, Array]
    value: Array
    step: Array
    last: dict[str, Array] = field(init=False)

    def __post_init__(self) -> None:
        self.last = {name: np.zeros_like(P) for name, P in self.parameters.items()}


def climb(arena: Arena, parameters: Mapping[str, Array], found: FloatMargins, sizes: Sizes) -> Hit | None:
    """Lower the relative margin of one relation per start, from the lowest examples and from random ones."""
    usable = found.inside & np.isfinite(found.relative).any(axis=1)
    if not usable.any():
        return None
    targets = np.flatnonzero(np.nan_to_num(np.abs(found.relative[usable])).max(axis=0) > _FLAT)
    if not targets.size:
        return None
    rows, target = _starts(arena, found.relative, usable, targets)

    def score(tries: Mapping[str, Array], aims: npt.NDArray[np.intp] = target) -> Array:
        tried = arena.margins(tries, sizes)
        return _of_target(tried, np.tile(aims, len(tried.slack) // len(aims)))

    def restart(state: _State) -> None:
        """What violates in float64 and not in balls is noise: start again elsewhere."""
        noise = np.flatnonzero(state.value < -CLEAR)
        fresh = arena.rng.choice(np.flatnonzero(usable), noise.size)
        for name, P in state.parameters.items():
            P[noise] = parameters[name][fresh]
        state.step[noise] = _FIRST_STEP
        state.value[:] = score(state.parameters)

    state = _State(
        {name: P[rows] for name, P in parameters.items()},
        np.where(found.inside[rows], _finite(found.relative[rows, target]), np.inf),
        np.full(len(rows), _FIRST_STEP),
    )
    hit = _descend(arena, state, score, sizes, restart)
    near = np.flatnonzero(np.isfinite(state.value) & (state.value > _OFF_EQUALITY))
    if hit is not None or not near.size:
        return hit
    near = near[np.argsort(state.value[near], kind="stable")[: arena.effort.polished]]
    end = polished({name: P[near] for name, P in state.parameters.items()}, partial(score, aims=target[near]))
    return arena.decide(end, arena.margins(end, sizes).worst, sizes)


def walk_in(arena: Arena, parameters: Mapping[str, Array], found: FloatMargins, sizes: Sizes) -> Hit | None:
    """From violations outside the premises towards these, never giving up the violation on the way."""
    rows = np.flatnonzero((_lowest(found) < -_VIOLATED) & ~found.inside)
    if not rows.size:
        return None

    def score(tries: Mapping[str, Array]) -> Array:
        tried = arena.margins(tries, sizes)
        return np.where(_lowest(tried) < -_VIOLATED, -tried.slack, np.inf)

    rows = rows[np.argsort(-found.slack[rows], kind="stable")[: arena.effort.starts]]
    chosen = {name: P[rows] for name, P in parameters.items()}
    return _descend(arena, _State(chosen, score(chosen), np.full(len(rows), _FIRST_STEP)), score, sizes, None)


def _descend(
    arena: Arena,
    state: _State,
    score: Callable[[Mapping[str, Array]], Array],
    sizes: Sizes,
    restart: Callable[[_State], None] | None,
) -> Hit | None:
    """Random steps, the best kept; every few of them, what was reached is decided."""
    effort, count = arena.effort, len(state.value)
    for turn in range(1, effort.steps + 1):
        tries = _moved(arena.rng, state, effort.proposals)
        scores = score(tries).reshape(effort.proposals, count)
        best = scores.argmin(axis=0)
        lower = scores[best, np.arange(count)]
        better = lower < state.value
        for name, P in state.parameters.items():
            chosen = tries[name][best * count + np.arange(count)]
            moved = better.reshape((-1,) + (1,) * (P.ndim - 1))
            state.last[name] = np.where(moved, chosen - P, state.last[name])
            state.parameters[name] = np.where(moved, chosen, P)
        state.value = np.where(better, lower, state.value)
        state.step = np.clip(state.step * np.where(better, 1.4, 0.75), _LEAST_STEP, _LARGEST_STEP)
        if turn % _DECIDE_EVERY and turn != effort.steps:
            continue
        worst = arena.margins(state.parameters, sizes).worst if restart is None else state.value
        hit = arena.decide(state.parameters, worst, sizes)
        if hit is not None:
            return hit
        if restart is not None:
            restart(state)
        elif not (state.value > 0).any():  # all of them have arrived
            return None
    return None


def _starts(arena: Arena, table: Array, usable: Mask, targets: npt.NDArray[np.intp]) -> tuple[Array, Array]:
    """For each relation its lowest examples and as many at random, away from equality; and which it is."""
    count, rng = arena.effort.starts, arena.rng
    share = max(4, count // len(targets))
    rows, aims = [], []
    for target in rng.permutation(targets)[: max(1, count // 4)]:
        column = np.where(usable, _finite(table[:, target]), np.inf)
        candidates = np.flatnonzero(np.isfinite(column) & (np.abs(column) > _OFF_EQUALITY))
        if candidates.size:
            lowest = candidates[np.argsort(column[candidates], kind="stable")[: share // 2]]
            rows.append(np.concatenate([lowest, rng.choice(candidates, share - share // 2)]))
            aims.append(np.full(len(rows[-1]), target))
    if not rows:
        return rng.choice(np.flatnonzero(usable), count), rng.choice(targets, count)
    return np.concatenate(rows), np.concatenate(aims)


def _moved(rng: np.random.Generator, state: _State, proposals: int) -> dict[str, Array]:
    """Trial points of each start: all entries moved, one, one cleared or turned, all scaled, crossed, on."""
    count = len(state.value)
    total = count * proposals
    step = np.tile(state.step, proposals)
    how = rng.integers(0, 6, total)
    # One variable alone, or all of them.
    names = len(state.parameters)
    only = np.where(rng.random(total) < _TOGETHER, names, rng.integers(0, names, total))
    further = 2.0 ** rng.integers(-2, 3, total)
    first, second = rng.integers(0, count, total), rng.integers(0, count, total)
    tries = {}
    for position, (name, own) in enumerate(state.parameters.items()):
        P = np.tile(own, (proposals,) + (1,) * (own.ndim - 1))
        one = (total,) + (1,) * (P.ndim - 1)
        size = np.abs(P).reshape(total, -1).max(axis=1)
        noise = (step * np.where(size > 0, size, 1.0)).reshape(one) * rng.standard_normal(P.shape)
        entries = int(np.prod(P.shape[1:], dtype=int))
        hot = (rng.integers(0, entries, total)[:, None] == np.arange(entries)).reshape(P.shape)
        simpler = np.choose(rng.integers(0, 3, one), [0.0 * P, -P, P * 2.0 ** rng.integers(-3, 4, one)])
        options = [
            P + noise,
            P + noise * hot,
            np.where(hot, simpler, P),
            P * np.exp(step * rng.standard_normal(total)).reshape(one),
            P + np.tile(state.last[name], (proposals,) + (1,) * (own.ndim - 1)) * further.reshape(one),
        ]
        crossed = P + 0.7 * (own[first] - own[second])
        moved = np.select([(how == kind).reshape(one) for kind in range(5)], options, crossed)
        mine = (only == position) | (only == names)
        tries[name] = np.where(mine.reshape(one), moved, P)
    return tries


def _of_target(found: FloatMargins, target: npt.NDArray[np.intp]) -> Array:
    if not found.relative.shape[1]:
        return np.full(len(target), np.inf)
    return np.where(found.inside, _finite(found.relative[np.arange(len(target)), target]), np.inf)


def _finite(values: Array) -> Array:
    return np.where(np.isfinite(values), values, np.inf)


def _lowest(found: FloatMargins) -> Array:
    """The least margin of each example, wherever it is."""
    return _finite(found.relative).min(axis=1, initial=np.inf)  # type: ignore[no-any-return]
