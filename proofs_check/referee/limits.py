"""Evidence of the kind ``limit``: quantities along a growing parameter, in certified balls, and their rates.

At every point N the quantities of several random instances are enclosed in balls, at a precision raised
until each is known to 2^-64 of its size. With d = |x - limit| and the median over the instances,

* a quantity *tends* to its limit if the least-squares slope of log d against log N is negative by more than
  ``CONFIDENCE`` of its standard errors, by bootstrap over the instances and by the scatter about the line;
* it *stays away* if it does not tend, the median of d certainly does not fall below ``AWAY`` of what it is at
  the first point, at any later point, and at the last point the instances that are certainly that far off
  are too many for chance: by the sign test, the median of the whole ensemble is.

The claim is supported if all quantities tend to their limits, and refuted if one stays away. The exponential
rate of |x| itself, the slope of log|x| against N with its standard error, is reported for each quantity.
Errors that are shown are those of the bootstrap.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import comb, log
from time import perf_counter
from typing import Generic, TypeVar

import numpy as np
from flint import arb

from jacspec.numerics import PrecisionError
from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.claims.effort import Effort
from jacspec.proofs_check.claims.evidence import Approach, LimitEvidence, Status, Trend
from jacspec.proofs_check.claims.evidence_source import Finding
from jacspec.proofs_check.claims.mutants import Mutants

CONFIDENCE = 3.0
"""Standard errors by which a slope must be negative to count as convergence."""

AWAY = 0.25
"""The share of its first deviation that a quantity keeps if it stays away."""

_CHANCE = 0.01
"""The largest probability, by the sign test, with which few instances may feign a median that stays away."""

_BITS, _START, _CAP = 64, 256, 1 << 16
_RESAMPLES = 400

Instance = TypeVar("Instance")
Balls = Mapping[str, arb]


@dataclass(frozen=True)
class Rate:
    """A least-squares slope with its standard error; ``misfit`` is what the scatter about the line shows."""

    slope: float
    error: float
    misfit: float

    @classmethod
    def fitted(cls, x: Sequence[float], rows: Sequence[Sequence[float]]) -> Rate:
        """The slope of y against x, of the values y of several instances at each x.

        The error is the spread of the slope when the instances at each x are drawn again with replacement.
        """
        values = [np.asarray(row, dtype=float) for row in rows]
        generator = np.random.default_rng(0)
        again = [generator.choice(row, (_RESAMPLES, len(row))).mean(axis=1) for row in values]
        (slope, *resampled), (height, *_) = np.polyfit(
            x, [[row.mean(), *means] for row, means in zip(values, again, strict=True)], 1
        )
        residuals = np.concatenate([row - slope * at - height for at, row in zip(x, values, strict=True)])
        across = np.repeat(x, [len(row) for row in values])
        square = float(np.var(across)) * len(across)
        misfit = np.sqrt(residuals @ residuals / max(len(across) - 2, 1) / square)
        return cls(float(slope), float(np.std(resampled, ddof=1)), float(misfit))

    @property
    def falls(self) -> bool:
        """Whether the slope is negative beyond either error."""
        return self.slope + CONFIDENCE * max(self.error, self.misfit) < 0

    def __str__(self) -> str:
        return f"{self.slope:.3g} ± {self.error:.2g}"


@dataclass(frozen=True)
class Series:
    """One quantity at every point: balls of its values, one for each instance."""

    name: str
    points: tuple[int, ...]
    values: tuple[tuple[arb, ...], ...]

    def deviations(self, limit: float) -> tuple[tuple[arb, ...], ...]:
        """|x - limit|."""
        return tuple(tuple(abs(x - limit) for x in row) for row in self.values)

    def convergence(self, limit: float) -> Rate:
        """The power of N with which the deviation falls; exact agreement counts as the ball's radius."""
        return self._slope(self.deviations(limit), [log(point) for point in self.points])

    def tends(self, limit: float) -> bool:
        """Whether the deviation falls, beyond the errors of its slope."""
        return self.convergence(limit).falls

    @property
    def decay(self) -> Rate:
        """The exponential rate of |x| per unit of N."""
        return self._slope(self.deviations(0.0), [float(point) for point in self.points])

    def _slope(self, rows: Sequence[Sequence[arb]], at: Sequence[float]) -> Rate:
        return Rate.fitted(at, [[_log(value) for value in row] for row in rows])

    def stays_away(self, limit: float) -> bool:
        """Whether the median deviation certifiably keeps its share at every later point, beyond chance."""
        if self.tends(limit):
            return False
        first, *later = self.deviations(limit)
        bound = AWAY * _median([float(value.upper()) for value in first])
        if any(_median([float(value.lower()) for value in row]) < bound for row in later):
            return False
        far = sum(float(value.lower()) >= bound for value in later[-1])
        return _sign_test(far, len(later[-1])) <= _CHANCE

    def trend(self, limit: float) -> Trend:
        """What the deviation does, as far as its errors show."""
        if self.stays_away(limit):
            return Trend.STAYS_AWAY
        return Trend.TENDS if self.tends(limit) else Trend.OPEN

    def approach(self, limit: float) -> Approach:
        """What the evidence records."""
        medians = [_median([float(value.mid()) for value in row]) for row in self.deviations(0.0)]
        fall, decay = self.convergence(limit), self.decay
        return Approach(
            name=self.name,
            limit=limit,
            points=self.points,
            median_magnitude=tuple(medians),
            power=fall.slope,
            power_error=fall.error,
            rate=decay.slope,
            rate_error=decay.error,
            reading=self.trend(limit),
        )


