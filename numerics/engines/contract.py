"""What an engine takes and gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from flint import arb

from numerics.chain import Chain

__all__ = ["GUARD_DIGITS", "Engine", "EngineResult"]

GUARD_DIGITS = 12
"""Digits that an engine computes beyond the request, so that logs near zero keep significant ones too."""


@dataclass(frozen=True, eq=False)
class EngineResult:
    """Log singular values in descending order, as mpmath numbers, ``-inf`` beyond the rank.

    ``enclosures`` are balls of the same, or None if the engine does not certify. The columns of the
    vectors belong to the non-zero singular values.
    """

    rank: int
    log_values: tuple[Any, ...]
    enclosures: tuple[arb, ...] | None
    left_vectors: Any | None
    right_vectors: Any | None
    precision_bits: int


class Engine(Protocol):
    """A way to compute the spectrum of a chain to ``digits`` digits of every singular value."""

    def __call__(self, chain: Chain, *, digits: int, vectors: bool) -> EngineResult:
        """Compute; raises PrecisionError if the request cannot be met."""
        ...
