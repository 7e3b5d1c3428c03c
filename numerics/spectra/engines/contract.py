"""What an engine takes and gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from jacspec.numerics.chains.chain import Chain
from jacspec.numerics.spectra.spectrum import Spectrum
from jacspec.numerics.support.arguments import whole_number

DIGITS = 30
"""Digits that an engine of arbitrary precision computes unless told otherwise."""

MOST_DIGITS = 4000
"""Python refuses to print integers of more than 4300 digits."""


class _Computation(Protocol):
    def __call__(self, chain: Chain, *, digits: int, vectors: bool) -> Spectrum: ...


class _Computations(Protocol):
    def __call__(self, chains: Sequence[Chain], *, digits: int) -> list[Spectrum]: ...


@dataclass(frozen=True)
class Engine:
    """A way to compute the spectrum of a chain to so many digits of every singular value.

    ``compute`` raises PrecisionError if the request cannot be met; more than ``most_digits`` are never asked
    of it. ``usual_digits`` are computed unless told otherwise. ``each`` is the same for many chains at once.
    """

    compute: _Computation
    most_digits: int
    usual_digits: int
    each: _Computations | None = None

    def digits(self, asked: Any, usual: int | None = None) -> int:
        """The digits to compute, None asking for the usual ones; raises InputError for more than it has."""
        most = self.most_digits
        usual = min(usual or self.usual_digits, most)
        if asked is None:
            return usual
        note = f"such as {usual}" if usual < most else "all that the engine gives"
        return whole_number("digits", asked, most=most, note=note)
