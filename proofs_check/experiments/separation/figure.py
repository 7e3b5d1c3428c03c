"""The pictures of the training experiment: log singular values and losses; gates moving and frozen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from jacspec.proofs_check.experiments.frame.pictures import new_figure, palette, reference_line, tidy
from jacspec.proofs_check.experiments.separation.fixed_runs import FixedRun
from jacspec.proofs_check.experiments.separation.gate_test import GateTest
from jacspec.proofs_check.experiments.training import TrainingConfig


def figure(runs: Sequence[FixedRun], gates: GateTest | None) -> Figure:
    """Four panels, the log singular values above the loss: three data sets, and moving gates."""
    config = runs[0].config
    fig = new_figure(10.0, 8.2)
    outer = fig.add_gridspec(2, 2, left=0.08, right=0.905, bottom=0.065, top=0.885, hspace=0.24, wspace=0.13)
    colours = palette(config.top)
    spectra: list[Axes] = []
    losses: list[Axes] = []
    for place in range(4):
        inner = outer[place // 2, place % 2].subgridspec(2, 1, height_ratios=(4, 1.1), hspace=0.1)
        shared = spectra[0] if spectra else None
        spectra.append(fig.add_subplot(inner[0], sharey=shared))
        losses.append(fig.add_subplot(inner[1], sharex=spectra[-1]))
        spectra[-1].tick_params(labelbottom=False)

    for each, spectrum, loss in zip(runs, spectra, losses, strict=False):
        if each.result is None:
            _not_reached(spectrum, loss, each.title)
            continue
        state = "" if each.result.complete else f", interrupted at step {each.result.steps[-1]}"
        spectrum.set_title(f"fixed gates, {each.title}{state}", fontsize="medium")
        _panel(spectrum, loss, each.result.steps, each.result.log_singular_values, each.result.losses)
        reference_line(loss, each.optimum, "least squares", below=True)
        loss.set_ylim(*_loss_range(each.result.losses, each.optimum))
    if gates is None:
        _not_reached(spectra[3], losses[3], "moving ReLU gates, digits")
    else:
        _panel(
            spectra[3],
            losses[3],
            gates.steps,
            gates.moving_logs[:, 0],
            np.array([record.loss for record in gates.moving]),
        )
        losses[3].set_ylim(bottom=0)
        spectra[3].set_title("moving ReLU gates, digits: $J$ at one held input", fontsize="medium")
    for axes in (spectra[0], spectra[2]):
        axes.set_ylabel(r"$\log s_k(J)$ (nats)")
    for axes in (losses[0], losses[2]):
        axes.set_ylabel("loss")
    for axes in losses[2:]:
        axes.set_xlabel("gradient-descent step")
    tidy(*spectra, *losses)
    fig.align_ylabels()

    ranks = np.arange(1, config.top + 1)
    bar = fig.colorbar(
        ScalarMappable(BoundaryNorm(np.arange(config.top + 1) + 0.5, config.top), colours),
        cax=fig.add_axes((0.93, 0.3, 0.014, 0.4)),
        ticks=ranks[:: max(1, config.top // 7)],
        label="$k$ (1 is the largest)",
    )
    bar.ax.invert_yaxis()  # the largest on top, as in the plot
    bar.ax.minorticks_off()
    fig.suptitle(
        f"The {config.top} largest singular values of $J$ during training\n"
        f"(full-batch gradient descent, depth {config.depth}, width {config.width}, seed {config.seed}; "
        f"the same initial weights in all)",
        fontsize="medium",
    )
    return fig


def _panel(
    spectrum: Axes,
    loss: Axes,
    steps: NDArray[np.int64],
    logs: NDArray[np.float64],
    losses: NDArray[np.float64],
) -> None:
    colours = palette(logs.shape[1])
    for index, values in enumerate(logs.T):
        spectrum.plot(steps, values, color=colours(index), linewidth=1.3)
    loss.plot(steps, losses, color=colours(0))
    loss.set_xlim(0, max(1, int(steps[-1])))
    loss.xaxis.set_major_locator(MaxNLocator(5))
    loss.yaxis.set_major_locator(MaxNLocator(2))


def _loss_range(losses: NDArray[np.float64], optimum: float) -> tuple[float, float]:
    """From zero, unless hardly anything can be learnt: then from a little below the least loss."""
    top = float(losses.max())
    low = 0.0 if optimum < 0.8 * top else optimum - 0.7 * (top - optimum)
    return low, top + 0.08 * (top - low)


def _not_reached(spectrum: Axes, loss: Axes, title: str) -> None:
    spectrum.set_title(f"{title}: not reached", fontsize="medium")
    loss.set_xlim(0, 1)


def gates_figure(gates: GateTest, config: TrainingConfig) -> Figure:
    """Moving against frozen gates; what weights and flips account for; how many gates flip."""
    fig = new_figure(10.0, 4.4)
    spectra, shares, flips = fig.subplots(
        1,
        3,
        gridspec_kw={
            "left": 0.06, "right": 0.975, "bottom": 0.12, "top": 0.78, "wspace": 0.3,
            "width_ratios": (1.25, 1, 1),
        },
    )  # fmt: skip
    steps, top = gates.steps, gates.moving_logs.shape[2]
    colours = palette(top)
    moving, frozen = gates.moving_logs.mean(axis=1), gates.frozen_logs.mean(axis=1)
    for mode in (mode for mode in (1, 2, 3, 5, 10, 15) if mode <= top):
        colour = colours(mode - 1)
        spectra.plot(steps, moving[:, mode - 1], color=colour, linewidth=1.5)
        spectra.plot(steps, frozen[:, mode - 1], color=colour, linewidth=1.3, linestyle=(0, (4, 2)))
        spectra.annotate(
            f"$k={mode}$",
            (1, moving[-1, mode - 1]),
            xycoords=("axes fraction", "data"),
            xytext=(-2, 3),
            textcoords="offset points",
            ha="right",
            fontsize=7,
        )
    spectra.plot([], [], color="0.2", label="moving gates")
    spectra.plot([], [], color="0.2", linestyle=(0, (4, 2)), label="frozen gates")
    spectra.legend(
        loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, frameon=False, fontsize="small", borderpad=0
    )
    spectra.set_ylabel(r"$\log s_k(J)$ (nats), mean over inputs")
    spectra.set_title("both views", fontsize="medium", pad=22)

    modes = np.arange(1, top + 1)
    shares.bar(modes - 0.2, gates.by_weights[-1].mean(axis=0), 0.4, color=colours(0), label="weights")
    shares.bar(
        modes + 0.2, gates.by_gates[-1].mean(axis=0), 0.4, color=colours(top - 1), label="flips of gates"
    )
    shares.axhline(0, color="0.3", linewidth=0.8)
    shares.set_xlabel("mode $k$")
    shares.set_ylabel(r"part of the change of $\log s_k$ (nats)")
    shares.legend(
        loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, frameon=False, fontsize="small", borderpad=0
    )
    shares.set_title("what moved them", fontsize="medium", pad=22)

    flips.plot(steps, 100 * gates.flipped, color=colours(0), label="since the start")
    flips.plot(
        steps[1:],
        100 * np.array([record.flipping for record in gates.moving[1:]]),
        color=colours(top // 2),
        label="since the last record",
    )
    flips.set_ylabel("gates that flipped (%)")
    flips.set_ylim(bottom=0)
    flips.legend(
        loc="lower left", bbox_to_anchor=(-0.17, 1.0), ncols=2, frameon=False, fontsize="small",
        borderpad=0, columnspacing=0.8, handlelength=1.4,
    )  # fmt: skip
    flips.set_title("how many gates move", fontsize="medium", pad=22)
    for axes in (spectra, flips):
        axes.set_xlabel("gradient-descent step")
        axes.set_xlim(0, max(1, int(steps[-1])))
    tidy(spectra, shares, flips)
    inputs = gates.moving_logs.shape[1]
    fig.suptitle(
        f"Fixed gates put to the test: a ReLU network (depth {config.depth}, width {config.width}, seed "
        f"{config.seed}) learns digits; Jacobians at {inputs} held inputs",
        fontsize="medium",
    )
    return fig