@dataclass(frozen=True)
class Limit(Generic[Instance]):
    """Quantities of random instances along ``points``, and the limits to which they are claimed to tend.

    Parameters
    ----------
    points:
        The growing parameter, at least three values.
    draw:
        ``draw(point, generator)`` returns an instance, exact.
    measure:
        ``measure(instance)`` returns balls by name, at the precision in force.
    limits:
        The claimed limits by name.
    mutants:
        By name, wrong limits: of each, some quantity must be shown to stay away.
    size, least:
        There are ``size`` times the effort's samples of instances at every point, and at least ``least``.
    """

    points: Sequence[int]
    draw: Callable[[int, np.random.Generator], Instance]
    measure: Callable[[Instance], Balls]
    limits: Mapping[str, float]
    mutants: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    size: float = 0.01
    least: int = 9

    @property
    def kind(self) -> str:
        """The kind of evidence."""
        return LimitEvidence.kind

    def gather(self, *, effort: Effort, seed: int) -> Finding:
        """Enclose, fit, and try the mutants on the same balls."""
        start = perf_counter()
        count = max(self.least, round(self.size * effort.samples))
        series, bits = self._enclosed(count, seed)
        mutants = Mutants.named(
            (
                f"'{name}' is not shown to stay away from its limit",
                any(series[quantity].stays_away(limit) for quantity, limit in limits.items()),
            )
            for name, limits in self.mutants.items()
        )
        status, summary = self._reading(series, count)
        evidence = LimitEvidence(
            status=status,
            summary=summary,
            seconds=perf_counter() - start,
            instances=count,
            precision_bits=bits,
            seed=seed,
            series=tuple(series[name].approach(limit) for name, limit in self.limits.items()),
        )
        return Finding(evidence, mutants)

    def _reading(self, series: Mapping[str, Series], count: int) -> tuple[Status, str]:
        """What all the quantities say together, and why."""
        trends = {name: series[name].trend(limit) for name, limit in self.limits.items()}
        away = [name for name, trend in trends.items() if trend is Trend.STAYS_AWAY]
        last = self.points[-1]
        if away:
            rates = "; ".join(f"{name} falls as $exp(({series[name].decay}) N)$" for name in away)
            return Status.AGAINST, f"certified up to $N = {last}$: {rates}"
        if all(trend is Trend.TENDS for trend in trends.values()):
            rates = "; ".join(
                f"{name} differs from {limit:g} like $N^({series[name].convergence(limit)})$"
                for name, limit in self.limits.items()
            )
            return Status.FOR, f"certified up to $N = {last}$: {rates}"
        return Status.NONE, f"no trend beyond its errors up to $N = {last}$ ({count} instances)"

    def _enclosed(self, count: int, seed: int) -> tuple[dict[str, Series], int]:
        rows: dict[str, list[tuple[arb, ...]]] = {}
        bits = _START
        for point in self.points:
            found = []
            for number in range(count):
                instance = self.draw(point, np.random.default_rng((seed, point, number)))
                # What one instance took, the next ones take too.
                values, bits = resolved(lambda drawn=instance: self.measure(drawn), start=bits)  # type: ignore[misc]
                found.append(values)
            for name in found[0]:
                rows.setdefault(name, []).append(tuple(values[name] for values in found))
        return {name: Series(name, tuple(self.points), tuple(row)) for name, row in rows.items()}, bits


def resolved(measure: Callable[[], Balls], *, start: int = _START) -> tuple[Balls, int]:
    """Balls whose radii are at most 2^-64 of their size, at a doubled precision as often as it takes.

    Raises PrecisionError at a cap of 65 536 bits.
    """
    bits = start
    while bits <= _CAP:
        with balls(bits):
            values = measure()
            if all(value.is_finite() and value.rel_accuracy_bits() >= _BITS for value in values.values()):
                return values, bits
        bits *= 2
    message = f"{', '.join(values)}: not resolved within {_CAP} bits; expected quantities that are not zero"
    raise PrecisionError(message)


def _log(value: arb) -> float:
    return float(abs(value).upper().log())


def _median(values: Sequence[float]) -> float:
    return float(np.median(values))


def _sign_test(far: int, count: int) -> float:
    """The probability of at least ``far`` of ``count`` instances beyond the median."""
    return sum(comb(count, i) for i in range(far, count + 1)) / 2.0**count
