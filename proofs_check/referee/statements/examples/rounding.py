"""From a float64 point to exact neighbours, ever finer: small denominators first, then more and more bits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from jacspec.proofs_check.interpretation.statements.float_functions import Array
from jacspec.proofs_check.referee.statements.examples.parameters import Exact, mapped

_DENOMINATORS = (1, 2, 3, 4, 6, 10, 12, 24, 60)
_BITS = (1, 2, 3, 4, 6, 8, 12, 16, 22, 30)
_SIMPLE = 12
"""A float that is a fraction with at most this denominator, to the last bit, is taken for it."""


@dataclass(frozen=True)
class Rounded:
    """A neighbour of a float64 parameter: exactly ``value``, or ``numerators``/``denominator``."""

    value: Array
    numerators: Array | None = None
    denominator: int = 1

    @property
    def exact(self) -> Exact:
        """The exact numbers."""
        if self.numerators is None:
            return as_exact(self.value)
        return mapped(lambda x: Fraction(int(x), self.denominator), self.numerators)


def roundings(point: Mapping[str, Array]) -> Iterator[dict[str, Rounded]]:
    """Ever finer exact neighbours of a point; the last is the point itself."""
    point = {name: np.asarray(P, dtype=float) for name, P in point.items()}
    for denominator in _DENOMINATORS:
        yield {name: _on_grid(P, denominator) for name, P in point.items()}
    for bits in _BITS:
        for each in (False, True):
            yield {name: to_bits(P, bits, each=each) for name, P in point.items()}
    yield {name: Rounded(P) for name, P in point.items()}


def as_exact(P: Array) -> Exact:
    """The float64 numbers as fractions."""
    return mapped(lambda x: _fraction(float(x)), np.asarray(P))


def complexity(parameters: Mapping[str, Array]) -> Array:
    """How far each example of a batch is from a few small whole numbers."""
    cost = np.zeros(len(next(iter(parameters.values()))))
    for P in parameters.values():
        flat = P.reshape(len(P), -1)
        cost += (
            (flat != 0).sum(axis=1)
            + 4 * (flat != np.round(flat)).sum(axis=1)
            + np.log1p(np.abs(flat)).sum(axis=1)
        )
    return cost


def _fraction(x: float) -> Fraction:
    simple = Fraction(x).limit_denominator(_SIMPLE)
    return simple if float(simple) == x else Fraction(x)


def _on_grid(P: Array, denominator: int) -> Rounded:
    numerators = np.round(P * denominator)
    return Rounded(numerators / denominator, numerators, denominator)


def to_bits(P: Array, bits: int, *, each: bool = False) -> Rounded:
    """Rounded to so many bits of each number, or of the largest."""
    with np.errstate(divide="ignore"):
        exponent = np.floor(np.log2(np.abs(P) if each else np.abs(P).max(initial=0.0)))
    unit = 2.0 ** (np.where(np.isfinite(exponent), exponent, 0.0) - bits + 1)
    return Rounded(np.round(P / unit) * unit)
