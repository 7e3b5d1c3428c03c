"""How far the fixed-gates view goes: Jacobians of a ReLU network at held inputs, gates moving and frozen.

Two networks descend from the same weights on the same samples, one with the gates that the weights give
(`moving`), one with the gates of initialisation kept for every sample (`frozen`). At inputs that neither
trains on, the Jacobian is the chain of absorbed factors; its log singular values are recorded with

* the network's own gates, log s_k(W_t, D_t): in the frozen network D_t = D_0;
* for the moving one also the new weights behind the gates of the record before: the change since then is
  [log s_k(W_t, D_{t-1}) - log s_k(W_{t-1}, D_{t-1})] + [log s_k(W_t, D_t) - log s_k(W_t, D_{t-1})], the
  first by the weights, which a fixed-gates theory sees, the second by gates that flipped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from jacspec.proofs_check.experiments.training import (
    MovingSnapshot,
    absorb,
    gates_at,
    resolved_log_singular_values,
)

Floats = NDArray[np.float64]
Gates = NDArray[np.bool_]


@dataclass(frozen=True)
class HeldRecord:
    """One recorded step at the held inputs.

    `logs` and `behind_last_gates` (the new weights behind the gates of the record before) have shape
    ``(inputs, top)``; `flipped` is the share of gates that differ from initialisation, `flipping` from the
    record before.
    """

    step: int
    loss: float
    accuracy: float
    logs: Floats = field(repr=False)
    behind_last_gates: Floats = field(repr=False)
    flipped: float
    flipping: float


class HeldJacobians:
    """The Jacobians of one descent at held inputs, record after record."""

    def __init__(self, inputs: Floats, top: int, *, frozen: bool) -> None:
        self._inputs, self._top, self._frozen = inputs, top, frozen
        self._first: Gates | None = None
        self._last: Gates | None = None

    def record(self, snapshot: MovingSnapshot) -> HeldRecord:
        """Measure at a snapshot; snapshots come in the order of the descent."""
        weights = snapshot.weights
        gates = self._first if self._frozen and self._first is not None else gates_at(weights, self._inputs)
        first = gates if self._first is None else self._first
        last = gates if self._last is None else self._last
        logs = self._logs(weights, gates)
        record = HeldRecord(
            step=snapshot.step,
            loss=snapshot.loss,
            accuracy=snapshot.accuracy,
            logs=logs,
            behind_last_gates=logs if np.array_equal(gates, last) else self._logs(weights, last),
            flipped=float(np.mean(gates != first)),
            flipping=float(np.mean(gates != last)),
        )
        self._first, self._last = first, gates
        return record

    def _logs(self, weights: Floats, gates: Gates) -> Floats:
        return np.stack([resolved_log_singular_values(absorb(weights, each), self._top) for each in gates])


@dataclass(frozen=True)
class GateTest:
    """Both descents; of the frozen one there may be fewer records, or none, if it was interrupted."""

    moving: Sequence[HeldRecord]
    frozen: Sequence[HeldRecord]

    @property
    def steps(self) -> NDArray[np.int64]:
        """The recorded steps of the moving network."""
        return np.array([record.step for record in self.moving], dtype=np.int64)

    @property
    def moving_logs(self) -> Floats:
        """Shape (records, inputs, top)."""
        return np.stack([record.logs for record in self.moving])

    @property
    def frozen_logs(self) -> Floats:
        """Shape (records, inputs, top), NaN where there is no record."""
        logs = np.full(self.moving_logs.shape, np.nan)
        for index, record in enumerate(self.frozen):
            logs[index] = record.logs
        return logs

    @property
    def by_gates(self) -> Floats:
        """The part of log s_k - log s_k(0) that flips account for, summed over records; as `moving_logs`."""
        jumps = np.stack([record.logs - record.behind_last_gates for record in self.moving])
        return np.asarray(np.cumsum(jumps, axis=0))

    @property
    def by_weights(self) -> Floats:
        """The other part, that of the weights behind fixed gates."""
        logs = self.moving_logs
        return np.asarray(logs - logs[0] - self.by_gates)

    @property
    def flipped(self) -> Floats:
        """Share of gates that differ from those of initialisation, per record."""
        return np.array([record.flipped for record in self.moving])

    @property
    def error(self) -> Floats:
        """|moving - frozen| in log s_k, the mean over inputs: shape (records, top)."""
        return np.asarray(np.abs(self.moving_logs - self.frozen_logs).mean(axis=1))
