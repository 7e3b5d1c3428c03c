"""Shrinking: from a counterexample to one that is smaller, has fewer entries, and simpler numbers in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from jacspec.proofs_check.referee.statements.arena import Arena, Hit, Sizes
from jacspec.proofs_check.referee.statements.parameters import Exact
from jacspec.theory.statements.tree import Node, Op

__all__ = ["shrunk"]

Rows = tuple[tuple[Fraction, ...], ...]
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
            for dropped in range(value, 0, -1):
                yield _without(arena.domain.shapes, parameters, name, dropped), {**sizes, name: value - 1}
    for name, P in parameters.items():
        if not isinstance(P, Fraction):
            for whole in _simpler_matrices(P):
                if _weight(whole) < _weight(P):
                    yield {**parameters, name: whole}, sizes
    for simpler in _SIMPLER_NUMBERS:
        for name, P in parameters.items():
            for place, x in _entries(P):
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


def _simpler_matrices(P: Rows) -> Iterator[Rows]:
    rows, columns = range(len(P)), range(len(P[0]))
    yield tuple(tuple(Fraction(0) for _ in columns) for _ in rows)
    yield tuple(tuple(Fraction(int(i == j)) for j in columns) for i in rows)
    largest = max(abs(x) for row in P for x in row)
    for scale in (1, 2, 3) if largest else ():
        yield _each(P, lambda x, s=scale: Fraction(round(s * x / largest)))  # type: ignore[misc]
    yield _each(P, lambda x: Fraction(round(x)))
    yield _each(P, lambda x: x.limit_denominator(6))
    yield _each(P, abs)


def _each(P: Rows, function: Callable[[Fraction], Fraction]) -> Rows:
    return tuple(tuple(map(function, row)) for row in P)


def _entries(P: Exact) -> Iterator[tuple[tuple[int, int] | None, Fraction]]:
    if isinstance(P, Fraction):
        yield None, P
    else:
        yield from (((i, j), x) for i, row in enumerate(P) for j, x in enumerate(row))


def _with(P: Exact, place: tuple[int, int] | None, y: Fraction) -> Exact:
    if isinstance(P, Fraction):
        return y
    return tuple(tuple(y if (i, j) == place else x for j, x in enumerate(row)) for i, row in enumerate(P))


def _without(
    shapes: Mapping[str, tuple[Node, Node] | None], parameters: Mapping[str, Exact], size: str, dropped: int
) -> dict[str, Exact]:
    """Parameters without one of the rows and columns that a size counts."""
    smaller: dict[str, Exact] = {}
    for name, P in parameters.items():
        shape = shapes[name]
        if shape is None or isinstance(P, Fraction):
            smaller[name] = P
            continue
        # Of a composed size, such as n - 1, the last goes.
        rows, columns = (
            [k for k in range(count) if not (_counts(each, size) and k == min(dropped, count) - 1)]
            for each, count in zip(shape, (len(P), len(P[0])), strict=True)
        )
        smaller[name] = tuple(tuple(P[i][j] for j in columns) for i in rows)
    return smaller


def _counts(node: Node, size: str) -> bool:
    return any(part.op is Op.SIZE and part.data == size for part in node.walk())


def _weight_of(x: Fraction) -> int:
    """0 is simplest, then small positive whole numbers, then what takes more digits."""
    return (
        0 if x == 0 else 2 * (abs(x.numerator).bit_length() + 2 * (x.denominator.bit_length() - 1)) + (x < 0)
    )


def _weight(P: Rows) -> int:
    return sum(_weight_of(x) for row in P for x in row)
