"""The log singular values of a deep product, by a choice of engines behind one small contract."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from numbers import Integral
from time import perf_counter
from typing import Any

import numpy as np
from flint import arb, arb_mat
from numpy.typing import NDArray

from jacspec.numerics.chains.chain import Chain
from jacspec.numerics.notebook import spectrum_html
from jacspec.numerics.spectra.engines import ENGINES
from jacspec.numerics.spectra.engines.contract import DIGITS, GUARD_DIGITS, MOST_DIGITS, EngineResult
from jacspec.numerics.spectra.engines.float64 import DIGITS as FLOAT64_DIGITS
from jacspec.numerics.support.enclosures import midpoint
from jacspec.numerics.support.errors import InputError
from jacspec.numerics.support.precision import balls, mp_context
from jacspec.numerics.support.printing import as_printed

__all__ = ["DEFAULT_ENGINE", "Spectrum", "as_spectrum", "spectrum"]

DEFAULT_ENGINE = "certified"

_MOST_ROWS = 256
"""Longer tables leave out their middle."""


@dataclass(frozen=True, eq=False)
class Spectrum:
    """log s_1 ≥ log s_2 ≥ … of J, how they were obtained, and how far they can be trusted.

    Attributes
    ----------
    depth, shape, rank:
        Of the chain and of its product; the rank is exact.
    digits:
        Each non-zero s_k is right to this many significant digits, so log s_k to 10^-digits
        absolutely.
    log_singular_values:
        Float64, descending, shape (min(rows, columns),); ``-inf`` for a zero singular value.
    log_values:
        The same as mpmath numbers, at full precision.
    enclosures:
        Rigorous balls of log s_k from a certified engine; None from an engine that only checks
        itself.
    left_enclosures, right_enclosures:
        If asked for, the singular vectors as rigorous balls, from an engine that certifies: columns u_k and
        v_k for the non-zero singular values kept; the entry of u_k that is largest in magnitude is positive.
    left_estimates, right_estimates:
        The same as mpmath matrices, from an engine that does not certify.
    clusters:
        Positions (from 0) of singular values that could not be told apart; their vectors enclose a basis
        of their common subspace.
    shortfall:
        What of the request was not reached, in one line; empty if it was met.
    precision_bits, seconds, engine:
        What it took.
    """

    depth: int
    shape: tuple[int, int]
    rank: int
    digits: int
    log_values: tuple[Any, ...]
    enclosures: tuple[arb, ...] | None
    precision_bits: int
    seconds: float
    engine: str
    left_estimates: Any | None = None
    right_estimates: Any | None = None
    left_enclosures: arb_mat | None = None
    right_enclosures: arb_mat | None = None
    clusters: tuple[tuple[int, ...], ...] = ()
    shortfall: str = ""

    @cached_property
    def left_vectors(self) -> Any | None:
        """u_k as the columns of an mpmath matrix, midpoints if they are enclosed; None if not asked for."""
        return self._vectors(self.left_enclosures, self.left_estimates)

    @cached_property
    def right_vectors(self) -> Any | None:
        """v_k, like :attr:`left_vectors`."""
        return self._vectors(self.right_enclosures, self.right_estimates)

    def _vectors(self, enclosures: arb_mat | None, estimates: Any | None) -> Any | None:
        if enclosures is None:
            return estimates
        context = mp_context(self.precision_bits + 64)
        matrix = context.matrix(enclosures.nrows(), enclosures.ncols())
        for position, ball in enumerate(enclosures.entries()):
            matrix[divmod(position, enclosures.ncols())] = midpoint(ball, context)
        return matrix

    @property
    def log_singular_values(self) -> NDArray[np.float64]:
        """The logs as float64, descending."""
        return np.array([float(value) for value in self.log_values])

    def decimal_strings(self) -> list[str]:
        """The logs in decimal, fixed-point; ``-inf`` for a zero singular value.

        At least ``digits`` decimals, and more where log s_k is near zero, to keep ``digits`` of them
        significant; but at most 12 more, as no more are computed.
        """
        return [_decimal(value, self.digits) for value in self.log_values]

    def to_json(self) -> dict[str, Any]:
        """The spectrum as the JSON data that the command line promises."""
        strings = self.decimal_strings()
        radii: list[str] | list[None] = [None] * len(strings)
        if self.enclosures is not None:
            radii = [_distance(ball, text) for ball, text in zip(self.enclosures, strings, strict=True)]
        return {
            "depth": self.depth,
            "shape": list(self.shape),
            "engine": self.engine,
            "rank": self.rank,
            "log_singular_values": strings,
            "log_radii": radii,
            "precision_bits": self.precision_bits,
            "seconds": round(self.seconds, 4),
        }

    _repr_pretty_ = as_printed

    def _repr_html_(self) -> str:
        return spectrum_html(self)

    def __str__(self) -> str:
        product = {1: "M_1", 2: "M_2 M_1"}.get(self.depth, f"M_{self.depth} ⋯ M_1")
        head = (
            f"J = {product}: {self.shape[0]}×{self.shape[1]}, rank {self.rank}; "
            f"{self.engine} engine, {self.precision_bits} bits, {self.seconds:.2f} s"
        )
        strings = self.decimal_strings()
        points = max(text.find(".") if "." in text else len(text) for text in strings)
        lines = [
            f"{position:>6}   {'' if '.' not in text else ' ' * (points - text.find('.'))}{text}"
            for position, text in enumerate(strings, 1)
        ]
        if len(lines) > _MOST_ROWS:
            half = _MOST_ROWS // 2
            lines[half:-half] = [f"{'…':>6}   ({len(lines) - 2 * half} more)"]
        notes = [f"note: {self.shortfall}"] if self.shortfall else []
        certified = "certified" if self.enclosures is not None else "right"
        return "\n".join(
            [head, *notes, f"{'k':>6}   log s_k, {certified} to {self.digits} digits of s_k", *lines]
        )


def spectrum(
    chain: Chain,
    *,
    digits: int | None = None,
    engine: str = DEFAULT_ENGINE,
    vectors: bool = False,
    top: int | None = None,
) -> Spectrum:
    """Compute the log singular values of ``J = M_N ⋯ M_1`` to ``digits`` digits of every s_k.

    ``digits`` defaults to 30, and to 10, which is all there is, for the float64 engine.

    ``top`` keeps only the largest; ``vectors`` asks for singular vectors too. Depth neither under-
    nor overflows, and precision follows the chain's own dynamic range. Estimate or enclosure: see
    :class:`Spectrum`.

    Raises InputError for a bad argument, PrecisionError if the request cannot be met.
    """
    if not isinstance(chain, Chain):
        message = f"spectrum was given {type(chain).__name__}; expected a Chain: give Chain([M1, M2, …])"
        raise InputError(message)
    if engine not in ENGINES:
        message = f"unknown engine {engine!r}: expected one of {', '.join(ENGINES)}"
        raise InputError(message)
    if digits is None:
        digits = FLOAT64_DIGITS if engine == "float64" else DIGITS
    digits = _count("digits", digits, MOST_DIGITS, str(DIGITS))
    size = min(chain.shape)
    if top is not None:
        top = _count("top", top, size, "1")
    start = perf_counter()
    found = ENGINES[engine](chain, digits=digits, vectors=vectors)
    seconds = perf_counter() - start
    return as_spectrum(
        found, chain.depth, chain.shape, digits=digits, engine=engine, seconds=seconds, top=top
    )


def as_spectrum(
    found: EngineResult,
    depth: int,
    shape: tuple[int, int],
    *,
    digits: int,
    engine: str,
    seconds: float,
    top: int | None = None,
) -> Spectrum:
    """What an engine found, with what was asked of it."""
    kept = min(shape) if top is None else top
    return Spectrum(
        depth=depth,
        shape=shape,
        rank=found.rank,
        digits=digits,
        log_values=found.log_values[:kept],
        enclosures=None if found.enclosures is None else found.enclosures[:kept],
        precision_bits=found.precision_bits,
        seconds=seconds,
        engine=engine,
        left_estimates=_columns(found.left_estimates, kept),
        right_estimates=_columns(found.right_estimates, kept),
        left_enclosures=_ball_columns(found.left_enclosures, kept),
        right_enclosures=_ball_columns(found.right_enclosures, kept),
        clusters=found.clusters,
        shortfall=found.shortfall,
    )


def _columns(vectors: Any | None, kept: int) -> Any | None:
    return vectors if vectors is None or vectors.cols <= kept else vectors[:, :kept]


def _ball_columns(vectors: arb_mat | None, kept: int) -> arb_mat | None:
    if vectors is None or vectors.ncols() <= kept:
        return vectors
    return arb_mat(vectors.nrows(), kept, [entry for row in vectors.tolist() for entry in row[:kept]])


def _count(name: str, value: object, most: int, example: str) -> int:
    """An argument that must be a whole number from 1 to ``most``, NumPy's among them, but no bool."""
    if isinstance(value, bool) or not isinstance(value, Integral) or not 1 <= int(value) <= most:
        message = f"{name} {value!r}: expected an integer from 1 to {most}, such as {example}"
        raise InputError(message)
    return int(value)


def _decimal(value: Any, digits: int) -> str:
    """Fixed-point decimals: ``digits`` after the point, more near zero; see `Spectrum.decimal_strings`."""
    context = value.context
    if context.isinf(value):
        return "-inf"
    magnitude = 0 if value == 0 else int(context.floor(context.log10(abs(value)))) + 1
    decimals = digits + min(max(-magnitude, 0), GUARD_DIGITS)
    scaled = int(context.nint(value * context.mpf(10) ** decimals))
    if scaled == 0:  # a logarithm of zero, or too near it to have a digit of its own
        decimals = digits
    sign, text = ("-" if scaled < 0 else ""), str(abs(scaled)).rjust(decimals + 1, "0")
    return f"{sign}{text[:-decimals]}.{text[-decimals:]}"


def _distance(ball: arb, text: str) -> str:
    """How far the true logarithm can be from its printed decimals: rigorous, rounded up."""
    if text == "-inf":
        return "0"
    with balls(8 * len(text) + 64):
        bound = arb((ball - arb(text)).abs_upper())
        return str((bound * arb("1.01")).str(3, radius=False))
