"""The picture of the training experiment: log singular values, loss, accuracy against the step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm

from proofs_check.experiments.pictures import new_figure, palette, reference_line, tidy

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from numerics.training import TrainingResult


def figure(result: TrainingResult, optimum: float) -> Figure:
    """Draw a result; `optimum` is the least-squares loss, shown as a reference line."""
    config = result.config
    steps = result.steps
    fig = new_figure(7.5, 7.0)
    spectrum, loss, accuracy = fig.subplots(
        3,
        1,
        sharex=True,
        height_ratios=[4, 1.2, 1.2],
        gridspec_kw={"left": 0.11, "right": 0.87, "bottom": 0.07, "top": 0.92, "hspace": 0.12},
    )

    colours = palette(config.top)
    for index, logs in enumerate(result.log_singular_values.T):
        spectrum.plot(steps, logs, color=colours(index), linewidth=1.4)
    spectrum.set_ylabel(r"$\log s_k(J)$ (nats)")
    ranks = np.arange(1, config.top + 1)
    bar = fig.colorbar(
        ScalarMappable(BoundaryNorm(np.arange(config.top + 1) + 0.5, config.top), colours),
        cax=spectrum.inset_axes((1.03, 0, 0.03, 1)),
        ticks=ranks[:: max(1, config.top // 7)],
        label="$k$ (1 is the largest)",
    )
    bar.ax.invert_yaxis()  # the largest on top, as in the plot
    bar.ax.minorticks_off()

    line_colour = colours(0)
    loss.plot(steps, result.losses, color=line_colour)
    reference_line(loss, optimum, "least squares")
    loss.set_ylabel("loss $L(J)$")
    loss.set_ylim(bottom=0)
    accuracy.plot(steps, 100 * result.accuracies, color=line_colour)
    reference_line(accuracy, 10, "guessing one of ten")
    accuracy.set_ylabel("train\naccuracy (%)")
    accuracy.set_ylim(0, 100)
    accuracy.set_xlabel("gradient-descent step")
    accuracy.set_xlim(0, max(1, steps[-1]))
    tidy(spectrum, loss, accuracy)
    fig.align_ylabels()

    state = "" if result.complete else f", interrupted at step {steps[-1]}"
    fig.suptitle(
        f"The {config.top} largest singular values of J while a fixed-gates linear network learns\n"
        "8×8 digits by full-batch gradient descent "
        f"(depth {config.depth}, width {config.width}, seed {config.seed}{state})",
        fontsize="medium",
    )
    return fig
