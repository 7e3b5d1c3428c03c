"""What an engine takes and gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from flint import arb, arb_mat

from jacspec.numerics.chains.chain import Chain

__all__ = ["DIGITS", "GUARD_DIGITS", "MOST_DIGITS", "Engine", "EngineResult"]

GUARD_DIGITS = 12
"""Digits that an engine computes beyond the request, so that logs near zero keep significant ones too."""


@dataclass(frozen=True, eq=False)
class EngineResult:
    """Log singular values in descending order, as mpmath numbers, ``-inf`` beyond the rank.

    ``enclosures`` are balls of the same, or None if the engine does not certify. The columns of the
    vectors, on request, belong to the non-zero singular values: ``left_enclosures`` and
    ``right_enclosures`` from an engine that certifies, ``left_estimates`` and ``right_estimates``, mpmath
    matrices, from one that does not. ``clusters`` are the positions (from 0) of non-zero singular values
    that were not told apart: of such, the columns enclose a basis of their common subspace. ``shortfall``
    says in one line what was not reached; empty if the request was met.
    """

    rank: int
    log_values: tuple[Any, ...]
    enclosures: tuple[arb, ...] | None
    precision_bits: int
    left_estimates: Any | None = None
    right_estimates: Any | None = None
    left_enclosures: arb_mat | None = None
    right_enclosures: arb_mat | None = None
    clusters: tuple[tuple[int, ...], ...] = ()
    shortfall: str = ""


DIGITS = 30
"""Digits that an engine of arbitrary precision computes unless told otherwise."""

MOST_DIGITS = 4000
"""Python refuses to print integers of more than 4300 digits."""


class Engine(Protocol):
    """A way to compute the spectrum of a chain to ``digits`` digits of every singular value."""

    def __call__(self, chain: Chain, *, digits: int, vectors: bool) -> EngineResult:
        """Compute; raises PrecisionError if the request cannot be met."""
        ...
