"""Evidence of the kind ``limit``: with which power of N random quantities go, with intervals by bootstrap.

At every point N the quantities x of many random instances are computed in float64. The power is the slope, by
least squares, of the mean of log|x - limit| against log N: the mean of the log, as |x - limit| itself has
tails that no mean survives. Its standard error is by bootstrap over the instances. The claim is supported if
every claimed power lies in its interval, the slope ± ``CONFIDENCE`` standard errors. A slope over finitely
many N refutes no limit: otherwise nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from jacspec.proofs_check.claims.effort import Effort
from jacspec.proofs_check.claims.evidence import Approach, LimitEvidence, Status, Trend
from jacspec.proofs_check.claims.evidence_source import Finding
from jacspec.proofs_check.claims.mutants import Mutants
from jacspec.proofs_check.referee.limits import CONFIDENCE, Rate

Floats = NDArray[np.float64]

_BITS = 53


@dataclass(frozen=True)
class Powers:
    """Quantities of random instances along ``points``, and the powers of N with which they near their limits.

    Parameters
    ----------
    points:
        The growing parameter, at least three values.
    sample:
        ``sample(point, count, generator)`` returns the quantities of so many instances by name.
    powers:
        By name, the limit of a quantity and the power of N with which it is claimed to be neared.
    mutants:
        By name, wrong powers: of each, some must lie outside of its interval.
    size, least:
        There are ``size`` times the effort's samples of instances at every point, and at least ``least``.
    """

    points: Sequence[int]
    sample: Callable[[int, int, np.random.Generator], Mapping[str, Floats]]
    powers: Mapping[str, tuple[float, float]]
    mutants: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    size: float = 0.1
    least: int = 100

    @property
    def kind(self) -> str:
        """The kind of evidence."""
        return LimitEvidence.kind

    def gather(self, *, effort: Effort, seed: int) -> Finding:
        """Sample, fit, and try the mutants on the same slopes."""
        start = perf_counter()
        count = max(self.least, round(self.size * effort.samples))
        samples = [self.sample(point, count, np.random.default_rng((seed, point))) for point in self.points]
        slopes = {name: self._slope([each[name] for each in samples], name) for name in self.powers}
        mutants = Mutants.named(
            (
                f"'{name}' lies in its interval",
                not all(_meets(slopes[quantity], power) for quantity, power in powers.items()),
            )
            for name, powers in self.mutants.items()
        )
        meets = {name: _meets(slopes[name], power) for name, (_, power) in self.powers.items()}
        said = "; ".join(
            f"{name} nears {limit:g} like $N^({slopes[name]})$" for name, (limit, _) in self.powers.items()
        )
        evidence = LimitEvidence(
            status=Status.FOR if all(meets.values()) else Status.NONE,
            summary=(
                f"{said}: mean logs of {count} instances at each of {len(self.points)} points up to "
                f"$N = {self.points[-1]}$, standard errors by bootstrap"
            ),
            seconds=perf_counter() - start,
            instances=count,
            precision_bits=_BITS,
            seed=seed,
            series=tuple(self._approach(name, slopes[name], samples) for name in self.powers),
        )
        return Finding(evidence, mutants)

    def _slope(self, values: Sequence[Floats], name: str) -> Rate:
        """The slope of the mean log deviation against log N."""
        limit, _ = self.powers[name]
        return Rate.fitted(
            np.log(self.points).tolist(), [np.log(np.abs(row - limit)).tolist() for row in values]
        )

    def _approach(self, name: str, power: Rate, samples: Sequence[Mapping[str, Floats]]) -> Approach:
        """What the evidence records."""
        sizes = [np.abs(each[name]) for each in samples]
        decay = Rate.fitted(self.points, [np.log(row).tolist() for row in sizes])
        return Approach(
            name=name,
            limit=self.powers[name][0],
            points=tuple(self.points),
            median_magnitude=tuple(float(np.median(row)) for row in sizes),
            power=power.slope,
            power_error=power.error,
            rate=decay.slope,
            rate_error=decay.error,
            reading=Trend.TENDS if power.falls else Trend.OPEN,
        )


def _meets(slope: Rate, power: float) -> bool:
    """Whether a power lies in the interval of a slope."""
    return abs(slope.slope - power) <= CONFIDENCE * slope.error
