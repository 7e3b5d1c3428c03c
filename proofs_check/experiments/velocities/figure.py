"""The picture of the velocities experiment: two panels against depth, two along training."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from jacspec.proofs_check.experiments.frame.pictures import new_figure, palette, tidy
from jacspec.proofs_check.experiments.velocities.fits import Fits, median_sizes, relative_errors
from jacspec.proofs_check.experiments.velocities.measures import LEARNT, WIDTH, AtDepth, AtStep

_DECOUPLED, _CLOSED = "#d1651a", "#1a3f5c"  # orange and dark blue: far apart in grey, and for every eye
_RANGE = (-1.0, 3.0)
"""Of the quotients shown along training; where an exact velocity passes through zero they have no bound."""


def figure(
    by_depth: Sequence[AtDepth], by_step: Sequence[AtStep], found: Fits | None, *, seed: int
) -> Figure:
    """Draw what there is: after an interrupt, less."""
    fig = new_figure(10, 7.8, dpi=110)
    grid = {"left": 0.075, "right": 0.98, "bottom": 0.07, "top": 0.87, "hspace": 0.36, "wspace": 0.2}
    (decoupled, closed), (quotients, errors) = fig.subplots(2, 2, gridspec_kw=grid)
    _draw_decoupled(decoupled, by_depth, found)
    _draw_closed(closed, by_depth)
    if by_step:
        _draw_quotients(quotients, by_step)
        _draw_errors(errors, by_step)
    else:
        quotients.set_axis_off()
        errors.set_axis_off()
    tidy(decoupled, closed, quotients, errors)
    fig.suptitle(
        "Predicted over exact velocities of the singular values of J under gradient flow (1 is right).\n"
        f"Above: Gaussian initialisation, n = {WIDTH}, medians over chains. "
        f"Below: training on digits. Seed {seed}",
        fontsize="medium",
    )
    return fig


def _draw_decoupled(axes: Axes, by_depth: Sequence[AtDepth], found: Fits | None) -> None:
    colours = palette(WIDTH)
    depths = np.array([each.depth for each in by_depth])
    for mode in range(WIDTH):
        medians = np.array([median_sizes(each.decoupled)[mode] for each in by_depth])
        spread = np.array([np.percentile(np.abs(each.decoupled[:, mode]), (25, 75)) for each in by_depth])
        rounded = [median_sizes(each.in_float64)[mode] for each in by_depth]
        axes.fill_between(depths, *spread.T, color=colours(mode), alpha=0.2, linewidth=0)
        axes.plot(
            depths, medians, "o-", color=colours(mode), markersize=4, label=f"k = {mode + 1}, certified"
        )
        axes.plot(
            depths,
            rounded,
            "x:",
            color=colours(mode),
            markersize=5,
            linewidth=1,
            label="the same in float64" if mode == WIDTH - 1 else None,
        )
        if found is not None and mode:
            middle = len(depths) // 2
            slope = found.spectral_rates[mode - 1]
            line = np.exp(np.log(medians[middle]) + slope * (depths - depths[middle]))
            label = r"slope of $s_k/s_1$ in theory" if mode == WIDTH - 1 else None
            axes.plot(depths, line, color="0.3", linewidth=1, linestyle="--", zorder=1, label=label)
    axes.set_yscale("log")
    axes.set_xlabel("depth N")
    axes.set_ylabel("|decoupled / exact|")
    axes.set_title(
        "the decoupled sum: right for k = 1 only" if _only_top(by_depth) else "the decoupled sum",
        fontsize="medium",
    )
    axes.legend(loc="lower left", frameon=False, fontsize="small")


def _only_top(by_depth: Sequence[AtDepth]) -> bool:
    """Whether the last depth has the top mode within a tenth and the others below a tenth."""
    sizes = median_sizes(by_depth[-1].decoupled)
    return bool(abs(sizes[0] - 1) < 0.1 and (sizes[1:] < 0.1).all())


def _draw_closed(axes: Axes, by_depth: Sequence[AtDepth]) -> None:
    depths = np.array([each.depth for each in by_depth])
    medians = [median_sizes(each.closed_form)[0] for each in by_depth]
    deviations = [median_sizes(each.decoupled - 1)[0] for each in by_depth]
    axes.plot(depths, medians, "s-", color=_CLOSED, markersize=4, label="closed form / exact")
    axes.plot(depths, deviations, "o-", color=_DECOUPLED, markersize=4, label="|decoupled / exact - 1|")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xticks(depths, [str(depth) for depth in depths])
    axes.minorticks_off()
    axes.set_xlabel("depth N (logarithmic)")
    axes.set_title(
        r"k = 1: the closed form $-N s^{2-2/N}\langle G, uv^\mathsf{T}\rangle$ beside the sum",
        fontsize="medium",
    )
    axes.legend(loc="lower left", frameon=False, fontsize="small")


def _draw_quotients(axes: Axes, by_step: Sequence[AtStep]) -> None:
    steps = np.array([each.step for each in by_step])
    for name, colour, marker, label in (
        ("decoupled", _DECOUPLED, "o", "decoupled sum"),
        ("closed_form", _CLOSED, "s", "closed form"),
    ):
        quotients = np.array([getattr(each, name)[:LEARNT] / each.exact[:LEARNT] for each in by_step])
        shown = np.clip(quotients, *_RANGE)
        axes.plot(steps, shown, marker, color=colour, markersize=3, alpha=0.4, linewidth=0)
        axes.plot(steps, np.median(quotients, axis=1), "-", color=colour, linewidth=1.8, label=label)
    axes.axhline(1, color="0.3", linewidth=1, linestyle="--")
    axes.set_ylim(_RANGE[0] - 0.1, _RANGE[1] + 0.6)  # room for the legend
    axes.set_xlabel("gradient-descent step")
    axes.set_ylabel("predicted / exact")
    clipped = f"clipped to {_RANGE[0]:.0f} … {_RANGE[1]:.0f}"
    axes.set_title(f"modes 1 to {LEARNT} and their median, {clipped}", fontsize="medium")
    axes.legend(loc="upper right", frameon=False, fontsize="small", ncols=2)


def _draw_errors(axes: Axes, by_step: Sequence[AtStep]) -> None:
    steps = [each.step for each in by_step]
    decoupled, closed = zip(*(relative_errors(each) for each in by_step), strict=True)
    axes.plot(steps, decoupled, "o-", color=_DECOUPLED, markersize=4, label="error, decoupled sum")
    axes.plot(steps, closed, "s-", color=_CLOSED, markersize=4, label="error, closed form")
    for name, label, style in (
        ("mode_alignment", "alignment, mode by mode", ":"),
        ("subspace_alignment", f"alignment, span of {LEARNT}", "-."),
    ):
        axes.plot(steps, [getattr(each, name) for each in by_step], style, color="0.25", label=label)
    axes.set_ylim(0, 1.1 * max(1.0, *decoupled, *closed) + 0.35)  # room for the legend
    axes.set_xlabel("gradient-descent step")
    axes.set_title(
        f"relative errors over modes 1 to {LEARNT}; alignment of $A_l$ with $J$", fontsize="medium"
    )
    axes.legend(loc="upper center", frameon=False, fontsize="small", ncols=2)
