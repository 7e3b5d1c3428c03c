"""The README's picture, from what ``jacspec reproduce training velocities`` wrote.

python benchmarks/opening_picture.py out docs/opening.png
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from jacspec.proofs_check.experiments.frame.pictures import new_figure, palette, save, tidy

__all__ = ["main"]


def main(results: Path, picture: Path) -> None:
    """Draw what trains apart on the left, and where the decoupled dynamics hold on the right."""
    figure = new_figure(10.4, 3.4)
    left, right = figure.subplots(
        1, 2, gridspec_kw={"left": 0.065, "right": 0.985, "bottom": 0.15, "top": 0.91, "wspace": 0.21}
    )
    with np.load(results / "training.npz", allow_pickle=False) as training:
        _training(left, training["digits_steps"], training["digits_log_singular_values"])
    with np.load(results / "velocities.npz", allow_pickle=False) as velocities:
        _velocities(right, velocities)
    tidy(left, right)
    save(figure, picture)


def _training(axes: Axes, steps: Any, logs: Any) -> None:
    colours = palette(logs.shape[1])
    for mode, line in enumerate(logs.T):
        axes.plot(steps, line, color=colours(mode), linewidth=1.4)
    axes.set_xlim(0, steps[-1])
    axes.set_xlabel("gradient-descent step (depth 10, digits)")
    axes.set_ylabel(r"$\log s_k(J)$, $k = 1, \dots, 15$")
    axes.set_title("Singular values separate in training: nine of them", fontsize="medium")


def _velocities(axes: Axes, velocities: Any) -> None:
    depths = velocities["depths"]
    certified = np.median(np.abs(velocities["decoupled_over_exact"]), axis=1)
    rounded = np.median(np.abs(velocities["decoupled_over_exact_in_float64"]), axis=1)
    colours = palette(certified.shape[1])
    for mode in range(certified.shape[1]):
        axes.plot(depths, certified[:, mode], "o-", color=colours(mode), markersize=4, linewidth=1.4)
        axes.annotate(
            f"k = {mode + 1}",
            (depths[-1], certified[-1, mode]),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            color="0.2",
        )
    axes.plot(depths, rounded[:, -1], "x:", color="0.45", markersize=5, linewidth=1)
    note = (depths[-2], rounded[-2, -1])
    axes.annotate(
        "k = 3 in float64", note, xytext=(0, 7), textcoords="offset points", ha="center", color="0.35"
    )
    axes.set_yscale("log")
    axes.set_xlim(0, depths[-1] + 10)
    axes.set_ylim(top=1e3)
    axes.set_xlabel("depth N at Gaussian initialisation")
    axes.set_ylabel("|decoupled / exact velocity|")
    axes.set_title("Decoupled dynamics hold for the top mode only (1 is right)", fontsize="medium")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
