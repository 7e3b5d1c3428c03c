"""Overlaps ``U_Jᵀ U_{A_l}`` at initialisation, the poster's three pictures, and what theory says of them.

Square Gaussian factors, variance 1/n, n = 128, no gates: N = 2, 10, 20, with A the product of the last 1, 5
and 10 factors. The picture of each is certified, entry by entry; the scatter from chain to chain is float64,
by the graded product, which the certified entries are there to judge.

The poster's figures (0.26, 0.49, 0.84) are quoted beside ours, never used: it defines neither its "diagonal
correlation" nor the block that it is taken on, so that ours is drawn for every block.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from jacspec.numerics.support.arguments import whole_number
from jacspec.numerics.support.cores import unthreaded_blas
from jacspec.proofs_check.experiments.frame.outcome import Outcome, prepared, written
from jacspec.proofs_check.experiments.frame.progress import Progress
from jacspec.proofs_check.experiments.frame.report import ExperimentReport
from jacspec.proofs_check.experiments.overlap.figure import figure
from jacspec.proofs_check.experiments.overlap.measures import (
    PANELS,
    Panel,
    Setting,
    leading_correlations,
    magnitudes,
    measured,
    random_factors,
)

Samples = Mapping[Setting, Sequence[NDArray[np.float64]]]

_CERTIFIED: Final = 10
"""How many chains in float64 take as long as one in balls."""

_SECONDS: Final = 0.75
"""What one chain in float64 takes at width 128."""


def run(
    out_dir: Path,
    *,
    seed: int = 0,
    width: int = 128,
    shown: int = 64,
    blocks: tuple[int, ...] = (64, 96),
    chains: int = 10,
    console: Console | None = None,
) -> ExperimentReport:
    """Overlaps of singular vectors at initialisation, N = 2, 10, 20, beside the poster's figures.

    Writes ``overlap.npz``, ``overlap.json``, ``overlap.svg`` and ``overlap.png`` into `out_dir`.

    Parameters
    ----------
    seed
        The pictures are those of ``gaussian:depth=N,width=n,seed=SEED``.
    width, shown
        n, and the size of the upper-left block that is drawn.
    blocks
        Sizes of the blocks whose correlations are printed, beside that of the whole.
    chains
        How many further chains of each depth give mean and scatter, at least 2.
    """
    for name, value, most in (("shown", shown, width), *(("block", each, width) for each in blocks)):
        whole_number(name, value, least=2, most=most, note="the width")
    whole_number("chains", chains, least=2)
    out_dir = prepared(out_dir)
    total = len(PANELS) * (_CERTIFIED + chains)
    estimate = _SECONDS * total * (width / 128) ** 2
    progress = Progress("overlap", total=total, unit="part", estimate=estimate, console=console)
    panels: list[Panel] = []
    samples: dict[Setting, list[NDArray[np.float64]]] = {each: [] for each in PANELS}
    literal: dict[Setting, list[NDArray[np.float64]]] = {each: [] for each in PANELS}
    with unthreaded_blas(), progress:
        for setting in PANELS:
            panels.append(measured(setting, width, seed))
            progress.advance(_CERTIFIED, f"certified, N = {setting.depth}")
        sources = {each: random_factors(each.depth, width, seed) for each in PANELS}
        for _ in range(chains):
            for setting in PANELS:
                factors = next(sources[setting])
                found = leading_correlations(magnitudes(factors, setting.factors))
                if setting.factors + 1 < setting.depth:
                    one_more = magnitudes(factors, setting.factors + 1)
                    literal[setting].append(leading_correlations(one_more))
                samples[setting].append(found)
                progress.advance(1, f"scatter, N = {setting.depth}")
    outcome = Outcome(
        experiment="overlap",
        seed=seed,
        parameters={
            "width": width,
            "shown": shown,
            "blocks": blocks,
            "chains": chains,
            "variance": 1 / width,
        },
        arrays=dict(_arrays(panels, samples, literal)),
        summary={str(panel.setting): _summary(panel, (*blocks, width), samples, literal) for panel in panels},
        findings=tuple(_findings(panels, (*blocks, width), samples, literal)),
        seconds=progress.seconds,
        interruption=progress.interruption,
    )
    return written(out_dir, outcome, {"": figure(panels, samples, shown=shown, blocks=blocks, seed=seed)})


def _arrays(
    panels: Sequence[Panel], samples: Samples, literal: Samples
) -> Iterator[tuple[str, NDArray[Any]]]:
    for panel in panels:
        end = f"_{panel.setting.depth}"
        yield "overlap" + end, panel.overlap
        yield "log_overlap" + end, panel.log_overlap
        yield "log_singular_values_of_A" + end, panel.outer_logs
        yield "correlations" + end, panel.correlations
        yield "correlations_of_chains" + end, np.array(samples[panel.setting])
        yield "correlations_one_more_factor" + end, np.array(literal[panel.setting])


def _summary(panel: Panel, sizes: Sequence[int], samples: Samples, literal: Samples) -> dict[str, Any]:
    return {
        "poster": panel.setting.poster,
        "diagonal_correlation": {size: panel.correlations[size - 1] for size in sizes},
        "chains": _statistics(samples[panel.setting], sizes),
        "chains_with_one_more_factor_in_A": _statistics(literal[panel.setting], sizes),
        "condition_number_of_B": np.exp(panel.log_condition),
        "graded_float64_error": panel.graded_error,
        "plain_float64_error": panel.plain_error,
        **_against_theory(panel),
    }


def _statistics(sample: Sequence[NDArray[np.float64]], sizes: Sequence[int]) -> dict[int, dict[str, float]]:
    if len(sample) < 2:
        return {}
    mean, deviation = np.mean(sample, axis=0), np.std(sample, axis=0, ddof=1)
    return {size: {"mean": mean[size - 1], "deviation": deviation[size - 1]} for size in sizes}


def _against_theory(panel: Panel) -> dict[str, float]:
    """The entries off the diagonal beside the bound κ(B)·ratio, and beside the ratio alone."""
    entries = panel.log_overlap[panel.pairs]
    bounds, ratios = panel.log_bound(panel.log_condition)[panel.pairs], panel.log_bound(0.0)[panel.pairs]
    return {
        "share_of_entries_with_bound_below_1": float(np.mean(bounds < 0)),
        "largest_entry_over_bound": float(np.exp(np.max(entries - bounds))),
        "median_entry_over_ratio": float(np.exp(np.median(entries - ratios))),
        "exponent_of_the_ratio": float(np.polyfit(ratios, entries, 1)[0]),
    }


def _findings(
    panels: Sequence[Panel], sizes: Sequence[int], samples: Samples, literal: Samples
) -> Iterator[str]:
    for panel in panels:
        setting = panel.setting
        chains = _statistics(samples[setting], sizes)
        figures = []
        for size in sizes:
            name = "whole" if size == len(panel.overlap) else f"{size}×{size}"
            scatter = f" ({_plus_minus(chains[size])})" if chains else ""
            figures.append(f"{name} {panel.correlations[size - 1]:.3f}{scatter}")
        yield f"{setting.prose}: diagonal correlation {', '.join(figures)}; the poster: {setting.poster}"
    reached = [f"{size} at $N = {each.depth}$" for each, size in _matching(samples)]
    if len(reached) == len(PANELS):
        yield f"size of the block whose mean is the poster's figure: {', '.join(reached)}"
    more = [
        f"{_plus_minus(_statistics(literal[each], sizes)[sizes[0]])} at $N = {each.depth}$"
        for each in PANELS
        if len(literal[each]) > 1
    ]
    if more:
        yield f"with one more factor in $A$, {sizes[0]}×{sizes[0]}: {', '.join(more)}"
    for panel in panels:
        known = _against_theory(panel)
        yield (
            f"$N = {panel.setting.depth}$: $κ(B)$ of {np.exp(panel.log_condition):.0e} puts the alignment "
            f"bound below 1 for {known['share_of_entries_with_bound_below_1']:.1%} of the entries, none of "
            f"which exceeds {known['largest_entry_over_bound']:.0e} of it; they go like the ratio to the "
            f"power {known['exponent_of_the_ratio']:.2f}, median {known['median_entry_over_ratio']:.2f} of "
            "it"
        )
    if panels:
        last = panels[-1]
        yield (
            f"in float64, the largest error of an entry at $N = {last.setting.depth}$ is "
            f"{last.plain_error:.1g} by plain multiplication, {last.graded_error:.0e} by the graded product"
        )


def _matching(samples: Samples) -> Iterator[tuple[Setting, int]]:
    """For each panel the block size at which the mean correlation is nearest to the poster's figure."""
    for setting, sample in samples.items():
        if sample:
            yield setting, 1 + int(np.nanargmin(np.abs(np.mean(sample, axis=0) - setting.poster)))


def _plus_minus(figures: Mapping[str, float]) -> str:
    return f"{figures['mean']:.3f} ± {figures['deviation']:.3f}"
