"""The leading modes of a convolutional chain whose matrices would take 30 GB.

.venv/bin/python examples/matrix_free.py [GRID [ROUNDS]]
"""

from __future__ import annotations

import resource
import sys

import numpy as np
from numpy.typing import NDArray

from jacspec import Chain, MatrixFree, leading_modes

Floats = NDArray[np.float64]
CHANNELS, DEPTH = 8, 4


def correlation(kernel: Floats, maps: Floats) -> Floats:
    """3×3, with zero padding, of maps (channels, rows, columns, k)."""
    padded, (rows, columns) = np.pad(maps, ((0, 0), (1, 1), (1, 1), (0, 0))), maps.shape[1:3]
    total = np.zeros((len(kernel), *maps.shape[1:]))
    for a, b in np.ndindex(3, 3):
        total += np.tensordot(kernel[:, :, a, b], padded[:, a : a + rows, b : b + columns], 1)
    return total


def layer(kernel: Floats, gates: Floats, grid: int) -> MatrixFree:
    """``D W``: gates behind a convolution."""
    mirrored, size = kernel.transpose(1, 0, 2, 3)[:, :, ::-1, ::-1], len(gates)

    def apply(X: Floats) -> Floats:
        return gates[:, None] * correlation(kernel, X.reshape(CHANNELS, grid, grid, -1)).reshape(size, -1)

    def apply_transpose(Y: Floats) -> Floats:
        gated = (gates[:, None] * Y).reshape(CHANNELS, grid, grid, -1)
        return correlation(mirrored, gated).reshape(size, -1)

    return MatrixFree(apply, apply_transpose, (size, size))


def main(grid: int = 62, rounds: int = 200) -> None:
    """Print the five leading modes after so many rounds at most, and the memory of this process."""
    draw, size = np.random.default_rng(0), CHANNELS * grid * grid
    kernels = draw.normal(scale=(4.5 * CHANNELS) ** -0.5, size=(DEPTH, CHANNELS, CHANNELS, 3, 3))
    gates = draw.integers(0, 2, size=(DEPTH, size)).astype(np.float64)
    chain = Chain(layer(kernel, open_, grid) for kernel, open_ in zip(kernels, gates, strict=True))
    print(f"{chain}; as matrices, {8 * DEPTH * size**2 / 1e9:.1f} GB")
    print(leading_modes(chain, 5, most_rounds=rounds))
    print(f"peak memory of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
