"""What is kept of a training run: records, snapshots of the network, and all of them together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from jacspec.numerics.chains.chain import Chain
from jacspec.proofs_check.experiments.training.configuration import TrainingConfig
from jacspec.proofs_check.experiments.training.network import absorb


@dataclass(frozen=True)
class Record:
    """What was measured at one step of training.

    `loss` is ``L(J)``; `accuracy` the share of samples whose largest output is where their
    largest target is; `log_singular_values` are natural logs in descending order, shape
    ``(top,)``, NaN where float64 does not resolve them (the singular value may then be exactly
    zero).
    """

    step: int
    loss: float
    accuracy: float
    log_singular_values: NDArray[np.float64]


@dataclass(frozen=True)
class Snapshot:
    """A recorded step together with the network at that step.

    `weights` has shape ``(N, n, n)`` with ``weights[l-1] = W_l``; `gates` has shape ``(N-1, n)``
    with ``gates[l-1]`` the diagonal of ``D_l``, as booleans.
    """

    record: Record
    weights: NDArray[np.float64] = field(repr=False)
    gates: NDArray[np.bool_] = field(repr=False)

    @property
    def factors(self) -> NDArray[np.float64]:
        """Absorbed factors ``M_l = D_l W_l D_{l-1}``, shape ``(N, n, n)``."""
        return absorb(self.weights, self.gates)

    def chain(self) -> Chain:
        """Give the absorbed factors as a chain, so that its product is ``J``."""
        return Chain(list(self.factors))


@dataclass(frozen=True)
class TrainingResult:
    """Everything that a training run leaves behind.

    `steps`, `losses` and `accuracies` have shape ``(R,)`` for ``R`` records,
    `log_singular_values` has shape ``(R, top)``; the meaning of each is that of `Record`. `final`
    is the network at the last record.
    """

    config: TrainingConfig
    steps: NDArray[np.int64] = field(repr=False)
    losses: NDArray[np.float64] = field(repr=False)
    accuracies: NDArray[np.float64] = field(repr=False)
    log_singular_values: NDArray[np.float64] = field(repr=False)
    final: Snapshot

    @classmethod
    def of(cls, config: TrainingConfig, records: Sequence[Record], final: Snapshot) -> TrainingResult:
        """Collect the records of a run, complete or cut short, in the order they were taken."""
        return cls(
            config=config,
            steps=np.array([record.step for record in records], dtype=np.int64),
            losses=np.array([record.loss for record in records]),
            accuracies=np.array([record.accuracy for record in records]),
            log_singular_values=np.stack([record.log_singular_values for record in records]),
            final=final,
        )

    @property
    def complete(self) -> bool:
        """Whether the run reached the last step it was configured for."""
        return self.final.record.step == self.config.steps

    def chain(self) -> Chain:
        """Give the trained network as the chain of its absorbed factors."""
        return self.final.chain()
