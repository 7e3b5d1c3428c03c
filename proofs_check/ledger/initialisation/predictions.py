"""Predicted means of log singular values at a finite depth, with their proven systematic errors.

Every number comes out of a formula of ``jacspec.theory.results.initialisation.gaussian`` or
``jacspec.theory.results.initialisation.finite_depth``; the errors
are those of the latter, with the best θ of a grid (any θ is valid).
"""

from __future__ import annotations

from bisect import bisect_left
from cmath import exp
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import sqrt
from typing import Any

from sympy import Float

from jacspec.proofs_check.referee.statistics import Prediction
from jacspec.theory import Formula
from jacspec.theory.notation.chance import Law
from jacspec.theory.results.initialisation import finite_depth, gaussian

_GRID = tuple(step / 50 for step in range(1, 50))


@dataclass(frozen=True)
class Ensemble:
    """Square Gaussian factors, entries N(0, σ²); for p < 1 behind gates, at least ``least`` open."""

    width: int
    sigma: float
    p: float = 1.0
    least: int = 1

    @property
    def modes(self) -> range:
        """The modes whose exponents are finite."""
        return range(1, (self.width if self.p == 1 else self.least) + 1)

    def exponent(self, mode: int) -> float:
        """γ_k."""
        if self.p == 1:
            return evaluated(gaussian.lyapunov_gaussian(), self.width, mode, self.sigma)
        gates = (self.p, self.least)
        return evaluated(gaussian.lyapunov_masked(), self.width, mode, self.sigma, *gates)

    def error(self, mode: int, depth: int, moment: int = 1) -> float:
        """A bound of E Y_k^j: how far the volume of a frame is from the product of k singular values."""
        return _error(self, mode, depth, moment)


@cache
def _compiled(formula: Formula) -> Callable[..., Any]:
    return formula.compiled()


def evaluated(formula: Formula, *values: Any) -> float:
    """A formula at the given values, as a float."""
    return float(_compiled(formula)(*values))


@cache
def _error(ensemble: Ensemble, mode: int, depth: int, moment: int) -> float:
    if mode in (0, ensemble.width):
        return 0.0  # log|det J| is the sum of the factors' own
    formula = finite_depth.error_moment() if ensemble.p == 1 else finite_depth.error_moment_masked()
    gates = () if ensemble.p == 1 else (ensemble.p, ensemble.least)

    @cache
    def bound(place: int) -> float:
        return evaluated(formula, ensemble.width, mode, depth, _GRID[place], moment, *gates)

    # Its log is convex in θ: the best one is the first after which it rises.
    places = range(len(_GRID) - 1)
    return bound(bisect_left(places, True, key=lambda place: bound(place) <= bound(place + 1)))


def mean(ensemble: Ensemble, mode: int, depth: int) -> Prediction:
    """E log s_k = Nγ_k + δ_k - E Y_k + E Y_{k-1}."""
    intercept = evaluated(gaussian.intercept(), ensemble.width, mode)
    value = depth * ensemble.exponent(mode) + intercept
    return Prediction(value, ensemble.error(mode, depth), ensemble.error(mode - 1, depth))


def rate(ensemble: Ensemble, mode: int, first: int, last: int) -> Prediction:
    """γ_k as the growth of E log s_k per layer from depth ``first`` to ``last``: the intercept cancels."""
    early, late = mean(ensemble, mode, first), mean(ensemble, mode, last)
    layers = last - first
    below, above = (late.below + early.above) / layers, (late.above + early.below) / layers
    return Prediction(ensemble.exponent(mode), below, above)


def variance(ensemble: Ensemble, mode: int, depth: int) -> Prediction:
    """Var(log s_k)/N: at most e²+2e√(Nv) above Nv, e² = E Y_k² + E Y_{k-1}², and ``_spread`` more below."""
    each = evaluated(gaussian.fluctuation(), ensemble.width, mode)
    square = ensemble.error(mode, depth, 2) + ensemble.error(mode - 1, depth, 2)
    off = square + 2 * sqrt(square * depth * each)
    return Prediction(each, (off + _spread(ensemble.width, mode)) / depth, off / depth)


def _spread(width: int, mode: int) -> float:
    """A bound of Var log|p_k/p_{k-1}|: the larger, the two being perfectly anticorrelated."""
    formula = finite_depth.minor_variance()
    own = evaluated(formula, width, mode)
    previous = evaluated(formula, width, mode - 1) if mode > 1 else 0.0
    return (sqrt(max(own, 0.0)) + sqrt(max(previous, 0.0))) ** 2


def law(ensemble: Ensemble, mode: int, depth: int, time: float) -> tuple[Prediction, Prediction]:
    """Real and imaginary part of E e^{itT}, T = (log s_k - Nγ_k)/√(Nv), claimed to tend to e^{-t²/2} and 0.

    The characteristic function of the QR exponent is known at every depth, and log s_k differs from it
    by δ_k, by an independent term of bounded variance and by Y_k - Y_{k-1}.
    """
    limit = float(Law("normal", 1).characteristic(Float(time)))
    reached = complex(_compiled(finite_depth.standardised())(ensemble.width, mode, depth, time))
    scale = time / sqrt(depth * evaluated(gaussian.fluctuation(), ensemble.width, mode))
    reached *= exp(1j * scale * evaluated(gaussian.intercept(), ensemble.width, mode))
    other = scale * (ensemble.error(mode, depth) + ensemble.error(mode - 1, depth))
    other += scale**2 * _spread(ensemble.width, mode) / 2
    real, imaginary = other + abs(reached.real - limit), other + abs(reached.imag)
    return Prediction(limit, real, real), Prediction(0.0, imaginary, imaginary)
