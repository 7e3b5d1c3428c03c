"""Whether the input lies on a kink or a jump: by what operators declare, and by what lies beside it.

For the second the point is moved along a direction, forward and back, by steps of 2⁻⁴⁰ and 2⁻⁴⁵ of its
largest entry (in float64), zeros included. What is smooth changes in proportion to the step; what changes as
much by the smaller one has a kink or a jump in between.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from jacspec.numerics.networks.graphs.program import Node, Ref
from jacspec.numerics.networks.graphs.switches import ties_of
from jacspec.numerics.networks.inputs import as_array
from jacspec.numerics.networks.linearise import Traced, Walk, rounded, rows_of
from jacspec.numerics.support.errors import InputError

_FAR, _NEAR = 2.0**13, 2.0**8
"""The steps, in units of rounding."""

_SLOPE_FLOOR, _VALUE_FLOOR = 2.0**-20, 2.0**12
"""What counts as a change: of slopes, as a share of the largest one; of values, in units of rounding."""


class OnAKinkError(InputError):
    """An input at which the network has no Jacobian."""


def refuse_switch(node: Node, computed: Mapping[str, Traced], stored: Mapping[str, Any], walk: Walk) -> None:
    """Raise InputError where the operator switches at this input, unless the walk takes kinks from the left.

    Entries that are equal on a whole neighbourhood of the input are no switch.
    """
    if not walk.refuses_kinks:
        return
    named = {key: value.name for key, value in node.arguments.items() if isinstance(value, Ref)}
    moving = {key: computed[name] for key, name in named.items() if name in computed}
    fixed = {key: as_array(stored[name], node.name) for key, name in named.items() if key not in moving}
    here = {key: np.array(rounded(at.value)).reshape(at.shape) for key, at in moving.items()}
    for ties in ties_of(node.operator, {**node.arguments, **fixed, **here}):
        sides = [
            rows_of(moving[name], indices.tolist())
            for name, indices in ((ties.name, ties.indices), (ties.other, ties.others))
            if name in moving and indices is not None
        ]
        if sides and walk.moves(sides[0] if len(sides) == 1 else sides[0] - sides[1]):
            raise _on_a_kink(
                f"{node.name} ({node.target}) switches at {len(ties.indices)} of its entries, the first at "
                f"entry {ties.indices[0] + 1}"
            )


def refuse_sides(
    torch: Any,
    name: str,
    function: Callable[..., tuple[Any, ...]],
    points: Sequence[Any],
    tangents: Sequence[Any],
    *,
    rounding: float = 2.0**-53,
) -> None:
    """Raise InputError if the function has a kink or a jump at the points, crossed along the tangents.

    An entry whose tangent is 0 is not moved: it is constant on a whole neighbourhood of the input.
    """
    longest = max(float(abs(t).max()) for t in tangents)
    if not longest or not np.isfinite(longest):
        return
    size = max(float(abs(p).max()) for p in points) or 1.0
    sides = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what PyTorch does not do quickly
        for step in (0.0, _NEAR, -_NEAR, _FAR, -_FAR):
            by = step * rounding * size / longest
            moved = [p + by * t for p, t in zip(points, tangents, strict=True)]
            sides.append(_along(torch, function, moved, tangents))
    floors = (_VALUE_FLOOR * rounding, max(_SLOPE_FLOOR, 2.0**10 * rounding))
    for part, floor in enumerate(floors):
        for here, *others in zip(*(found[part] for found in sides), strict=True):
            largest = max((float(abs(each).max()) for each in (here, *others) if each.numel()), default=0.0)
            ahead, back, ahead_far, back_far = (abs(each - here) for each in others)
            for near, far in ((ahead, ahead_far), (back, back_far)):
                if bool(((near > far / 2) & (near > floor * largest)).any()):
                    raise _on_a_kink(f"{name} has other values or derivatives beside the input than at it")


def _on_a_kink(what: str) -> OnAKinkError:
    return OnAKinkError(
        f"{what}: the input lies on a kink or a jump, where there is no Jacobian; move the input, or say "
        f"kinks='left' for PyTorch's derivative there"
    )


def _along(
    torch: Any, function: Callable[..., tuple[Any, ...]], points: Sequence[Any], tangents: Sequence[Any]
) -> tuple[Sequence[Any], Sequence[Any]]:
    """Values, and derivatives along the tangents; by whole Jacobians of what has none forward."""
    try:
        values, slopes = torch.func.jvp(function, tuple(points), tuple(tangents))
    except (NotImplementedError, RuntimeError):
        values = function(*points)
        of_each = torch.func.jacrev(function, argnums=tuple(range(len(points))))(*points)
        flat = [t.reshape(-1) for t in tangents]
        slopes = [
            sum(L.reshape(v.numel(), -1) @ t for L, t in zip(Ls, flat, strict=True)).reshape(v.shape)
            for v, Ls in zip(values, of_each, strict=True)
        ]
    return [v.detach() for v in values], [s.detach() for s in slopes]
