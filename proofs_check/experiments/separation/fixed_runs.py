"""Three fixed-gates networks from the same weights and gates, on data with and without meaning."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jacspec.proofs_check.experiments.frame.digits import (
    least_squares_loss,
    load_digits,
    permuted_labels,
    random_inputs,
)
from jacspec.proofs_check.experiments.frame.progress import Progress
from jacspec.proofs_check.experiments.training import (
    Record,
    Snapshot,
    TrainingConfig,
    TrainingResult,
    descend,
)

_LONGER: Final = 4
"""Without meaning in the data there is less to fit, and the modes take that much longer."""


@dataclass
class FixedRun:
    """A fixed-gates network, its data, and what has been recorded of its training."""

    name: str
    title: str
    config: TrainingConfig
    inputs: NDArray[np.float64] = field(repr=False)
    targets: NDArray[np.float64] = field(repr=False)
    result: TrainingResult | None = None
    optimum: float = float("nan")

    def train(self, progress: Progress) -> None:
        """Train as far as it goes: an interrupt leaves what was recorded by then in `result`."""
        done = progress.done
        records: list[Record] = []
        final: Snapshot | None = None
        self.optimum = least_squares_loss(self.inputs, self.targets)
        try:
            for snapshot in descend(self.config, self.inputs, self.targets):
                records.append(snapshot.record)
                final = snapshot
                progress.reached(
                    done + snapshot.record.step, f"{self.title}: loss {snapshot.record.loss:.4f}"
                )
        finally:
            if final is not None:
                # An interrupt between the first two assignments above leaves one record too many.
                kept = [record for record in records if record.step <= final.record.step]
                self.result = TrainingResult.of(self.config, kept, final)


def fixed_runs(seed: int, steps: int) -> list[FixedRun]:
    """The three fixed-gates networks: the same weights and gates, other data."""
    short = TrainingConfig(seed=seed, steps=steps)
    long = TrainingConfig(seed=seed, steps=_LONGER * steps, record_every=_LONGER * short.record_every)
    digits = load_digits(short.width)
    # Streams of their own, so that no data shares its numbers with the weights.
    permuted = permuted_labels(digits, np.random.default_rng((seed, 1)))
    random = random_inputs(digits, np.random.default_rng((seed, 2)))
    return [
        FixedRun("digits", "digits", short, *digits),
        FixedRun("permuted", "permuted labels", long, *permuted),
        FixedRun("random", "random inputs", long, *random),
    ]
