"""Descent along differences: what random steps have brought near a least margin is brought there, by BFGS.

In many dimensions, a matrix of four or five rows, random steps come to within a percent and no further; where
a margin is smooth, twenty quasi-Newton steps come as near as float64 goes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from jacspec.proofs_check.interpretation.statements.float_functions import Array

_ITERATIONS = 20
_DIFFERENCE = 1e-7
_LENGTHS = 2.0 ** np.array([3.0, 1, 0, -1, -2, -4, -7, -11])
"""Steps along the direction of descent, of which the best is taken."""
_LONGEST = 1.0


def polished(
    parameters: Mapping[str, Array], score: Callable[[Mapping[str, Array]], Array]
) -> dict[str, Array]:
    """The parameters after some steps of BFGS, each start by itself; ``score`` takes sets of all starts.

    Coordinates are in units of the largest entry of their parameter at the start.
    """
    count = len(next(iter(parameters.values())))
    shapes = {name: P.shape[1:] for name, P in parameters.items()}
    flat = [P.reshape(count, -1) for P in parameters.values()]
    sizes = [np.abs(x).max(axis=1, keepdims=True) for x in flat]
    unit = np.concatenate(
        [np.where(u > 0, u, 1.0) * np.ones_like(x) for u, x in zip(sizes, flat, strict=True)], 1
    )
    ends = np.cumsum([x.shape[1] for x in flat])[:-1]

    def at(z: Array) -> dict[str, Array]:
        """From points (sets, starts, coordinates) to parameters, set after set."""
        parts = np.split((z * unit).reshape(-1, unit.shape[1]), ends, axis=1)
        return {name: x.reshape(-1, *shape) for (name, shape), x in zip(shapes.items(), parts, strict=True)}

    z: Array = np.concatenate(flat, 1) / unit
    width = z.shape[1]
    eye = np.eye(width)
    H = np.tile(eye, (count, 1, 1))
    value, before = score(at(z[None])), None
    for _ in range(_ITERATIONS):
        around = score(at(z + _DIFFERENCE * eye[:, None, :])).reshape(width, count).T
        with np.errstate(all="ignore"):
            slope = np.nan_to_num((around - value[:, None]) / _DIFFERENCE, posinf=0.0, neginf=0.0)
            if before is not None:
                H = _updated(H, z - before[0], slope - before[1])
            along = -(H @ slope[:, :, None])[:, :, 0]
            along *= np.minimum(1.0, _LONGEST / np.linalg.norm(along, axis=1, keepdims=True).clip(1e-300))
        reached = score(at(z + _LENGTHS[:, None, None] * along)).reshape(len(_LENGTHS), count)
        best = reached.argmin(axis=0)
        lower = reached[best, np.arange(count)]
        better = lower < value
        if not better.any():
            break
        before = z, slope
        z = np.where(better[:, None], z + _LENGTHS[best][:, None] * along, z)
        H = np.where(better[:, None, None], H, eye)
        value = np.where(better, lower, value)
    return at(z[None])


def _updated(H: Array, step: Array, change: Array) -> Array:
    """The inverse Hessian after a step, where the slope has risen along it; elsewhere as it is."""
    rise = (step * change).sum(axis=1)
    fits = rise > 1e-12 * np.linalg.norm(step, axis=1) * np.linalg.norm(change, axis=1)
    r = np.where(fits, 1 / np.where(fits, rise, 1.0), 0.0)[:, None, None]
    left = np.eye(H.shape[-1]) - r * step[:, :, None] * change[:, None, :]
    updated = left @ H @ np.swapaxes(left, -1, -2) + r * step[:, :, None] * step[:, None, :]
    return np.where(fits[:, None, None], updated, H)
