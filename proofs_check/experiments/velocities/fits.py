"""How the quotients of predicted and exact velocities go with depth, and errors along training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jacspec.proofs_check.experiments.velocities.measures import LEARNT, WIDTH, AtDepth, AtStep
from jacspec.proofs_check.ledger.initialisation.predictions import Ensemble

_ASYMPTOTIC: Final = 10
"""Depths from which on fits are made, if there are two such."""

_RESAMPLES: Final = 200


@dataclass(frozen=True)
class Fit:
    """A slope by least squares on medians over chains; its deviation when the chains are drawn again."""

    slope: float
    deviation: float

    def __str__(self) -> str:
        return f"{self.slope:.2f} ± {self.deviation:.2f}"


@dataclass(frozen=True)
class Fits:
    """How the quotients go with depth.

    `rates` are those of ``|decoupled/exact| ~ e^{rate·N}`` for k = 2, 3, beside `spectral_rates`, γ_k - γ_1;
    `top_power` that of ``|decoupled/exact - 1| ~ N^power`` for k = 1, and `closed_power` that of the closed
    form over the exact velocity. `float64_lost`: for each mode the depth from which on float64 has the median
    wrong by more than a factor of two; None if at no depth.
    """

    rates: tuple[Fit, ...]
    spectral_rates: tuple[float, ...]
    top_power: Fit
    closed_power: Fit
    float64_lost: tuple[int | None, ...]


def spectral_rates() -> tuple[float, ...]:
    """γ_k - γ_1 for k = 2, 3: how fast s_k/s_1 falls with each layer."""
    ensemble = Ensemble(WIDTH, 1 / sqrt(WIDTH))
    return tuple(ensemble.exponent(mode) - ensemble.exponent(1) for mode in range(2, WIDTH + 1))


def median_sizes(sample: NDArray[np.float64]) -> NDArray[np.float64]:
    """Median over chains of the magnitudes, mode by mode."""
    return np.asarray(np.median(np.abs(sample), axis=0))


def fits(by_depth: Sequence[AtDepth]) -> Fits | None:
    """Fit what there is; None with fewer than two depths."""
    if len(by_depth) < 2:
        return None
    deep = [each for each in by_depth if each.depth >= _ASYMPTOTIC]
    deep = deep if len(deep) >= 2 else list(by_depth)
    generator = np.random.default_rng(0)
    resampled = np.array([_slopes([_redrawn(each, generator) for each in deep]) for _ in range(_RESAMPLES)])
    slopes = zip(_slopes(deep), resampled.std(axis=0, ddof=1), strict=True)
    *rates, top_power, closed_power = (Fit(float(slope), float(spread)) for slope, spread in slopes)
    return Fits(
        rates=tuple(rates),
        spectral_rates=spectral_rates(),
        top_power=top_power,
        closed_power=closed_power,
        float64_lost=tuple(_lost(by_depth, mode) for mode in range(WIDTH)),
    )


def _slopes(deep: Sequence[AtDepth]) -> NDArray[np.float64]:
    """Of the decoupled quotients of k = 2, 3 against N, then of the two figures of k = 1 against log N."""
    depths = np.array([each.depth for each in deep])
    decoupled = np.log([median_sizes(each.decoupled)[1:] for each in deep])
    top = np.log([(median_sizes(each.decoupled - 1)[0], median_sizes(each.closed_form)[0]) for each in deep])
    return np.array([*np.polyfit(depths, decoupled, 1)[0], *np.polyfit(np.log(depths), top, 1)[0]])


def _redrawn(each: AtDepth, generator: np.random.Generator) -> AtDepth:
    """As many chains, drawn from these with replacement."""
    drawn = generator.integers(len(each.decoupled), size=len(each.decoupled))
    return replace(each, decoupled=each.decoupled[drawn], closed_form=each.closed_form[drawn])


def _lost(by_depth: Sequence[AtDepth], mode: int) -> int | None:
    """The depth from which on, to the last, float64 is wrong by more than a factor of two."""
    first = None
    for each in by_depth:
        quotient = median_sizes(each.in_float64)[mode] / median_sizes(each.decoupled)[mode]
        wrong = not 0.5 <= quotient <= 2
        first = (first or each.depth) if wrong else None
    return first


def relative_errors(each: AtStep) -> tuple[float, float]:
    """‖predicted - exact‖/‖exact‖ of the relative velocities of the learnt modes: decoupled, closed form."""
    exact = each.exact[:LEARNT]
    scale = np.linalg.norm(exact)
    errors = (np.linalg.norm(each_of[:LEARNT] - exact) for each_of in (each.decoupled, each.closed_form))
    decoupled, closed = (float(error / scale) for error in errors)
    return decoupled, closed
