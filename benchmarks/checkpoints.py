"""Spectra of checkpoints of a ReLU network at many inputs, against PyTorch's Jacobians: time and lines.

    .venv/bin/python -m benchmarks.checkpoints [DEPTH [WIDTH]]

PyTorch's singular values are right to a rounding of the largest; ours are right each and the rank is exact
(float64), or all are enclosed to 30 digits (certified). One thread, one run, the best of five.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any

import numpy as np
import torch
from torch.func import jacrev, vmap

from jacspec import spectra

__all__ = ["compare", "main"]

CHECKPOINTS, INPUTS = 10, 20


def by_torch(networks: Sequence[Any], inputs: Any) -> Any:
    """Logs of singular values, a row for each network and input."""
    jacobians = [vmap(jacrev(network))(inputs) for network in networks]
    return torch.cat([torch.linalg.svdvals(each) for each in jacobians]).log()


def by_float64(networks: Sequence[Any], inputs: Any) -> Any:
    """The same."""
    return spectra(networks, inputs)


def by_balls(networks: Sequence[Any], inputs: Any) -> Any:
    """The same, enclosed."""
    return spectra(networks, inputs, engine="certified")


METHODS: dict[str, Callable[[Sequence[Any], Any], Any]] = {
    "vmap(jacrev), svdvals": by_torch,
    "jacspec, float64": by_float64,
    "jacspec, certified": by_balls,
}


def compare(depth: int, width: int, runs: int = 5) -> dict[str, tuple[float, int, float]]:
    """For each method its seconds, its lines of code, and how far each s_1 is from PyTorch's."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    networks = [_network(depth, width) for _ in range(CHECKPOINTS)]
    inputs = torch.randn(INPUTS, width, dtype=torch.float64)
    found = {}
    reference: Any = None
    for name, method in METHODS.items():
        seconds = []
        for _ in range(runs):
            start = perf_counter()
            logs = method(networks, inputs)
            seconds.append(perf_counter() - start)
        largest = np.exp(np.asarray(logs.detach() if hasattr(logs, "detach") else logs)[:, 0])
        reference = largest if reference is None else reference
        found[name] = (min(seconds), _lines(method), float(abs(largest - reference).max()))
    return found


def _network(depth: int, width: int) -> Any:
    layers = [layer for _ in range(depth) for layer in (torch.nn.Linear(width, width), torch.nn.ReLU())]
    return torch.nn.Sequential(*layers[:-1]).double()


def _lines(method: Callable[..., Any]) -> int:
    """Of code, without the first line and the docstring."""
    return len(inspect.getsource(method).strip().splitlines()) - 2


def main(depth: int = 8, width: int = 16) -> None:
    """Print the table."""
    print(
        f"{CHECKPOINTS} networks, {depth} layers of {width}, at {INPUTS} inputs; PyTorch {torch.__version__}"
    )
    found = compare(depth, width)
    base = next(iter(found.values()))[0]
    for name, (seconds, lines, apart) in found.items():
        print(f"{name:24} {1000 * seconds:8.1f} ms {seconds / base:6.1f}× {lines} line(s), apart {apart:.0e}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
