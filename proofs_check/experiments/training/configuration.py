"""What determines a training run, apart from its data."""

from __future__ import annotations

from dataclasses import dataclass

from jacspec.numerics.support.arguments import positive_number, probability, whole_number


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
        for name in ("depth", "width", "steps", "record_every"):
            self._keep(name, whole_number(name, getattr(self, name)))
        self._keep(
            "top", whole_number("top", self.top, most=self.width, note="the number of singular values")
        )
        self._keep("seed", whole_number("seed", self.seed, least=0))
        self._keep("gate_probability", probability("gate_probability", self.gate_probability))
        self._keep("gain", positive_number("gain", self.gain, example=1.0))
        self._keep("learning_rate", positive_number("learning_rate", self.learning_rate, example=0.2))

    def _keep(self, name: str, value: float) -> None:
        """Set a field to its value as a plain number, which JSON can hold."""
        object.__setattr__(self, name, value)
