"""Three small networks learn digits: log singular values, alignment and depth scaling along the way.

A residual network and three transformer blocks on digits of 8×8, a convolutional network on digits of 64×64,
each trained for so many seconds, at some of which the 15 leading modes are measured. J is the Jacobian of
the features, which a linear classifier reads, at one digit; A_l are its partial products from layer l on.

.venv/bin/python examples/digits_training.py [SECONDS [PICTURE]]
"""

from __future__ import annotations

import copy
import sys
from dataclasses import dataclass
from itertools import pairwise
from time import perf_counter

import matplotlib.pyplot as plt
import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from torch import Tensor, nn
from torch.nn import functional

from jacspec import Chain, leading_modes

TOP, MEASURED = 15, 6


class Residual(nn.Module):
    """``x + V φ(U x)``."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.inner, self.outer = nn.Linear(width, width), nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        """Of examples along the first axis."""
        return x + self.outer(functional.relu(self.inner(x)))


class Attention(nn.Module):
    """One head among the eight rows of a digit, and a residual network for each of them."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.before, self.between = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = nn.MultiheadAttention(width, 1, batch_first=True)
        self.mixed = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x: Tensor) -> Tensor:
        """Of examples along the first axis."""
        rows = self.before(x)
        x = x + self.attention(rows, rows, rows, need_weights=False)[0]
        return x + self.mixed(self.between(x))


def networks() -> dict[str, tuple[nn.Module, tuple[int, ...]]]:
    """Features by name, and the shape in which a digit goes in."""
    residual = nn.Sequential(*(Residual(64) for _ in range(6)))
    transformer = nn.Sequential(Attention(8), Attention(8), Attention(8), nn.Flatten())
    planes = (1, 4, 8, 8, 8)
    layers = [
        part
        for inside, outside in pairwise(planes)
        for part in (nn.Conv2d(inside, outside, 3, stride=2, padding=1), nn.LeakyReLU(0.1))
    ]
    return {
        "residual, 8×8": (residual, (64,)),
        "transformer, 8×8": (transformer, (8, 8)),
        "convolutional, 64×64": (nn.Sequential(*layers, nn.Flatten()), (1, 64, 64)),
    }


@dataclass
class Along:
    """What was measured while a network was trained: a row for each time, a column for each mode."""

    seconds: list[float]
    steps: list[int]
    accuracy: list[float]
    logs: list[NDArray[np.float64]]
    overlaps: list[NDArray[np.float64]]
    residuals: list[NDArray[np.float64]]

    def measure(self, features: nn.Module, x: Tensor) -> None:
        """The leading modes of all A_l: log s_k(J), |⟨u_k(A_2), u_k⟩|, and what a line in l misses."""
        # A factor of the convolutional network is a matrix of up to 2048 × 4096, and is not made.
        free = True if x.dim() == 4 else None
        chain = Chain.from_torch(copy.deepcopy(features).double().eval(), x.double(), matrix_free=free)
        partial = [leading_modes(chain.left_partial(layer), TOP) for layer in range(1, chain.depth + 1)]
        found = np.array([each.array()[:TOP] for each in partial])
        line = np.polynomial.polynomial.polyfit(range(len(found)), found, 1)
        missed = found - np.array([line[0] + line[1] * first for first in range(len(found))])
        self.logs.append(found[0])
        self.overlaps.append(np.abs(np.sum(partial[1].left_vectors * partial[0].left_vectors, axis=0)))
        self.residuals.append(np.sqrt(np.mean(missed**2, axis=0)))


def trained(features: nn.Module, shape: tuple[int, ...], seconds: float) -> Along:
    """Train by Adam on 1500 digits, and measure at times that lie closer at the beginning."""
    digits = load_digits()
    pixels = torch.tensor(digits.images / 16 - 0.5, dtype=torch.float32)
    if len(shape) == 3:
        pixels = functional.interpolate(pixels[:, None], size=shape[1:], mode="bilinear")
    x, labels = pixels.reshape(-1, *shape), torch.tensor(digits.target)
    network = nn.Sequential(features, nn.Linear(features(x[:1]).shape[1], 10))
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-3)
    along, step, spent = Along([], [], [], [], [], []), 0, 0.0
    while len(along.steps) <= MEASURED:
        if spent >= seconds * (len(along.steps) / MEASURED) ** 2:
            with torch.no_grad():
                right = network(x[1500:]).argmax(1) == labels[1500:]
            along.seconds.append(spent)
            along.steps.append(step)
            along.accuracy.append(float(right.float().mean()))
            along.measure(features, x[1500:1501])
        begun, batch = perf_counter(), torch.randint(1500, (64,))
        optimiser.zero_grad()
        functional.cross_entropy(network(x[batch]), labels[batch]).backward()
        optimiser.step()
        step, spent = step + 1, spent + perf_counter() - begun
    return along


def draw(found: dict[str, Along], path: str) -> None:
    """A row for each network, a column for each quantity; one colour for each mode."""
    titles = ("log $s_k$ of J (nats)", "$|⟨u_k(A_2), u_k⟩|$", "log $s_k(A_l)$ off a line in l (nats, rms)")
    figure, axes = plt.subplots(
        len(found), len(titles), figsize=(10, 8), sharex=True, sharey="col", layout="constrained"
    )
    colours = plt.get_cmap("viridis")(np.linspace(0, 0.9, TOP))
    for row, (name, along) in zip(axes, found.items(), strict=True):
        for panel, rows in zip(row, (along.logs, along.overlaps, along.residuals), strict=True):
            for values, colour in zip(np.array(rows).T, colours, strict=True):
                panel.plot(along.seconds, values, ".-", color=colour, linewidth=1)
        row[0].set_ylabel(f"{name}\n{along.steps[-1]} steps, test accuracy {along.accuracy[-1]:.2f}")
    for panel, title in zip(axes[0], titles, strict=True):
        panel.set_title(title, fontsize=10)
    for panel in axes[-1]:
        panel.set_xlabel("seconds of training")
    scale = plt.cm.ScalarMappable(plt.Normalize(1, TOP), plt.get_cmap("viridis"))
    scale.set_clim(1, 1 + (TOP - 1) / 0.9)
    bar = figure.colorbar(scale, ax=axes, label="mode k", shrink=0.5, boundaries=np.linspace(1, TOP, 100))
    bar.set_ticks([1, 5, 10, TOP])
    figure.savefig(path, dpi=150)


def main(seconds: str = "60", picture: str = "digits-training.png") -> None:
    """Train all three, print what was reached, and draw."""
    found = {}
    for name, (features, shape) in networks().items():
        found[name] = along = trained(features, shape, float(seconds))
        first, last = along.logs[0], along.logs[-1]
        overlaps, missed = (np.median(rows, axis=1) for rows in (along.overlaps, along.residuals))
        print(
            f"{name}: {along.steps[-1]} steps, accuracy {along.accuracy[-1]:.3f}\n"
            f"  log s_1 - log s_{TOP}: {first[0] - first[-1]:.2f} → {last[0] - last[-1]:.2f} nats\n"
            f"  median |⟨u_k(A_2), u_k⟩|: {overlaps[0]:.2f} → {overlaps[-1]:.2f}\n"
            f"  median distance of log s_k(A_l) from a line: {missed[0]:.3f} → {missed[-1]:.3f} nats",
            flush=True,
        )
    draw(found, picture)


if __name__ == "__main__":
    torch.manual_seed(0)
    main(*sys.argv[1:])
