"""Full-batch gradient descent on a fixed-gates linear network."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from jacspec.numerics.support.errors import InputError
from jacspec.proofs_check.experiments.training.configuration import TrainingConfig
from jacspec.proofs_check.experiments.training.loss import SquaredLoss
from jacspec.proofs_check.experiments.training.network import (
    absorb,
    initial_network,
    partial_products,
    weight_gradients,
)
from jacspec.proofs_check.experiments.training.records import Record, Snapshot, TrainingResult
from jacspec.proofs_check.experiments.training.resolution import resolved_log_singular_values
from jacspec.proofs_check.experiments.training.samples import paired_samples


def descend(config: TrainingConfig, inputs: ArrayLike, targets: ArrayLike) -> Iterator[Snapshot]:
    """Run gradient descent ``W_l ← W_l - η ∂L/∂W_l``, yielding a snapshot at every recorded step.

    Whoever iterates decides what to keep and may stop at any time: after an interrupt, whatever
    was yielded is intact. The same configuration and data give the same bits on one machine;
    another BLAS, or another number of its threads, sums in another order and so differs by
    rounding.

    Parameters
    ----------
    config
        The network and the descent.
    inputs, targets
        Samples in rows, both of shape ``(P, n)``, ``n`` the width.

    Raises
    ------
    InputError
        If the samples do not fit the network or are not finite numbers, if a drawn layer is dead,
        or if the descent diverges.
    """
    # Checked here and not in a generator, which would delay the error to the first iteration.
    return _descend(config, *paired_samples(inputs, targets, config.width), *initial_network(config))


def train(config: TrainingConfig, inputs: ArrayLike, targets: ArrayLike) -> TrainingResult:
    """Train to the last step and collect the records: `descend` for those who can wait."""
    records = []
    for snapshot in descend(config, inputs, targets):
        records.append(snapshot.record)
        final = snapshot
    return TrainingResult.of(config, records, final)


def _descend(
    config: TrainingConfig,
    inputs: NDArray[np.float64],
    targets: NDArray[np.float64],
    weights: NDArray[np.float64],
    gates: NDArray[np.bool_],
) -> Iterator[Snapshot]:
    loss = SquaredLoss.of(inputs, targets)
    labels = targets.argmax(axis=1)
    for step in range(config.steps + 1):
        if step % config.record_every == 0 or step == config.steps:
            record = _measure(step, absorb(weights, gates), loss, inputs, labels, config)
            # A copy: the descent goes on in place.
            yield Snapshot(record, weights.copy(), gates)
        if step < config.steps:
            weights -= config.learning_rate * weight_gradients(weights, gates, loss)


def _measure(
    step: int,
    factors: NDArray[np.float64],
    loss: SquaredLoss,
    inputs: NDArray[np.float64],
    labels: NDArray[np.intp],
    config: TrainingConfig,
) -> Record:
    with np.errstate(over="ignore", invalid="ignore"):
        J = partial_products(factors)[-1]
        value = loss.value(J)
    if not math.isfinite(value):
        raise InputError(
            f"training diverged before step {step} with learning_rate {config.learning_rate} "
            f"and gain {config.gain}: expected a finite loss; take a smaller learning_rate"
        )
    outputs = inputs @ J.T
    return Record(
        step=step,
        loss=value,
        accuracy=float(np.mean(outputs.argmax(axis=1) == labels)),
        log_singular_values=resolved_log_singular_values(factors, config.top),
    )
