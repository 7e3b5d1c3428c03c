"""The picture of the feedback experiment: separation, alignment, and the budget between them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from jacspec.proofs_check.experiments.feedback.alignment_budget import SEPARATED, Budget
from jacspec.proofs_check.experiments.frame.pictures import new_figure, palette, tidy
from jacspec.proofs_check.experiments.training import TrainingConfig


def figure(
    steps: Sequence[int], budgets: Sequence[Budget], leading: int, config: TrainingConfig, layer: int
) -> Figure:
    """Spectrum and alignment along training; |R_ik| against s_k/s_i; the power along training."""
    fig = new_figure(10.0, 8.0)
    (spectrum, aligned), (pairs, powers) = fig.subplots(
        2,
        2,
        gridspec_kw={
            "left": 0.08, "right": 0.98, "bottom": 0.07, "top": 0.88, "wspace": 0.22, "hspace": 0.28,
        },
    )  # fmt: skip
    colours = palette(config.width)
    for mode in range(config.width):
        values = [each.whole[mode] for each in budgets]
        spectrum.plot(steps, values, color=colours(mode), linewidth=1.2)
    spectrum.set_ylabel(r"$\log s_k(J)$ (nats)")
    spectrum.set_title(f"separation: {leading} of {config.width} modes take off", fontsize="medium")
    _alignment(aligned, steps, budgets, leading)
    _pairs(pairs, budgets, steps)
    _powers(powers, steps, budgets)
    for axes in (spectrum, aligned, powers):
        axes.set_xlabel("gradient-descent step")
        axes.set_xlim(0, max(1, steps[-1]))
    tidy(spectrum, aligned, pairs, powers)
    fig.suptitle(
        f"Separation and alignment while a deep linear network learns digits (depth {config.depth}, width "
        f"{config.width}, seed {config.seed})\n$R = U_A^T U_J$ at the middle layer, $A = A_{{{layer}}}$, "
        f"$s = s(A)$; certified",
        fontsize="medium",
    )
    return fig


def _alignment(axes: Axes, steps: Sequence[int], budgets: Sequence[Budget], leading: int) -> None:
    size, colours = len(budgets[0].whole), palette(3)
    if 0 < leading < size:
        for first, last, colour in ((0, leading, colours(0)), (leading, size, colours(2))):
            values = [each.diagonal(first, last) for each in budgets]
            label = f"mean $|R_{{kk}}|$, $k = {first + 1}$ to ${last}$"
            axes.plot(steps, values, color=colour, label=label)
        values = [each.leakage(leading) for each in budgets]
        label = f"largest $|R_{{ik}}|$, $i \\leq {leading} < k$"
        axes.plot(steps, values, color=colours(1), linestyle="--", label=label)
        axes.set_title("alignment: the leading span and single vectors", fontsize="medium")
    else:
        values = [each.diagonal(0, size) for each in budgets]
        axes.plot(steps, values, color=colours(0), label="mean $|R_{kk}|$, all $k$")
        axes.set_title("alignment", fontsize="medium")
    axes.set_ylim(0, 1.02)
    axes.set_ylabel("overlap")
    axes.legend(frameon=False, fontsize="small", loc="upper right", bbox_to_anchor=(1, 0.62))


def _pairs(axes: Axes, budgets: Sequence[Budget], steps: Sequence[int]) -> None:
    colours = palette(3)
    low = min(float(each.ratios.min()) for each in (budgets[0], budgets[-1])) / np.log(10)
    for each, step, colour, marker in (
        (budgets[0], steps[0], colours(2), "o"),
        (budgets[-1], steps[-1], colours(0), "s"),
    ):
        axes.plot(
            each.ratios / np.log(10), each.measured / np.log(10), marker, color=colour, markersize=3,
            alpha=0.75, linewidth=0, label=f"$|R_{{ik}}|$, step {step}",
        )  # fmt: skip
    ends = np.array([low, 0.0])
    kappa = budgets[-1].kappa / np.log(10)
    cut = np.array([low, min(-kappa, 0.0), 0.0]) if -kappa > low else ends
    bound = np.minimum(cut + kappa, 0)
    axes.plot(cut, bound, color="0.4", linewidth=1.2, linestyle=":", label=r"$\kappa(B)\,s_k/s_i$, cut at 1")
    axes.plot(ends, ends, color="0.25", linewidth=1.2, label="$s_k/s_i$: what separation gives")
    axes.plot(ends, 2 * ends, color="0.25", linewidth=1.2, linestyle="--",
              label="$(s_k/s_i)^2$: more is needed")  # fmt: skip
    axes.set_xlabel(r"$\log_{10}(s_k/s_i)$, all $i < k$")
    axes.set_ylabel(r"$\log_{10}|R_{ik}|$")
    axes.set_ylim(1.6 * low - 1.5, 0.3)
    axes.set_title("budget, pair by pair", fontsize="medium")
    axes.legend(frameon=False, fontsize="small", loc="lower right")


def _powers(axes: Axes, steps: Sequence[int], budgets: Sequence[Budget]) -> None:
    known = [(step, each.powers) for step, each in zip(steps, budgets, strict=True) if each.powers.size]
    colour = palette(3)(0)
    if known:
        where = [step for step, _ in known]
        low, middle, high = np.array([np.percentile(each, (25, 50, 75)) for _, each in known]).T
        axes.fill_between(where, low, high, color=colour, alpha=0.18, linewidth=0, label="middle half")
        axes.plot(where, middle, color=colour, label="median")
    for height, style, text in ((1, "-", "separation gives"), (2, "--", "decoupling needs more than")):
        axes.axhline(height, color="0.25", linewidth=1.2, linestyle=style)
        axes.annotate(
            f"{text} {height}", (1, height), xycoords=("axes fraction", "data"), xytext=(-4, 3),
            textcoords="offset points", ha="right", fontsize="small", color="0.25",
        )  # fmt: skip
    axes.set_ylim(0, 2.6)
    axes.set_ylabel(r"$\log|R_{ik}| \,/\, \log(s_k/s_i)$")
    limit = f"e^{{{SEPARATED:.0f}}}"
    axes.set_title(f"budget along training, pairs with $s_k/s_i < {limit}$", fontsize="medium")
    axes.legend(frameon=False, fontsize="small", loc="lower left")
