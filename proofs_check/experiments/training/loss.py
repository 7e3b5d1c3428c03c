"""The squared loss of a linear network: its value and gradient, from two moments of the data."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class SquaredLoss:
    """``L(J) = 1/(2P) Σ_p ‖J x_p - y_p‖²``, from the moments of the data alone.

    `input_moment` is ``Σ_xx``, `cross_moment` is ``Σ_yx``, both ``n × n``; `target_moment` is
    ``E‖y‖²``.
    """

    input_moment: NDArray[np.float64] = field(repr=False)
    cross_moment: NDArray[np.float64] = field(repr=False)
    target_moment: float

    @classmethod
    def of(cls, inputs: NDArray[np.float64], targets: NDArray[np.float64]) -> SquaredLoss:
        """Take the moments of samples in rows: `inputs` and `targets` have shape ``(P, n)``."""
        samples = len(inputs)
        return cls(
            input_moment=inputs.T @ inputs / samples,
            cross_moment=targets.T @ inputs / samples,
            target_moment=float(np.sum(targets**2) / samples),
        )

    def value(self, J: NDArray[np.float64]) -> float:
        """``½⟨J, J Σ_xx⟩ - ⟨J, Σ_yx⟩ + ½E‖y‖²``."""
        quadratic = np.sum(J * (J @ self.input_moment))
        linear = np.sum(J * self.cross_moment)
        return float(0.5 * quadratic - linear + 0.5 * self.target_moment)

    def gradient(self, J: NDArray[np.float64]) -> NDArray[np.float64]:
        """``G = J Σ_xx - Σ_yx``."""
        return np.asarray(J @ self.input_moment - self.cross_moment)
