"""Operators that place stored entries, by PyTorch: affine, and exact."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from jacspec.numerics.networks.graphs.program import Node, references
from jacspec.numerics.networks.graphs.smooth import tensor, torch_or_refuse, values
from jacspec.numerics.networks.layers import Affine
from jacspec.numerics.networks.windows import Shape
from jacspec.numerics.support.budget import demand
from jacspec.numerics.support.factors import as_factor

PLACES = frozenset(
    (
        "matmul", "mm", "bmm", "mv", "addmm", "baddbmm", "dot", "linear", "einsum", "outer", "conv1d",
        "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d", "cumsum", "index",
        "index_select", "gather", "movedim", "transpose", "permute", "tril", "triu", "pad",
        "constant_pad_nd", "pixel_shuffle", "upsample_nearest2d", "repeat_interleave", "masked_fill",
        "where", "select_scatter", "slice_scatter", "index_put", "copy", "cat", "stack", "expand_as",
        "view_as", "type_as",
    )
)  # fmt: skip
"""Affine in each argument; of most, the Jacobian consists of entries of the other arguments."""


def placed(node: Node, function: Any, name: str, shape: Shape, stored: Callable[[str], Any]) -> Affine | None:
    """An operator that places stored entries, as its matrix and offset, exactly; None of one that computes.

    Of what PyTorch says are its derivative and its value at 0, each entry is compared with those stored.
    """
    torch = torch_or_refuse(node.name)
    taken = [each for value in node.arguments.values() for each in references(value) if each != name]
    known = np.concatenate(
        [
            [0.0, 1.0],
            [float(value) for value in node.arguments.values() if type(value) in (int, float)],
            *(np.ravel(stored(each)).astype(np.float64) for each in taken),
        ]
    )
    size = math.prod(shape)

    def at(z: Any) -> Any:
        (found,) = values(
            torch, node, function, lambda each: z if each == name else tensor(torch, stored(each))
        )
        return found

    origin = torch.zeros(shape, dtype=torch.float64)
    try:
        with torch.no_grad():
            offset = at(origin)
        demand(f"{node.name}, as a matrix,", 24 * offset.numel() * size)
        matrix = torch.func.jacrev(at)(origin).detach().reshape(-1, size).numpy()
    except (RuntimeError, ValueError):  # no derivative, or several outputs
        return None
    row = offset.reshape(1, -1).numpy()
    if not (np.isfinite(row).all() and np.isin(row, known).all() and np.isin(matrix, known).all()):
        return None
    return Affine(as_factor(matrix), as_factor(row), tuple(offset.shape))
