"""A network at many inputs: gates that float64 decides beyond its own rounding are decided for all at once.

Followed in float64, z is off by at most e: for ``z' = Wz + b`` of n inputs,

    e' = |W| e + (n + 2) u (|W||z| + |b|),   u = 2^-52,

twice what rounding costs, and a little for what underflows. Where ``|z'| > e'``, its sign is that of the
exact value. An input with any other pre-activation is followed exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jacspec.numerics.networks.inputs import as_example
from jacspec.numerics.networks.layers import Affine, AffineLayer, Layer, Reshape
from jacspec.numerics.networks.linearise import Factors, Origin, Walk, factors_at
from jacspec.numerics.networks.pointwise import Gate
from jacspec.numerics.support.errors import InputError

_UNIT, _UNDERFLOW = 2.0**-52, 1e-300
_INFLATED = 1 + 1e-9
"""For the rounding of the bound itself."""

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def factors_at_each(
    layers: Sequence[Layer], inputs: NDArray[Any], *, kinks: str = "refuse"
) -> Iterator[Factors]:
    """The factors at each of the inputs, along the first axis; see :func:`linearise.factors_at`."""
    Walk(kinks)  # refuses another word
    decided = None
    with suppress(InputError):  # as the first input is refused again, by itself
        decided = _decided(layers, inputs)
    for position, x in enumerate(inputs):
        if decided is not None and decided.sure[position]:
            yield decided.factors(position)
        else:
            yield factors_at(layers, as_example(x), kinks=kinks)


@dataclass(frozen=True, eq=False)
class _Decided:
    """The factors at all inputs: of each matrix the rows that are open at an input, all if none are named."""

    sure: Bools
    """For each input, whether its rows are these."""
    cuts: Sequence[tuple[Floats, Bools | None, Origin]]

    def factors(self, position: int) -> Factors:
        made = Factors()
        for matrix, rows, origin in self.cuts:
            made.append(matrix if rows is None else np.where(rows[position, :, None], matrix, 0.0))
            made.origins.append(origin)
        return made


def _decided(layers: Sequence[Layer], inputs: NDArray[Any]) -> _Decided | None:
    """All inputs on their way; None where a layer is neither affine, and exactly float64, nor a ReLU."""
    if inputs.dtype not in (np.float64, np.float32) or not np.isfinite(inputs).all():
        return None
    shape, value = inputs.shape[1:], inputs.reshape(len(inputs), -1).astype(np.float64)
    error, sure = np.zeros_like(value), np.ones(len(value), dtype=bool)
    cuts: list[tuple[Floats, Bools | None, Origin]] = []
    matrix: Floats | None = None
    rows: Bools | None = None
    names: tuple[str, ...] = ()
    for layer in layers:
        if isinstance(layer, Reshape):
            shape = layer.target(shape)
            continue
        if isinstance(layer, AffineLayer):
            affine = layer.affine(shape)
            if affine.error or {affine.matrix.dtype, getattr(affine.offset, "dtype", None)} - _FLOAT:
                return None
            if matrix is not None:
                cuts.append((matrix, rows, Origin(names)))
                rows, names = None, ()
            (value, error), matrix, shape = _moved(affine, value, error), affine.matrix, affine.shape
        elif isinstance(layer, Gate) and layer.slope == 0:
            above = value > 0
            sure &= (abs(value) > error).all(axis=1)
            value, error = np.where(above, value, 0.0), np.where(above, error, 0.0)
            matrix = np.eye(value.shape[1]) if matrix is None else matrix
            rows = above if rows is None else rows & above
        else:
            return None
        names = (*names, layer.name)
    if matrix is not None or not cuts:
        cuts.append((np.eye(value.shape[1]) if matrix is None else matrix, rows, Origin(names)))
    return _Decided(sure, cuts)


_FLOAT = {np.dtype(np.float64), None}


def _moved(affine: Affine, value: Floats, error: Floats) -> tuple[Floats, Floats]:
    """What the map makes of each row, and a bound of how far that is off."""
    offset = 0.0 if affine.offset is None else affine.offset
    sizes = abs(affine.matrix.T)
    with np.errstate(all="ignore"):  # what overflows decides nothing
        rounding = (value.shape[1] + 2) * _UNIT * (abs(value) @ sizes + abs(offset))
        off = (error @ sizes + rounding) * _INFLATED + _UNDERFLOW
        return value @ affine.matrix.T + offset, off
