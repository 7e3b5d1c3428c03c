"""Evidence of the kind ``statistics``: means of independent samples against predictions, at a stated level.

For every quantity the mean of M independent values is compared with an interval: the prediction, widened
by a proven systematic error where the statement is asymptotic. The claim is rejected if any mean lies
farther from its interval than a threshold; if the claim is true that happens with probability at most
``level``. The threshold z solves

    2 P(T_{M-1} > z) exp(|g| z³/(3 √M)) = level/(number of quantities)

T being Student's t, g the sample skewness: Bonferroni over the quantities; the exponential is the first-order
correction of the tail of a studentised mean for skewness (Wang, Electron. J. Probab. 10 (2005)). What
is assumed is said in the evidence; a sample too small and too skewed for the level gives no evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import log, sqrt
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from jacspec.numerics import InputError
from jacspec.proofs_check.claims.effort import Effort
from jacspec.proofs_check.claims.evidence import Comparison, StatisticsEvidence, Status
from jacspec.proofs_check.claims.evidence_source import Finding
from jacspec.proofs_check.claims.mutants import Mutants

LEVEL = 1e-9
"""The largest probability with which a true claim may be rejected."""

Floats = NDArray[np.float64]
Samples = Mapping[str, Floats]


@dataclass(frozen=True)
class Prediction:
    """A mean is claimed to lie in [value - below, value + above]."""

    value: float
    below: float = 0.0
    above: float = 0.0

    def __post_init__(self) -> None:
        """Refuse an interval that is empty or not finite."""
        if not all(map(np.isfinite, (self.value, self.below, self.above))) or min(self.below, self.above) < 0:
            message = f"{self}: expected a finite value and finite systematic errors of at least 0"
            raise InputError(message)

    def distance(self, mean: float) -> float:
        """The signed distance of a mean from the interval, 0 inside."""
        return min(mean - (self.value - self.below), 0.0) + max(mean - (self.value + self.above), 0.0)


Predictions = Mapping[str, Prediction | float]


@dataclass(frozen=True)
class Statistics:
    """Means of a Monte Carlo sample against predictions, with mutants that the same sample must reject.

    Parameters
    ----------
    sample:
        ``sample(count, generator)`` returns arrays by name, the values of each independent and identically
        distributed; the arrays of different names may depend on one another.
    predicted:
        Function without arguments that returns the predicted mean of every name: a number, or a
        :class:`Prediction` with its systematic error.
    mutants:
        By name, wrong predictions, of which the sample must reject each.
    assumes:
        What is taken for granted of the sample, in words, for the evidence.
    size:
        The sample is ``size`` times the effort's, and at least ``least``.
    level:
        The largest probability of rejecting a claim that is true, all quantities together.
    """

    sample: Callable[[int, np.random.Generator], Samples]
    predicted: Callable[[], Predictions]
    mutants: Mapping[str, Callable[[], Predictions]] = field(default_factory=dict)
    assumes: str = "independent samples with a finite variance"
    size: float = 1.0
    least: int = 2
    level: float = LEVEL

    def __post_init__(self) -> None:
        """Refuse a level at which a rejection would mean little."""
        if not 0 < self.level <= LEVEL:
            message = f"level {self.level!r}: expected a false-alarm probability with 0 < level ≤ {LEVEL:g}"
            raise InputError(message)

    @property
    def kind(self) -> str:
        """The kind of evidence."""
        return StatisticsEvidence.kind

    def gather(self, *, effort: Effort, seed: int) -> Finding:
        """Draw the sample, compare, and try the mutants on the same sample."""
        start = perf_counter()
        count = max(self.least, round(self.size * effort.samples))
        samples = self.sample(count, np.random.default_rng(seed))
        comparisons = self._compare(samples, self.predicted())
        mutants = Mutants.named(
            (
                f"'{name}' is within the errors of the sample",
                any(each.rejected for each in self._compare(samples, mutant())),
            )
            for name, mutant in self.mutants.items()
        )
        size = min(len(samples[each.name]) for each in comparisons)
        worst = max(comparisons, key=lambda each: abs(each.score) / each.threshold)
        status, summary = self._reading(comparisons, worst, size)
        evidence = StatisticsEvidence(
            status=status,
            summary=summary,
            seconds=perf_counter() - start,
            sample_size=size,
            false_alarm=self.level,
            threshold=worst.threshold,
            quantities=comparisons,
            assumes=self.assumes,
            seed=seed,
        )
        return Finding(evidence, mutants)

    def _reading(self, comparisons: Sequence[Comparison], worst: Comparison, size: int) -> tuple[Status, str]:
        """What all the means say together, and why."""
        blunt = [each for each in comparisons if not np.isfinite(each.threshold)]
        if blunt:
            return (
                Status.NONE,
                f"{size} samples of {blunt[0].name} are too few for their skewness at {self.level:g}",
            )
        off = f"{abs(worst.score):.1f} standard errors off"
        if worst.rejected:
            return Status.AGAINST, f"{worst.name} is {off} ({size} samples)"
        means = "one mean" if len(comparisons) == 1 else f"{len(comparisons)} means"
        least = max(each.threshold * each.standard_error for each in comparisons)
        unseen = f", and errors below {least:.2g} need not show" if least else ""
        return Status.FOR, f"{means} of {size} samples or more, none more than {off}{unseen}"

    def _compare(self, samples: Samples, predictions: Predictions) -> tuple[Comparison, ...]:
        if not predictions or set(predictions) - set(samples):
            message = (
                f"predictions for {sorted(predictions)}; expected at least one, all of them among the "
                f"sampled quantities, {sorted(samples)}"
            )
            raise InputError(message)
        return tuple(
            comparison(name, samples[name], predicted, self.level / len(predictions))
            for name, predicted in predictions.items()
        )


def comparison(name: str, values: Floats, predicted: Prediction | float, level: float) -> Comparison:
    """A mean against its prediction, at that level."""
    prediction = predicted if isinstance(predicted, Prediction) else Prediction(float(predicted))
    if values.ndim != 1 or len(values) < 2 or not np.isfinite(values).all():
        message = (
            f"the sample of {name!r} has shape {values.shape}; expected at least two finite numbers in a row"
        )
        raise InputError(message)
    mean, spread = float(values.mean()), float(values.std(ddof=1))
    off = values - mean
    skewness = float((off * off * off).mean()) / spread**3 if spread else 0.0
    error = spread / len(values) ** 0.5
    return Comparison(
        name=name,
        samples=len(values),
        mean=mean,
        standard_error=error,
        predicted=prediction.value,
        systematic=(-prediction.below, prediction.above),
        score=_score(prediction.distance(mean), error),
        threshold=threshold(len(values), skewness, level),
    )


def _score(distance: float, error: float) -> float:
    """A distance in standard errors."""
    if distance == 0:
        return 0.0
    return distance / error if error else float(np.copysign(np.inf, distance))


@cache
def threshold(count: int, skewness: float, level: float) -> float:
    """The score beyond which a true mean of ``count`` values lies with probability at most ``level``.

    Infinite if the correction for skewness outgrows the tail before that level is reached.
    """
    from scipy.special import stdtr  # loaded when it is first needed

    small, least = log(level), np.finfo(float).tiny

    def excess(score: float) -> float:
        tail = max(2 * float(stdtr(count - 1, -score)), least)  # below that float64 does not hold it
        return log(tail) + abs(skewness) * score**3 / (3 * sqrt(count)) - small

    # The correction is used while it is small beside the tail, z²/2, whose slope it must not reach.
    end = min(count**0.5 / max(abs(skewness), 1e-9), 1e3)
    low, high = 0.0, 1.0
    while excess(min(high, end)) > 0:
        if high >= end:
            return float("inf")
        low, high = high, 2 * high
    high = min(high, end)
    while high - low > 1e-3:
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return float(high)
