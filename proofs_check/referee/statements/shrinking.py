"""Shrinking: from a counterexample to one that is smaller, has fewer entries, and simpler numbers in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

import numpy as np

from jacspec.proofs_check.referee.statements.arena import Arena, Hit, Sizes
from jacspec.proofs_check.referee.statements.examples.parameters import Exact, mapped
from jacspec.theory.statements.tree import Node, Op

_CAP_BITS = 192


def shrunk(arena: Arena, hit: Hit) -> Hit:
    """The simplest counterexample that steps of `_simpler` lead to, within the effort's budget."""
    left = arena.effort.shrinking
    improved = True
    while improved and left > 0:
        improved = False
        for parameters, sizes in _simpler(arena, hit):
            left -= 1
            smaller = arena.judge(parameters, sizes, cap=_CAP_BITS)
            if smaller is not None:
                hit, improved = smaller, True
                break
            if left <= 0:
                break
    return hit


def _simpler(arena: Arena, hit: Hit) -> Iterator[tuple[dict[str, Exact], Sizes]]:
    """Simpler neighbours, the boldest first: a smaller size, a simpler matrix, simpler numbers."""
    parameters, sizes = dict(hit.parameters), hit.sizes
    for name, value in sizes.items():
        if value > arena.statement.sizes[name][0]:
            for dropped in range(value - 1, -1, -1):
                yield _without(arena.domain.shapes, parameters, name, dropped), {**sizes, name: value - 1}
    positive = {name: mapped(abs, P) for name, P in parameters.items()}
    if any((positive[name] != P).any() for name, P in parameters.items()):
        yield positive, sizes
    for name, P in parameters.items():
        for whole in _simpler_arrays(P) if P.ndim else ():
            if _weight(whole) < _weight(P):
                yield {**parameters, name: whole}, sizes
    for simpler in _SIMPLER_NUMBERS:
        for name, P in parameters.items():
            for place in np.ndindex(P.shape):
                x: Fraction = P[place]  # type: ignore[assignment]
                y = simpler(x)
                if _weight_of(y) < _weight_of(x):
                    yield {**parameters, name: _with(P, place, y)}, sizes


_SIMPLER_NUMBERS: tuple[Callable[[Fraction], Fraction], ...] = (
    lambda _: Fraction(0),
    lambda x: Fraction(1 if x > 0 else -1),
    lambda _: Fraction(1),
    lambda x: abs(x),
    lambda x: Fraction(round(x)),
    *((lambda x, d=d: x.limit_denominator(d)) for d in (2, 3, 4, 12, 100)),
    lambda x: Fraction(round(x / 2)),
    lambda x: Fraction(x.numerator, x.denominator // 2 or 1),
    lambda x: x - (1 if x > 0 else -1),
)


def _simpler_arrays(P: Exact) -> Iterator[Exact]:
    """Zero, the identity (in every layer of a chain), whole numbers of the same proportions, rounded."""
    yield mapped(lambda _: Fraction(0), P)
    identity = np.broadcast_to(np.eye(*P.shape[-2:]), P.shape)
    yield mapped(Fraction, identity)
    largest = max(abs(x) for x in P.flat)
    for scale in (1, 2, 3) if largest else ():
        yield mapped(lambda x, s=scale: Fraction(round(s * x / largest)), P)  # type: ignore[misc]
    yield mapped(lambda x: Fraction(round(x)), P)
    yield mapped(lambda x: x.limit_denominator(6), P)
    yield mapped(abs, P)


def _with(P: Exact, place: tuple[int, ...], y: Fraction) -> Exact:
    changed = P.copy()
    changed[place] = y
    return changed


def _without(
    shapes: Mapping[str, tuple[Node, ...]], parameters: Mapping[str, Exact], size: str, dropped: int
) -> dict[str, Exact]:
    """Parameters without one of the rows, columns or layers that a size counts."""
    smaller = dict(parameters)
    for name, P in parameters.items():
        for axis, dimension in enumerate(shapes[name]):
            if any(part.op is Op.SIZE and part.data == size for part in dimension.walk()):
                # Of a composed size, such as n - 1, the last goes.
                P = np.delete(P, min(dropped, P.shape[axis] - 1), axis=axis)
        smaller[name] = P
    return smaller


def _weight_of(x: Fraction) -> int:
    """0 is simplest, then small positive whole numbers, then what takes more digits."""
    return (
        0 if x == 0 else 2 * (abs(x.numerator).bit_length() + 2 * (x.denominator.bit_length() - 1)) + (x < 0)
    )


def _weight(P: Exact) -> int:
    return sum(map(_weight_of, P.flat))
