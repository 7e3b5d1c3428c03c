"""The picture of the training experiment: log singular values, loss, accuracy against the step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from matplotlib.axes import Axes

    from numerics.training import TrainingResult


def figure(result: TrainingResult, optimum: float) -> Figure:
    """Draw a result; `optimum` is the least-squares loss, shown as a reference line."""
    config = result.config
    steps = result.steps
    fig = Figure(figsize=(7.5, 7.0))
    FigureCanvasAgg(fig)
    # Fixed positions: a layout engine's solver varies in the last digit from one run to the next.
    spectrum, loss, accuracy = fig.subplots(
        3,
        1,
        sharex=True,
        height_ratios=[4, 1.2, 1.2],
        gridspec_kw={"left": 0.11, "right": 0.87, "bottom": 0.07, "top": 0.92, "hspace": 0.12},
    )

    # Viridis is readable in grey and by the colour-blind; its palest end would vanish on white.
    palette = ListedColormap(mpl.colormaps["viridis"](np.linspace(0.0, 0.9, config.top)))
    for index, logs in enumerate(result.log_singular_values.T):
        spectrum.plot(steps, logs, color=palette(index), linewidth=1.4)
    spectrum.set_ylabel(r"$\log s_k(J)$ (nats)")
    ranks = np.arange(1, config.top + 1)
    bar = fig.colorbar(
        ScalarMappable(BoundaryNorm(np.arange(config.top + 1) + 0.5, config.top), palette),
        cax=spectrum.inset_axes((1.03, 0, 0.03, 1)),
        ticks=ranks[:: max(1, config.top // 7)],
        label="$k$ (1 is the largest)",
    )
    bar.ax.invert_yaxis()  # the largest on top, as in the plot
    bar.ax.minorticks_off()

    line_colour = palette(0)
    loss.plot(steps, result.losses, color=line_colour)
    _reference_line(loss, optimum, "least squares")
    loss.set_ylabel("loss $L(J)$")
    loss.set_ylim(bottom=0)
    accuracy.plot(steps, 100 * result.accuracies, color=line_colour)
    _reference_line(accuracy, 10, "guessing one of ten")
    accuracy.set_ylabel("train\naccuracy (%)")
    accuracy.set_ylim(0, 100)
    accuracy.set_xlabel("gradient-descent step")
    accuracy.set_xlim(0, max(1, steps[-1]))
    for axes in (spectrum, loss, accuracy):
        axes.grid(color="0.9", linewidth=0.6)
        axes.spines[["top", "right"]].set_visible(False)
    fig.align_ylabels()

    state = "" if result.complete else f", interrupted at step {steps[-1]}"
    fig.suptitle(
        f"The {config.top} largest singular values of J while a fixed-gates linear network learns\n"
        "8×8 digits by full-batch gradient descent "
        f"(depth {config.depth}, width {config.width}, seed {config.seed}{state})",
        fontsize="medium",
    )
    return fig


def _reference_line(axes: Axes, height: float, label: str) -> None:
    """Draw a dashed horizontal line with its label above its right end."""
    axes.axhline(height, color="0.45", linewidth=1, linestyle="--")
    axes.annotate(
        label,
        (1, height),
        xycoords=("axes fraction", "data"),
        xytext=(-4, 3),
        textcoords="offset points",
        ha="right",
        color="0.35",
        fontsize="small",
    )


def draw(result: TrainingResult, optimum: float, files: Iterable[Path]) -> None:
    """Write the picture to each of `files`, in the format that its suffix names."""
    # The SVG backend salts the names of its elements at random and dates the file, unless told.
    with mpl.rc_context({"svg.hashsalt": "jacspec"}):
        picture = figure(result, optimum)
        for file in files:
            metadata = {"Date": None} if file.suffix == ".svg" else None
            picture.savefig(file, dpi=160, metadata=metadata)
