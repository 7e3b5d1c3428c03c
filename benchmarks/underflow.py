"""How many log singular values of a deep Gaussian product are right: NumPy's product, and jacspec's probe.

    .venv/bin/python benchmarks/underflow.py

Prints one row per depth: how many of the logs agree to 1e-6 with the reference, which is the probe at twice
the digits, and the time of each.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from jacspec.numerics import Chain, spectrum

WIDTH = 8
DEPTHS = (10, 30, 100, 300, 1000, 2000)
AGREEMENT = 1e-6


def timed(function: Callable[..., Any], *arguments: Any, **options: Any) -> tuple[Any, float]:
    """Return a result and the seconds it took."""
    start = perf_counter()
    result = function(*arguments, **options)
    return result, perf_counter() - start


def right(values: NDArray[np.float64], reference: NDArray[np.float64]) -> int:
    """How many values agree with the reference."""
    return int((np.abs(values - reference) <= AGREEMENT).sum())


def sequential(chain: Chain) -> NDArray[np.float64]:
    """The logs from a float64 product and SVD, as one would first write it."""
    product = chain.factors[0]
    for factor in chain.factors[1:]:
        product = factor @ product
    with np.errstate(divide="ignore"):
        return np.log(np.linalg.svd(product, compute_uv=False))


def main() -> None:
    """Print the table."""
    table = Table("depth", "NumPy right", "jacspec right", "NumPy s", "jacspec s", "time ratio")
    for depth in DEPTHS:
        chain = Chain.gaussian(depth=depth, width=WIDTH, seed=0)
        reference = spectrum(chain, digits=60).log_singular_values
        plain, plain_seconds = timed(sequential, chain)
        ours, our_seconds = timed(spectrum, chain, digits=30)
        table.add_row(
            str(depth),
            f"{right(plain, reference)}/{WIDTH}",
            f"{right(ours.log_singular_values, reference)}/{WIDTH}",
            f"{plain_seconds:.4f}",
            f"{our_seconds:.2f}",
            f"{our_seconds / plain_seconds:.0f}",
        )
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
