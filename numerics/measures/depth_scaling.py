"""How nearly the singular values of the partial products scale with depth: γ_k, δ_k and what they miss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from jacspec.documents.blocks import Block, Table
from jacspec.documents.prose import code
from jacspec.numerics.chains.chain import Chain, as_chain
from jacspec.numerics.files.results import Result
from jacspec.numerics.spectra.partial_spectra import PartialSpectra, partial_spectra
from jacspec.numerics.support.arguments import whole_number
from jacspec.numerics.support.errors import InputError
from jacspec.numerics.support.printing import shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class DepthScaling(Result):
    """``log s_k(P) ≈ m γ_k + δ_k`` for products P of m factors: all A_l and B_l (docs/ledger.md, section 0).

    Attributes
    ----------
    depth:
        N.
    gamma, delta:
        The exponent and intercept of each mode by least squares, shape (min(rows, columns) of J,); NaN for a
        mode whose singular value is zero in J.
    rms, largest:
        Of the residuals of each mode, in units of log s_k; NaN likewise.
    zero_modes:
        Positions (from 0) of those modes.
    empty_products:
        Whether the fit includes the empty products, log s_k = 0 at m = 0, which force δ_k towards 0.
    engine:
        That of the spectra; the fit itself is in float64.
    """

    units: ClassVar[dict[str, str]] = {
        "gamma": "nats per factor",
        "delta": "nats",
        "rms": "nats",
        "largest": "nats",
    }

    depth: int
    gamma: Floats
    delta: Floats
    rms: Floats
    largest: Floats
    zero_modes: tuple[int, ...]
    empty_products: bool
    engine: str

    def predicted(self, factors: int) -> Floats:
        """``m γ_k + δ_k``, the fitted log s_k of a partial product of m factors."""
        return whole_number("factors", factors, least=0) * self.gamma + self.delta

    def array(self) -> Floats:
        """γ_k and δ_k, a mode to a row."""
        return np.stack([self.gamma, self.delta], axis=1)

    def to_records(self) -> list[dict[str, Any]]:
        """A row for each mode: γ_k, δ_k, and the residuals of the fit."""
        columns = {name: getattr(self, name).tolist() for name in self.units}
        return [
            {"mode": k + 1, **{name: values[k] for name, values in columns.items()}} for k in range(len(self))
        ]

    def draw(self, axes: Axes) -> None:
        """γ_k, with N γ_k + δ_k over N beside it, against k."""
        modes = np.arange(1, len(self) + 1)
        axes.plot(modes, self.gamma, "o-", markersize=4, label="$γ_k$")
        axes.plot(modes, self.gamma + self.delta / self.depth, "x--", label="$γ_k + δ_k/N$")
        axes.set(xlabel="k", ylabel="nats per factor")
        axes.legend(frameon=False)

    def blocks(self) -> list[Block]:
        """γ_k, δ_k and what they miss, a mode to a row."""
        kind = "all" if self.empty_products else "all non-empty"
        said = f"depth scaling of {kind} partial products, $N = {self.depth}$: $log s_k ≈ m γ_k + δ_k$"
        columns = zip(self.gamma, self.delta, self.rms, self.largest, strict=True)
        rows = [
            (str(mode), f"no exponent: $s_{mode}(J) = 0$", "", "", "")
            if mode - 1 in self.zero_modes
            else (
                str(mode),
                code(f"{gamma:.8f}"),
                code(f"{delta:.8f}"),
                code(f"{rms:.3g}"),
                code(f"{most:.3g}"),
            )
            for mode, (gamma, delta, rms, most) in enumerate(columns, 1)
        ]
        headings = ("$k$", "$γ_k$", "$δ_k$", "rms residual", "largest")
        return [Table(headings, shortened(rows), said, right=(0, 1, 2, 3, 4))]


def depth_scaling(chain: Chain, *, engine: str = "float64", empty_products: bool = False) -> DepthScaling:
    """Fit γ_k and δ_k to ``log s_k(A_l) = (N-l+1)γ_k + δ_k`` and ``log s_k(B_l) = (l-1)γ_k + δ_k``, all l.

    Least squares over A_1 … A_N and B_2 … B_N (J once), and with ``empty_products`` also A_{N+1} = B_1 = I.
    Modes with s_k(J) = 0 have no exponent, and are named. Raises InputError for a chain of one factor,
    unless empty products are included: a line needs two points.
    """
    spectra = partial_spectra(as_chain("depth_scaling", chain), engine=engine)
    return fit_depth_scaling(spectra, empty_products=empty_products)


def fit_depth_scaling(spectra: PartialSpectra, *, empty_products: bool = False) -> DepthScaling:
    """:func:`depth_scaling` of spectra already computed."""
    depth = len(spectra.left) - 1
    if depth == 1 and not empty_products:
        message = (
            "a chain of depth 1 has one non-empty partial product; expected depth 2 or empty_products=True"
        )
        raise InputError(message)
    first = 0 if empty_products else 1
    # right[m] and left[N-m] are the products of m factors; J, of all N, counts once.
    parts = [*spectra.right[first:], *spectra.left[1 : depth + 1 - first]]
    counts = [*range(first, depth + 1), *range(depth - 1, first - 1, -1)]
    whole = spectra.whole
    size, rank = min(whole.shape), whole.rank
    m = np.array(counts, dtype=np.float64)
    logs = np.array([part.log_singular_values[:rank] for part in parts]).reshape(len(parts), rank)
    offsets = m - m.mean()
    gamma = offsets @ (logs - logs.mean(axis=0)) / (offsets @ offsets)
    delta = logs.mean(axis=0) - gamma * m.mean()
    residuals = logs - (m[:, None] * gamma + delta)
    zeros = np.full(size - rank, np.nan)
    return DepthScaling(
        depth=depth,
        gamma=np.concatenate([gamma, zeros]),
        delta=np.concatenate([delta, zeros]),
        rms=np.concatenate([np.sqrt((residuals**2).mean(axis=0)), zeros]),
        largest=np.concatenate([np.abs(residuals).max(axis=0), zeros]),
        zero_modes=tuple(range(rank, size)),
        empty_products=empty_products,
        engine=whole.engine,
    )
