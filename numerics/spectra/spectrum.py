"""One record for a spectrum, from the engine that computes it to the user who reads it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from flint import arb, arb_mat
from numpy.typing import NDArray

from jacspec.documents.blocks import Block, Note, Table
from jacspec.documents.prose import code, literal
from jacspec.numerics.files.results import Result
from jacspec.numerics.support.enclosures import midpoint
from jacspec.numerics.support.precision import balls, mp_context
from jacspec.numerics.support.printing import shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes

GUARD_DIGITS = 12
"""Digits that an engine computes beyond the request, so that logs near zero keep significant ones too."""

_MOST_ROWS = 256
"""Longer tables leave out their middle."""

_FLOAT64_RANGE = 53 * math.log(2)
"""log of how far below s_1 a float64 product still resolves singular values, at best."""


@dataclass(frozen=True, eq=False)
class Spectrum(Result):
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
    estimates:
        The logs, numbers of any kind, from an engine that does not certify.
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

    units: ClassVar[dict[str, str]] = {"log_singular_value": "nats", "radius": "nats"}

    depth: int
    shape: tuple[int, int]
    rank: int
    digits: int
    enclosures: tuple[arb, ...] | None
    precision_bits: int
    engine: str
    estimates: tuple[Any, ...] = ()
    seconds: float = field(default=0.0, compare=False)
    left_estimates: Any | None = None
    right_estimates: Any | None = None
    left_enclosures: arb_mat | None = None
    right_enclosures: arb_mat | None = None
    clusters: tuple[tuple[int, ...], ...] = ()
    shortfall: str = ""

    def __post_init__(self) -> None:
        if not self.enclosures and not self.estimates:
            message = "a spectrum without logs; expected enclosures or estimates"
            raise ValueError(message)

    @cached_property
    def log_values(self) -> tuple[Any, ...]:
        """The logs as mpmath numbers, at full precision; midpoints if they are enclosed."""
        context = mp_context(self.precision_bits + 64)
        if self.enclosures is None:
            return tuple(map(context.mpf, self.estimates))
        return tuple(
            midpoint(ball, context) if ball.is_finite() else context.ninf for ball in self.enclosures
        )

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

    def leading(self, count: int) -> Spectrum:
        """The same of the ``count`` largest singular values only; shape and rank stay those of J."""
        return replace(
            self,
            enclosures=None if self.enclosures is None else self.enclosures[:count],
            estimates=self.estimates[:count],
            left_estimates=_columns(self.left_estimates, count),
            right_estimates=_columns(self.right_estimates, count),
            left_enclosures=_ball_columns(self.left_enclosures, count),
            right_enclosures=_ball_columns(self.right_enclosures, count),
        )

    @property
    def log_singular_values(self) -> NDArray[np.float64]:
        """The logs as float64, descending."""
        logs = self.estimates if self.enclosures is None else self.enclosures
        return np.array([float(log) for log in logs])

    def array(self) -> NDArray[np.float64]:
        """The logs as float64, descending."""
        return self.log_singular_values

    def to_records(self) -> list[dict[str, Any]]:
        """A row for each mode: log s_k, and the radius within which it is certain; None if not enclosed."""
        balls_of = self.enclosures or (None,) * len(self)
        return [
            {
                "mode": mode,
                "log_singular_value": log,
                "radius": None if ball is None else float(ball.rad()) if ball.is_finite() else 0.0,
                "engine": self.engine,
            }
            for mode, (log, ball) in enumerate(zip(self.array().tolist(), balls_of, strict=True), 1)
        ]

    def draw(self, axes: Axes) -> None:
        """Log s_k against k, with the depth below s_1 at which a float64 product is noise."""
        logs = self.log_singular_values
        modes, finite = np.arange(1, len(logs) + 1), np.isfinite(logs)
        axes.plot(modes[finite], logs[finite], "o-", color="#21618c", markersize=4, linewidth=1)
        if finite.any():
            floor = logs[0] - _FLOAT64_RANGE
            low, high = axes.get_ylim()
            if floor > low:
                axes.axhspan(low, floor, color="#b03a2e", alpha=0.08, linewidth=0)
                note = "shaded: below $s_1/2^{53}$, where a float64 product is noise"
                axes.text(0.02, 0.03, note, color="#943126", fontsize=8, transform=axes.transAxes)
                axes.set_ylim(low, high)
        axes.set(xlabel="k", ylabel="log $s_k$ (natural logarithm)", xlim=(0.5, len(logs) + 0.5))
        axes.locator_params(axis="x", integer=True)

    def decimal_strings(self) -> list[str]:
        """The logs in decimal, fixed-point; ``-inf`` for a zero singular value.

        At least ``digits`` decimals, and more where log s_k is near zero, to keep ``digits`` of them
        significant; but at most 12 more, as no more are computed.
        """
        logs = self.estimates if self.enclosures is None else self.enclosures
        return [_decimal(log, self.digits) for log in logs]

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

    def blocks(self) -> list[Block]:
        """The logarithms, as text prints them, and how they were obtained."""
        head, *_ = str(self).partition("\n")
        rows = [(str(mode), code(shown)) for mode, shown in enumerate(self.decimal_strings(), 1)]
        column = f"$log s_k$, {self._certified} to {self.digits} digits of $s_k$"
        notes = [Note(literal(self.shortfall))] if self.shortfall else []
        return [Table(("$k$", column), shortened(rows), literal(head)), *notes]

    @property
    def _certified(self) -> str:
        return "certified" if self.enclosures is not None else "right"

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
        return "\n".join(
            [head, *notes, f"{'k':>6}   log s_k, {self._certified} to {self.digits} digits of s_k", *lines]
        )


def _columns(vectors: Any | None, kept: int) -> Any | None:
    return vectors if vectors is None or vectors.cols <= kept else vectors[:, :kept]


def _ball_columns(vectors: arb_mat | None, kept: int) -> arb_mat | None:
    if vectors is None or vectors.ncols() <= kept:
        return vectors
    return arb_mat(vectors.nrows(), kept, [entry for row in vectors.tolist() for entry in row[:kept]])


def _decimal(log: Any, digits: int) -> str:
    """Fixed-point decimals: ``digits`` after the point, more near zero; see `Spectrum.decimal_strings`."""
    value = _exactly(log)
    if value is None:
        return "-inf"
    decimals = digits + (min(_leading_zeros(value), GUARD_DIGITS) if value else 0)
    scaled = round(value * 10**decimals)
    if scaled == 0:  # a logarithm of zero, or too near it to have a digit of its own
        decimals = digits
    sign, text = ("-" if scaled < 0 else ""), str(abs(scaled)).rjust(decimals + 1, "0")
    return f"{sign}{text[:-decimals]}.{text[-decimals:]}"


def _exactly(log: Any) -> Fraction | None:
    """A ball's midpoint, a float or a number of mpmath's as a fraction; None for -inf."""
    if isinstance(log, arb):
        if not log.is_finite():
            return None
        mantissa, exponent = map(int, log.mid().man_exp())
    elif isinstance(log, float):
        return Fraction(log) if math.isfinite(log) else None
    else:
        if not log.context.isfinite(log):
            return None
        mantissa, exponent = map(int, log.man_exp)
        mantissa = -mantissa if log < 0 else mantissa
    return Fraction(mantissa << max(exponent, 0), 1 << max(-exponent, 0))


def _leading_zeros(value: Fraction) -> int:
    """How many zeros follow the decimal point of a number that is not zero."""
    return len(str(min(math.ceil(1 / abs(value)) - 1, 10**GUARD_DIGITS))) - 1


def _distance(ball: arb, text: str) -> str:
    """How far the true logarithm can be from its printed decimals: rigorous, rounded up."""
    if text == "-inf":
        return "0"
    with balls(8 * len(text) + 64):
        bound = arb((ball - arb(text)).abs_upper())
        return str((bound * arb("1.01")).str(3, radius=False))
