"""Assumptions that are no equation between what a chain defines: inequalities, and drives.

Each predicate yields named margins, positive where the assumption holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

from flint import arb
from sympy import Integer

from jacspec.numerics import InputError
from jacspec.proofs_check.interpretation import Value, evaluate_scalar
from jacspec.proofs_check.interpretation.points.chain import ChainPoint
from jacspec.theory.notation.symbols import HEADS, Head, k
from jacspec.theory.results.separation import COMMON_DRIVE, POWER_DRIVE

__all__ = ["OUTSIDE", "PREDICATES", "Margins"]

Margins = Iterator[tuple[str, arb]]

OUTSIDE = {
    "bounded-eigenpair": "it is about a limit, in which ratios of singular values vanish",
    "overlaps-of-order-1": "it is about a limit: at one chain every overlap is some multiple of the ratio",
    "overlaps-of-order-2": "it is about a limit: at one chain every overlap is some multiple of the ratio",
    "gaussian-volumes": "it is about an ensemble: see the sampled claims",
    "random-gates": "it is about an ensemble: see the sampled claims",
    "haar-minors": "it is about an ensemble: see the sampled claims",
    "poles-of-tanh": "it is about functions, not about chains",
    "sums-over-poles": "it is about numbers, not about chains",
}
"""What no single chain can satisfy or violate, and why, by the assumption's name."""


def _value(point: ChainPoint, name: str, *indices: int) -> arb:
    return point.head(HEADS[name], indices)  # type: ignore[return-value]


def _simple(point: ChainPoint, level: arb | None, layer: int) -> Margins:  # noqa: ARG001
    """s_k > 0, apart from its neighbours."""
    mode = point.indices[k]
    own = _value(point, "s", mode)
    yield f"s_{mode} > 0", own
    if mode > 1:
        yield f"s_{mode - 1} > s_{mode}", _value(point, "s", mode - 1) - own
    if mode < point.width:
        yield f"s_{mode} > s_{mode + 1}", own - _value(point, "s", mode + 1)


def _given(level: arb | None, name: str) -> arb:
    if level is None:
        message = f"{name} depends on a level: expected level=…, the largest misalignment that is allowed"
        raise InputError(message)
    return level


def _misalignments(point: ChainPoint, level: arb, modes: range) -> Margins:
    """How far below the level |⟨u_i(A_l), u_k⟩ - [i = k]| is, at every l, right vectors too."""
    sides = (("uA", "u"), ("vB", "v"))
    for layer, (part, whole) in product(range(1, point.depth + 2), sides):
        for direction, mode in product(range(1, point.width + 1), modes):
            vector, aligned = point.head(HEADS[part], (direction, layer)), point.head(HEADS[whole], (mode,))
            overlap = (vector.transpose() * aligned)[0, 0]  # type: ignore[union-attr]
            name = f"⟨{part[0]}_{direction}({part[1]}_{layer}), {whole}_{mode}⟩"
            yield name, level - abs(overlap - int(direction == mode))


def _strong_alignment(point: ChainPoint, level: arb | None, layer: int) -> Margins:  # noqa: ARG001
    yield from _misalignments(point, _given(level, "strong-alignment"), range(1, point.width + 1))


def _one_mode(point: ChainPoint, level: arb | None, layer: int) -> Margins:  # noqa: ARG001
    reached = _given(level, "misalignment-level")
    yield "ε ≤ 1", 1 - reached
    yield from _misalignments(point, reached, range(point.indices[k], point.indices[k] + 1))


def _nonsingular(whole: str, other: str) -> Callable[[ChainPoint, arb | None, int], Margins]:
    """Every singular value of one partial product is positive, and the other has the modes i and k."""

    def margins(point: ChainPoint, level: arb | None, layer: int) -> Margins:  # noqa: ARG001
        yield f"s_n({whole}_{layer})", _value(point, f"s{whole}", point.width, layer)
        for mode in sorted(set(point.indices.values()) & set(range(1, point.width + 1))):
            yield f"s_{mode}({other}_{layer})", _value(point, f"s{other}", mode, layer)

    return margins


def _leading_rank(point: ChainPoint, level: arb | None, layer: int) -> Margins:  # noqa: ARG001
    """c_l > 0 and s_k(A_l) > 0; the point says what r is."""
    mode = point.indices[k]
    yield f"c_{layer}", _value(point, "cY", layer)
    yield f"s_{mode}(A_{layer})", _value(point, "sA", mode, layer)


class _Driven(ChainPoint):
    """The same chain, with the strength c of the drive, and its power p, read off the first modes."""

    def __init__(self, point: ChainPoint, c: arb, p: arb) -> None:
        self.__dict__.update(point.__dict__)
        self._drive = {"c": c, "p": p}

    def head(self, head: Head, indices: tuple[int, ...]) -> Value:
        """Return c or p, or what every chain defines."""
        return self._drive[head.name] if head.name in self._drive else super().head(head, indices)


def _common_drive(point: ChainPoint, level: arb | None, layer: int) -> Margins:  # noqa: ARG001
    yield from _driven(point, COMMON_DRIVE.rules[0].rhs, arb(0))


def _power_drive(point: ChainPoint, level: arb | None, layer: int) -> Margins:  # noqa: ARG001
    """The power is that of the first two modes: of two modes, any positive velocities follow some power."""
    unit = _Driven(point, arb(1), arb(0))
    rhs = POWER_DRIVE.rules[0].rhs
    shares = [_value(point, "sdot", mode) / _at(rhs, unit, mode) for mode in (1, 2)]
    ratio = _value(point, "s", 1) / _value(point, "s", 2)
    yield from ((f"velocity of mode {mode} > 0", share) for mode, share in enumerate(shares, 1))
    if all(share > 0 for share in shares):
        yield from _driven(point, rhs, (shares[0] / shares[1]).log() / ratio.log())


def _at(expression: object, point: ChainPoint, mode: int) -> arb:
    return evaluate_scalar(expression.xreplace({k: Integer(mode)}), point)  # type: ignore[attr-defined]


def _driven(point: ChainPoint, rhs: object, power: arb) -> Margins:
    strength = _value(point, "sdot", 1) / _at(rhs, _Driven(point, arb(1), power), 1)
    yield "c > 0", strength
    driven = _Driven(point, strength, power)
    for mode in range(2, point.width + 1):
        left, right = _value(point, "sdot", mode), _at(rhs, driven, mode)
        yield f"ṡ_{mode}", agreement(left, right)


def agreement(left: arb, right: arb) -> arb:
    """2^-80 (1 + |left| + |right|) - |left - right|: exact equality of computed numbers is undecidable."""
    return (1 + abs(left) + abs(right)) * arb(2) ** -80 - abs(left - right)


PREDICATES: dict[str, Callable[[ChainPoint, arb | None, int], Margins]] = {
    "simple": _simple,
    "strong-alignment": _strong_alignment,
    "misalignment-level": _one_mode,
    "nonsingular": _nonsingular("B", "A"),
    "nonsingular-transposed": _nonsingular("A", "B"),
    "leading-rank": _leading_rank,
    "common-drive": _common_drive,
    "power-drive": _power_drive,
}
"""Functions of a chain, a level and a layer, by the assumption's name; the others are equations."""
