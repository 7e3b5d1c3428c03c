"""The picture of the depth-scaling experiment: fits and alignment along training, theory at the start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm
from matplotlib.figure import Figure
from numpy.typing import NDArray

from jacspec.proofs_check.experiments.depth_scaling.measures import TrainedChain
from jacspec.proofs_check.experiments.frame.pictures import new_figure, palette, tidy
from jacspec.proofs_check.experiments.training import TrainingConfig


def figure(
    trained: Sequence[TrainedChain], random: Mapping[str, NDArray[np.float64]], config: TrainingConfig
) -> Figure:
    """Four panels of training, and two of random chains against the closed forms."""
    fig = new_figure(12.0, 7.0)
    (gamma, delta, exponents), (residual, epsilon, beyond) = fig.subplots(
        2,
        3,
        gridspec_kw={
            "left": 0.06, "right": 0.98, "bottom": 0.08, "top": 0.87, "wspace": 0.25, "hspace": 0.33,
        },
    )  # fmt: skip
    steps = [each.step for each in trained]
    top = len(trained[0].log_singular_values)
    colours = palette(top)
    for mode in range(top):
        for axes, values in (
            (gamma, [each.fit.gamma[mode] for each in trained]),
            (delta, [each.fit.delta[mode] for each in trained]),
            (residual, [each.fit.rms[mode] for each in trained]),
            (epsilon, [each.modes[mode] for each in trained]),
        ):
            axes.plot(steps, values, color=colours(mode), linewidth=1.2)
    epsilon.plot(steps, [each.epsilon for each in trained], color="0.15", linewidth=2, label="all modes")
    delta.axhline(0, color="0.45", linewidth=1, linestyle="--")
    gamma.set_title("training: exponents", fontsize="medium")
    gamma.set_ylabel(r"$\gamma_k$ (nats per layer)")
    delta.set_title("training: intercepts", fontsize="medium")
    delta.set_ylabel(r"$\delta_k$ (nats)")
    residual.set_title("training: residual of the fit", fontsize="medium")
    residual.set_ylabel("rms residual (nats)")
    residual.set_ylim(bottom=0)
    epsilon.set_title(r"training: misalignment $\varepsilon$ of each mode", fontsize="medium")
    epsilon.set_ylabel(r"max $|R - I|$ over layers")
    epsilon.set_ylim(0, 1.03)
    epsilon.legend(frameon=False, fontsize="small", loc="lower left")
    for axes in (gamma, delta, residual, epsilon):
        axes.set_xlabel("gradient-descent step")
        axes.set_xlim(0, max(1, steps[-1]))
    bar = fig.colorbar(
        ScalarMappable(BoundaryNorm(np.arange(top + 1) + 0.5, top), colours),
        cax=epsilon.inset_axes((0.12, 0.42, 0.76, 0.05)),
        ticks=np.arange(1, top + 1)[:: max(1, top // 7)],
        orientation="horizontal",
        label="mode $k$, in all panels of training",
    )
    bar.ax.minorticks_off()
    if random:
        _closed_forms(exponents, random)
        _beyond(beyond, random)
    else:
        exponents.set_title("random chains: not reached", fontsize="medium")
    tidy(gamma, delta, residual, epsilon, exponents, beyond)
    network = f"depth {config.depth}, width {config.width}, seed {config.seed}"
    fig.suptitle(
        f"Depth scaling and strong alignment while a fixed-gates network learns digits ({network}),\n"
        "and depth scaling of Gaussian chains at initialisation",
        fontsize="medium",
    )
    return fig


def _closed_forms(axes: Axes, random: Mapping[str, NDArray[np.float64]]) -> None:
    """Fitted γ_k and δ_k, mean over chains with two standard errors, and the closed forms."""
    modes = np.arange(1, len(random["theory_gamma"]) + 1)
    colours = palette(3)
    for name, symbol, colour in (("gamma", r"\gamma_k", colours(0)), ("delta", r"\delta_k", colours(1))):
        axes.plot(modes, random[f"theory_{name}"], "_", color=colour, markersize=16, markeredgewidth=1.5)
        axes.errorbar(
            modes, random[f"random_{name}"], 2 * random[f"random_{name}_error"],
            fmt="o", color=colour, markersize=4, capsize=2, label=f"${symbol}$, fitted",
        )  # fmt: skip
    axes.plot([], [], "_", color="0.3", markersize=12, label="closed form")
    axes.set_title("initialisation: fits against theory", fontsize="medium")
    axes.set_xlabel("mode $k$")
    axes.set_xticks(modes[:: max(1, len(modes) // 8)])
    axes.set_ylabel("nats per layer; nats")
    axes.legend(frameon=False, fontsize="small")


def _beyond(axes: Axes, random: Mapping[str, NDArray[np.float64]]) -> None:
    """E log s_k - mγ_k against m, which tends to δ_k."""
    values, errors = random["random_beyond_exponent"], random["random_beyond_exponent_error"]
    factors = random["random_factor_counts"]
    colours = palette(values.shape[1])
    for mode, exact in enumerate(random["theory_delta"]):
        colour = colours(mode)
        axes.axhline(exact, color=colour, linewidth=0.9, linestyle="--")
        axes.plot(factors, values[:, mode], color=colour, linewidth=1.2)
        low, high = (values[:, mode] + sign * 2 * errors[:, mode] for sign in (-1, 1))
        axes.fill_between(factors, low, high, color=colour, alpha=0.2, linewidth=0)
    axes.set_title(r"initialisation: $E\,\log s_k - m\gamma_k$ tends to $\delta_k$", fontsize="medium")
    axes.set_xlabel("$m$ factors (dashed: closed form)")
    axes.set_ylabel("nats")
    axes.set_xlim(0, factors[-1])
