"""Where operators switch from one formula to another: which entries, if equal, lie on a kink or a jump.

Of each operator with a switch that PyTorch differentiates, its switching set is a rule of this file, pairs of
entries of its arguments, or an entry and a constant. At an input in that set there is no Jacobian, unless
the pair is equal on a whole neighbourhood.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jacspec.numerics.networks.graphs.program import Element

Arguments = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Ties:
    """Equal entries, by flat indices: of one argument and another, or (None) of one and fixed numbers."""

    name: str
    indices: NDArray[np.int64]
    other: str | None = None
    others: NDArray[np.int64] | None = None


Rule = Callable[[Arguments], Iterator[Ties]]


def ties_of(operator: str, arguments: Arguments) -> list[Ties]:
    """The switches on which the arguments lie, which are given by name, tensors as arrays."""
    rule = SWITCHES.get(operator.partition(".")[0])
    return [] if rule is None else [ties for ties in rule(arguments) if len(ties.indices)]


def _at(*levels: float | str, default: float = 0.5) -> Rule:
    """``self`` at numbers, or at plus and minus an argument of this name."""

    def rule(a: Arguments) -> Iterator[Ties]:
        numbers = [
            part
            for level in levels
            for part in (
                (a.get(level, default), -a.get(level, default)) if isinstance(level, str) else (level,)
            )
        ]
        yield Ties("self", np.flatnonzero(np.isin(a["self"], numbers)))

    return rule


def _between(*pairs: tuple[str, str]) -> Rule:
    """Two arguments, entry by entry."""

    def rule(a: Arguments) -> Iterator[Ties]:
        for name, other in pairs:
            if a.get(other) is None:
                continue
            both = np.broadcast_arrays(*(np.asarray(a[each]) for each in (name, other)))
            equal = np.flatnonzero(both[0] == both[1])
            first, second = (_spread(a[each], both[0].shape)[equal] for each in (name, other))
            yield Ties(name, first, other, second)

    return rule


def _spread(value: Any, shape: tuple[int, ...]) -> NDArray[np.int64]:
    array = np.asarray(value)
    return np.broadcast_to(np.arange(array.size).reshape(array.shape), shape).ravel()


def _groups(a: Arguments, axes: Any) -> NDArray[np.int64]:
    """The indices of ``self``, a row for each group of entries along the axes (none: all of them)."""
    indices = np.arange(a["self"].size).reshape(a["self"].shape)
    axes = [axes] if isinstance(axes, int) else list(axes or range(indices.ndim))
    last = np.moveaxis(indices, axes, range(-len(axes), 0)) if indices.ndim else indices
    size = int(np.prod([indices.shape[axis] for axis in axes])) if indices.ndim else 1
    return last.reshape(-1, size)


def _extreme(sign: int) -> Rule:
    """The largest (1) or smallest (-1) entry of each group, and others that equal it."""

    def rule(a: Arguments) -> Iterator[Ties]:
        if "other" in a:
            yield from _between(("self", "other"))(a)
            return
        groups = _groups(a, a.get("dim"))
        values = sign * a["self"].ravel()[groups]
        best = values.argmax(axis=1)
        rows, columns = np.nonzero(values == values.max(axis=1, keepdims=True))
        other = columns != best[rows]
        rows, columns = rows[other], columns[other]
        yield Ties("self", groups[rows, best[rows]], "self", groups[rows, columns])

    return rule


def _ordered(a: Arguments) -> Iterator[Ties]:
    """Neighbours in the order of each group; of the k largest or smallest, those and the next."""
    groups = _groups(a, a.get("dim", -1))
    sign = -1 if a.get("largest", "k" in a) else 1
    values = a["self"].ravel()[groups]
    order = np.argsort(sign * values, axis=1, kind="stable")[:, : a.get("k", groups.shape[1]) + 1]
    ranked = np.take_along_axis(values, order, axis=1)
    rows, columns = np.nonzero(ranked[:, 1:] == ranked[:, :-1])
    yield Ties("self", groups[rows, order[rows, columns]], "self", groups[rows, order[rows, columns + 1]])


def _elu(a: Arguments) -> Iterator[Ties]:
    if a.get("alpha", 1) * a.get("input_scale", 1) != 1:
        yield from _at(0)(a)


def _truncated(a: Arguments) -> Iterator[Ties]:
    """To whole numbers: at every one but 0."""
    yield Ties("self", np.flatnonzero((a["self"] != 0) & (a["self"] == np.trunc(a["self"]))))


def _cast(a: Arguments) -> Iterator[Ties]:
    """To truth values at 0, to whole numbers as :func:`_truncated`."""
    kind = next((each for each in a.values() if isinstance(each, Element)), None)
    if kind is not None and not kind.is_floating_point:
        yield from (_at(0) if kind.dtype == np.bool_ else _truncated)(a)


def _whole(shift: float) -> Rule:
    return lambda a: iter([Ties("self", np.flatnonzero(a["self"] + shift == np.trunc(a["self"] + shift)))])


def _either(a: Arguments) -> Iterator[Ties]:
    for name in ("self", "other"):
        yield Ties(name, np.flatnonzero(np.asarray(a[name]) == 0))


SWITCHES: Mapping[str, Rule] = {
    **dict.fromkeys(
        ("relu", "leaky_relu", "prelu", "abs", "sgn", "sign", "selu", "logical_not", "heaviside"), _at(0)
    ),
    "elu": _elu,
    "relu6": _at(0, 6),
    **dict.fromkeys(("hardsigmoid", "hardswish"), _at(3, -3)),
    **dict.fromkeys(("softshrink", "hardshrink"), _at("lambd")),
    "threshold": _between(("self", "threshold")),
    "hardtanh": lambda a: _between(("self", "min_val"), ("self", "max_val"))(
        {"min_val": -1, "max_val": 1, **a}
    ),
    "clamp": _between(("self", "min"), ("self", "max")),
    "clamp_min": _between(("self", "min")),
    "clamp_max": _between(("self", "max")),
    **dict.fromkeys(
        ("maximum", "minimum", "fmax", "fmin", "eq", "ne", "lt", "le", "gt", "ge"),
        _between(("self", "other")),
    ),
    **dict.fromkeys(("logical_and", "logical_or", "logical_xor"), _either),
    **dict.fromkeys(("amax", "max", "argmax"), _extreme(1)),
    **dict.fromkeys(("amin", "min", "argmin"), _extreme(-1)),
    **dict.fromkeys(("sort", "argsort", "topk"), _ordered),
    **dict.fromkeys(("to", "_to_copy"), _cast),
    **dict.fromkeys(("floor", "ceil", "frac"), _whole(0)),
    "round": _whole(0.5),
    "trunc": _truncated,
}
"""By operator, without its overload."""
