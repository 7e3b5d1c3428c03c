"""What determines a training run, apart from its data."""

from __future__ import annotations

import math
from dataclasses import dataclass

from jacspec.numerics.support.errors import InputError

__all__ = ["TrainingConfig"]


@dataclass(frozen=True, kw_only=True)
class TrainingConfig:
    """What determines a training run, apart from its data.

    Parameters
    ----------
    depth, width
        Number ``N`` of weights and their size ``n × n``.
    gate_probability
        Each gate is open with this probability, independently; 1 gives a deep linear network.
    gain
        Initial weights are i.i.d. ``N(0, gain/width)``.
    learning_rate, steps
        Step size and number of steps of gradient descent.
    record_every
        A record is taken at step 0, then every so many steps, and after the last.
    top
        How many singular values of ``J`` a record holds, from the largest.
    seed
        Seeds NumPy's PCG64, from which gates are drawn first, then weights from the input to the
        output.

    Raises
    ------
    InputError
        If a value is outside its range.
    """

    depth: int = 10
    width: int = 64
    gate_probability: float = 0.5
    gain: float = 1.0
    learning_rate: float = 0.2
    steps: int = 5000
    record_every: int = 25
    top: int = 15
    seed: int = 0

    def __post_init__(self) -> None:
        for name, least in (
            ("depth", 1), ("width", 1), ("steps", 1), ("record_every", 1), ("top", 1), ("seed", 0)
        ):  # fmt: skip
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < least:
                raise InputError(f"{name} is {value!r}: expected an integer of at least {least}")
        if self.top > self.width:
            raise InputError(
                f"top is {self.top}: expected at most the width, {self.width}, "
                "as J has no more singular values"
            )
        for name in ("gate_probability", "gain", "learning_rate"):
            value = getattr(self, name)
            if not isinstance(value, (int, float)) or not 0 < value < math.inf:
                raise InputError(f"{name} is {value!r}: expected a positive finite number")
        if self.gate_probability > 1:
            raise InputError(
                f"gate_probability is {self.gate_probability!r}: expected at most 1, a probability"
            )
