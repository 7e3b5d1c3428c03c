"""The picture of the overlap experiment: overlaps, correlation against block, entries against theory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure
from numpy.typing import NDArray

from jacspec.proofs_check.experiments.frame.pictures import new_figure, tidy
from jacspec.proofs_check.experiments.overlap.measures import Panel, Setting

_COLOURS = ("#2d0a3f", "#21788c", "#e8912a")
"""One for each depth, as far apart in grey as for the eye."""

_BINS = 24

_FEWEST = 10
"""Entries that a bin needs for its percentiles."""

_SMALLEST = 8
"""Smaller blocks hold too few entries for a correlation that means anything."""


def figure(
    panels: Sequence[Panel],
    samples: Mapping[Setting, Sequence[NDArray[np.float64]]],
    *,
    shown: int,
    blocks: Sequence[int],
    seed: int,
) -> Figure:
    """Draw what there is: after an interrupt, fewer panels."""
    fig = new_figure(10, 7.6, dpi=110)
    grid = {"left": 0.065, "right": 0.90, "bottom": 0.55, "top": 0.86, "wspace": 0.22}
    pictures = fig.subplots(1, 3, gridspec_kw=grid)
    below = {"left": 0.065, "right": 0.975, "bottom": 0.075, "top": 0.42, "wspace": 0.22}
    blockwise, entries = fig.subplots(1, 2, gridspec_kw=below)
    width = len(panels[0].overlap)
    for axes in pictures[len(panels) :]:
        axes.set_axis_off()
    for axes, panel in zip(pictures, panels, strict=False):
        image = axes.imshow(
            panel.overlap[:shown, :shown],
            cmap="magma",
            norm=PowerNorm(0.5, 0, 1),
            extent=(0.5, shown + 0.5, shown + 0.5, 0.5),
            interpolation="nearest",
        )
        setting = panel.setting
        ours = panel.correlations[shown - 1]
        axes.set_title(
            f"{setting}\ndiagonal correlation {ours:.2f} (poster: {setting.poster})", fontsize="medium"
        )
        axes.set_xlabel("singular vector of $A_l$")
    pictures[0].set_ylabel("singular vector of $J$")
    bar = fig.colorbar(image, cax=pictures[-1].inset_axes((1.06, 0, 0.05, 1)), ticks=[0, 0.1, 0.3, 0.6, 1])
    bar.set_label(r"$|U_J^\mathsf{T} U_{A_l}|$")
    _draw_blocks(blockwise, panels, samples, blocks)
    _draw_entries(entries, panels)
    tidy(blockwise, entries)
    fig.suptitle(
        f"How far the left singular vectors of $A_l$ are those of $J$ at initialisation: Gaussian factors, "
        f"n = {width}, seed {seed};\ncertified, the upper-left {shown}×{shown} entries",
        fontsize="medium",
    )
    return fig


def _draw_blocks(
    axes: Axes,
    panels: Sequence[Panel],
    samples: Mapping[Setting, Sequence[NDArray[np.float64]]],
    blocks: Sequence[int],
) -> None:
    """Correlation of every upper-left block, the scatter of chains behind it, and the poster's figures."""
    width = len(panels[0].overlap)
    sizes = np.arange(2, width + 1)
    for colour, panel in zip(_COLOURS, panels, strict=False):
        setting, sample = panel.setting, samples[panel.setting]
        if len(sample) > 1:
            mean, deviation = np.mean(sample, axis=0)[1:], np.std(sample, axis=0, ddof=1)[1:]
            axes.fill_between(
                sizes, mean - 2 * deviation, mean + 2 * deviation, color=colour, alpha=0.2, linewidth=0
            )
        axes.plot(sizes, panel.correlations[1:], color=colour, label=f"N = {setting.depth}")
        axes.axhline(setting.poster, color=colour, linewidth=1, linestyle="--")
        left = setting.poster > 0.6  # where the curves leave room
        axes.annotate(
            f"poster, N = {setting.depth}: {setting.poster}",
            (0 if left else 0.9, setting.poster),
            xycoords=("axes fraction", "data"),
            xytext=(4 if left else -4, 3),
            textcoords="offset points",
            ha="left" if left else "right",
            color="0.25",
            fontsize="small",
        )
    for size in blocks:
        axes.axvline(size, color="0.6", linewidth=0.8, linestyle=":")
    axes.set_xlim(min(_SMALLEST, width // 2), width)
    axes.set_ylim(0, 1)
    axes.set_xlabel("size of the upper-left block")
    axes.set_ylabel("diagonal correlation")
    axes.set_title("diagonal correlation block by block, and the poster's figures", fontsize="medium")
    axes.legend(
        loc="lower right",
        frameon=False,
        ncols=len(panels),
        fontsize="small",
        title="line: the chain shown; band: mean ± 2 deviations of others",
        title_fontsize="small",
    )


def _draw_entries(axes: Axes, panels: Sequence[Panel]) -> None:
    """Off-diagonal entries against the ratio of the singular values of A that theory compares them with."""
    lowest = 0.0
    for colour, panel in zip(_COLOURS, panels, strict=False):
        ratios = panel.log_bound(0.0)[panel.pairs] / np.log(10)
        values = panel.log_overlap[panel.pairs] / np.log(10)
        edges = np.linspace(ratios.min(), 0, _BINS + 1)
        place = np.clip(np.digitize(ratios, edges) - 1, 0, _BINS - 1)
        full = np.flatnonzero(np.bincount(place, minlength=_BINS) >= _FEWEST)  # none, of a narrow network
        centres = (edges[full] + edges[full + 1]) / 2
        percentiles = [np.percentile(values[place == position], (5, 50, 95)) for position in full]
        low, middle, high = np.array(percentiles).reshape(-1, 3).T
        axes.fill_between(centres, low, high, color=colour, alpha=0.2, linewidth=0)
        depth, condition = panel.setting.depth, panel.log_condition / np.log(10)
        axes.plot(centres, middle, color=colour, label=f"N = {depth}; κ(B) = $10^{{{condition:.1f}}}$")
        lowest = min(lowest, ratios.min())
    axes.plot([lowest, 0], [lowest, 0], color="0.3", linewidth=1, linestyle="--", label="the ratio itself")
    axes.set_xlabel(r"$\log_{10}$ of $\min(s_i, s_k)/\max(s_i, s_k)$, of $A_l$")
    axes.set_ylabel(r"$\log_{10} |R_{ik}|$, $i \neq k$")
    axes.set_title("entries against the ratio; the bound is κ(B) times it", fontsize="medium")
    axes.legend(loc="lower right", frameon=False, fontsize="small")
