"""What an engine takes and gives."""

from __future__ import annotations

from typing import Any, Protocol

from jacspec.numerics.chains.chain import Chain
from jacspec.numerics.spectra.spectrum import Spectrum
from jacspec.numerics.support.arguments import whole_number

__all__ = ["DIGITS", "FLOAT64_DIGITS", "MOST_DIGITS", "Engine", "checked_digits"]

DIGITS = 30
"""Digits that an engine of arbitrary precision computes unless told otherwise."""

FLOAT64_DIGITS = 10
"""What the graded product gives in every log singular value at any depth; never more."""

MOST_DIGITS = 4000
"""Python refuses to print integers of more than 4300 digits."""


class Engine(Protocol):
    """A way to compute the spectrum of a chain to ``digits`` digits of every singular value."""

    def __call__(self, chain: Chain, *, digits: int, vectors: bool) -> Spectrum:
        """Compute; raises PrecisionError if the request cannot be met."""
        ...


def checked_digits(digits: Any, engine: str, usual: int = DIGITS) -> int:
    """The digits asked of an engine; None asks for the usual ones."""
    if engine == "float64":
        most, usual, note = FLOAT64_DIGITS, FLOAT64_DIGITS, "all that the float64 engine gives"
    else:
        most, note = MOST_DIGITS, f"such as {usual}"
    return usual if digits is None else whole_number("digits", digits, most=most, note=note)
