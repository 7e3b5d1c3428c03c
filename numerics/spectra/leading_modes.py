"""The leading modes of a chain whose factors need no entries: estimates, each with its residual."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from jacspec.documents.blocks import Block, Note, Table
from jacspec.documents.prose import code, literal
from jacspec.numerics.chains.chain import Chain, as_chain
from jacspec.numerics.files.results import Result
from jacspec.numerics.products.leading import leading
from jacspec.numerics.spectra.engines.float64 import as_floats
from jacspec.numerics.support.arguments import positive_number, whole_number
from jacspec.numerics.support.budget import demand
from jacspec.numerics.support.matrix_free import MatrixFree
from jacspec.numerics.support.printing import shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]

_EXTRA = 10
"""Columns beyond those asked for, at least: the further below the last of them lies, the fewer rounds."""

_COLUMNS = 14
"""Blocks of columns held at once: three on their way, copied, and those kept."""


@dataclass(frozen=True, eq=False)
class LeadingModes(Result):
    """Estimates of log s_1 ≥ … ≥ log s_k of J in float64, with residuals; no enclosures.

    ``residuals[k-1]`` is the sine ρ_k between v_k and what it would be one round later: the vectors are
    right to about that, over their distance to other modes. ``errors`` estimate by how much a log is off.
    ``left_vectors`` and ``right_vectors`` have columns u_k and v_k; ``shortfall`` says what was not reached,
    empty if nothing.
    """

    units: ClassVar[dict[str, str]] = {"log_singular_value": "nats", "error": "nats"}

    depth: int
    shape: tuple[int, int]
    log_singular_values: Floats
    residuals: Floats
    errors: Floats
    left_vectors: Floats
    right_vectors: Floats
    rounds: int
    shortfall: str = ""
    seconds: float = field(default=0.0, compare=False)

    def array(self) -> Floats:
        """The logs, descending."""
        return self.log_singular_values

    @property
    def clusters(self) -> tuple[tuple[int, ...], ...]:
        """Positions (from 0) of values that are not told apart: any basis of their vectors is as good."""
        logs, errors = self.log_singular_values, self.errors
        apart = np.flatnonzero(logs[:-1] - logs[1:] > errors[:-1] + errors[1:]) + 1
        groups = np.split(np.arange(len(logs)), apart)
        return tuple(tuple(group.tolist()) for group in groups if len(group) > 1)

    def to_records(self) -> list[dict[str, Any]]:
        """A row for each mode: log s_k, its residual and estimated error."""
        rows = zip(self.log_singular_values, self.residuals, self.errors, strict=True)
        return [
            {"mode": mode, "log_singular_value": float(log), "residual": float(rho), "error": float(error)}
            for mode, (log, rho, error) in enumerate(rows, 1)
        ]

    def to_json(self) -> dict[str, Any]:
        """What the command line writes."""
        return {
            "depth": self.depth,
            "shape": list(self.shape),
            "engine": "matrix-free",
            "log_singular_values": [f"{log:.10f}" for log in self.log_singular_values],
            "residuals": self.residuals.tolist(),
            "errors": self.errors.tolist(),
            "shortfall": self.shortfall,
            "rounds": self.rounds,
            "seconds": round(self.seconds, 4),
        }

    def draw(self, axes: Axes) -> None:
        """Log s_k against k, with estimated errors."""
        modes = np.arange(1, len(self) + 1)
        axes.errorbar(modes, self.log_singular_values, yerr=self.errors, fmt="o-", color="#21618c", ms=4)
        axes.set(xlabel="k", ylabel="log $s_k$ (natural logarithm)")

    def blocks(self) -> list[Block]:
        """The logs with their residuals, and how they were obtained."""
        rounds = f"{self.rounds} round{'s' * (self.rounds > 1)}"
        head = (
            f"J of depth {self.depth}: {self.shape[0]}×{self.shape[1]}; matrix-free, {rounds}, "
            f"{self.seconds:.2f} s"
        )
        rows = [
            (str(row["mode"]), code(f"{row['log_singular_value']:.10f}"), f"{row['error']:.0e}",
             f"{row['residual']:.0e}")
            for row in self.to_records()
        ]  # fmt: skip
        titles = ("$k$", "$log s_k$, estimated", "error, about", "residual")
        notes = [Note(literal(self.shortfall))] if self.shortfall else []
        return [Table(titles, shortened(rows), literal(head), right=(1, 2, 3)), *notes]


def leading_modes(
    chain: Chain, top: int, *, tolerance: float = 1e-10, most_rounds: int = 200
) -> LeadingModes:
    """Estimate the ``top`` largest log singular values of J, and their vectors; see ``products/leading.py``.

    Factors are matrices or :class:`MatrixFree`. Rounds, two passes over the chain each, are made until the
    estimated errors are below ``tolerance``, or rounding sets the floor, at most ``most_rounds``: the result
    says what was reached. The overlaps of leading modes at layer l are ``a.left_vectors.T @ j.left_vectors``
    of ``a = leading_modes(chain.left_partial(l), k)`` and ``j = leading_modes(chain, k)``.

    Raises InputError for a bad argument, and for ``top`` above the narrowest width.
    """
    chain = as_chain("leading_modes", chain)
    narrowest, widest = (pick(size for each in chain.maps for size in each.shape) for pick in (min, max))
    top = whole_number("top", top, most=narrowest, note="the narrowest width")
    tolerance = positive_number("tolerance", tolerance, example=1e-10)
    most_rounds = whole_number("most_rounds", most_rounds)
    block = min(top + max(top, _EXTRA), narrowest)
    demand(f"{block} columns through {chain!r}", 8 * _COLUMNS * block * widest)
    maps = [each if isinstance(each, MatrixFree) else as_floats([each])[0] for each in chain.maps]
    start = perf_counter()
    found = leading(maps, top, block=block, tolerance=tolerance, most_rounds=most_rounds)
    missing, known = [], len(found.logs)
    if known < top:
        missing.append(f"s_k for k = {known + 1} … {top} are zero, or not told from it in float64")
    if (found.errors > tolerance).any():
        worst = f"{found.errors.max():.0e} after {found.rounds} rounds, where {tolerance:.0e} was asked for"
        missing.append(f"the largest estimated error of a log is {worst}")
    return LeadingModes(
        depth=chain.depth,
        shape=chain.shape,
        log_singular_values=found.logs,
        residuals=found.residuals,
        errors=found.errors,
        left_vectors=found.U,
        right_vectors=found.V,
        rounds=found.rounds,
        shortfall="; ".join(missing),
        seconds=perf_counter() - start,
    )
