"""One overlap matrix of singular vectors, in balls, and its summary figures."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from flint import arb, arb_mat
from numpy.typing import NDArray

from jacspec.documents.blocks import Block, Figure, Paragraph
from jacspec.documents.prose import literal
from jacspec.numerics.files.results import Result
from jacspec.numerics.support.arguments import whole_number
from jacspec.numerics.support.precision import balls

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Side = Literal["left", "right"]

Clusters = tuple[tuple[int, ...], ...]
"""Positions (from 0) of modes whose singular values were not told apart, those of each cluster together."""


_MOST_MODES = 32
"""Of a larger overlap, the upper-left part is drawn."""
_FAINT = 0.004
"""Entries below this would be invisible."""
_WORDS = "|R_ik|, i downwards, k to the right"


@dataclass(frozen=True, eq=False)
class Overlap(Result):
    """``R_l = U_{A_l}ᵀ U_J`` (left) or ``V_Jᵀ V_{B_l}`` (right), the diagonal ≥ 0 (docs/ledger.md, 0).

    A column whose diagonal entry is zero, or could be, has an arbitrary sign.

    Attributes
    ----------
    side:
        "left" or "right".
    bases:
        Rigorous balls of the scalar products, shape (r_1, r_2), the ranks of the two products; where singular
        values were not told apart, those of *some* orthonormal basis of their common subspace.
    digits:
        Significant digits asked for, of each entry that is not zero.
    row_clusters, column_clusters:
        Positions (from 0) of modes whose singular values were not told apart: their single entries are not
        determined, see :attr:`enclosures`, while :meth:`cluster_norm` is.
    precision_bits:
        Of the vectors behind the balls.
    complete:
        Whether all modes are there; False for a :meth:`block`.
    """

    side: Side
    bases: arb_mat
    digits: int
    row_clusters: Clusters
    column_clusters: Clusters
    precision_bits: int
    complete: bool = True

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the overlap."""
        return self.bases.nrows(), self.bases.ncols()

    def array(self) -> NDArray[np.float64]:
        """The midpoints, :attr:`values`."""
        return self.values

    def to_records(self) -> list[dict[str, Any]]:
        """A row for each entry, its indices from 1; NaN where it is not determined."""
        values, logs = self.values.tolist(), self.log_magnitudes.tolist()
        rows, columns = self.shape
        return [
            {"row": i + 1, "column": k + 1, "value": values[i][k], "log_magnitude": logs[i][k]}
            for i, k in product(range(rows), range(columns))
        ]

    def draw(self, axes: Axes) -> None:
        """|R_ik|, i downwards, k to the right; blank where it is not determined."""
        rows, columns = self.shape
        extent = (0.5, columns + 0.5, rows + 0.5, 0.5)
        shown = axes.imshow(abs(self.values), cmap="Greys", vmin=0, vmax=1, extent=extent)
        axes.figure.colorbar(shown, ax=axes, label="$|R_{ik}|$")
        axes.set(xlabel="k", ylabel="i")

    @cached_property
    def determined(self) -> NDArray[np.bool_]:
        """Whether each entry is determined (up to sign): neither mode belongs to a cluster."""
        rows, columns = (np.ones(size, dtype=bool) for size in self.shape)
        rows[[k for cluster in self.row_clusters for k in cluster]] = False
        columns[[k for cluster in self.column_clusters for k in cluster]] = False
        return np.asarray(rows[:, None] & columns[None, :])

    @cached_property
    def enclosures(self) -> arb_mat:
        """Balls of the entries; 0 ± 1, which is all that holds, where one is not determined."""
        if self.determined.all():
            return self.bases
        anything = arb(0, 1)
        known = self.determined.ravel().tolist()
        entries = [x if sure else anything for x, sure in zip(self.bases.entries(), known, strict=True)]
        return arb_mat(*self.shape, entries)

    @cached_property
    def undecided(self) -> tuple[tuple[int, int], ...]:
        """Determined entries (from 0) whose ball contains zero without being zero: zero, or tiny."""
        return tuple(
            (i, k)
            for i, k in np.argwhere(self.determined).tolist()
            if (entry := self.bases[i, k]).contains(0) and not entry.is_zero()
        )

    @property
    def accuracy(self) -> float:
        """Significant digits certified of every decided, determined entry that is not zero; inf if exact."""
        bits = [
            self.bases[i, k].rel_accuracy_bits()
            for i, k in np.argwhere(self.determined).tolist()
            if not self.bases[i, k].contains(0)
        ]
        return min(bits, default=math.inf) / math.log2(10)

    @property
    def values(self) -> NDArray[np.float64]:
        """The midpoints; NaN where not determined, 0 below 1e-308 (see :attr:`log_magnitudes`)."""
        values = np.array([float(entry.mid()) for entry in self.bases.entries()]).reshape(self.shape)
        return np.where(self.determined, values, np.nan)

    @property
    def log_magnitudes(self) -> NDArray[np.float64]:
        """log|R_ik|, far below float64's range; -inf for a zero, NaN where undetermined or undecided."""
        logs = np.full(self.shape, np.nan)
        with balls(64):
            for i, k in np.argwhere(self.determined).tolist():
                entry = self.bases[i, k]
                if entry.is_zero():
                    logs[i, k] = -np.inf
                elif not entry.contains(0):
                    logs[i, k] = float(abs(entry).log())
        return logs

    @cached_property
    def epsilon_enclosure(self) -> arb:
        """A ball of ``max|R - I|``; NaN if an entry is not determined."""
        if not self.determined.all():
            return arb.nan()
        largest = arb(0)
        with balls(self.precision_bits):
            for i, k in product(*map(range, self.shape)):
                entry = self.bases[i, k]
                largest = largest.max(abs(entry - 1) if i == k else abs(entry))
        return largest

    @property
    def epsilon(self) -> float:
        """``max|R - I|``, the level of strong alignment that this layer has."""
        return float(self.epsilon_enclosure.mid())

    @cached_property
    def diagonal_correlation_enclosure(self) -> arb:
        """A ball of :attr:`diagonal_correlation`; NaN if an entry is not determined."""
        rows, columns = self.shape
        if not self.determined.all() or min(rows, columns) < 2:
            return arb.nan()
        with balls(64 + math.ceil(self.digits * math.log2(10))):
            weights = [[abs(self.bases[i, k]) for k in range(columns)] for i in range(rows)]
            by_row = [_total(row) for row in weights]
            by_column = [_total(column) for column in zip(*weights, strict=True)]
            total = _total(by_row)
            row_mean, column_mean = _mean(by_row, total), _mean(by_column, total)
            row_offsets = [i - row_mean for i in range(rows)]
            column_offsets = [k - column_mean for k in range(columns)]
            covariance = _total(
                x * _total(w * y for w, y in zip(row, column_offsets, strict=True))
                for x, row in zip(row_offsets, weights, strict=True)
            )
            row_spread = _total(w * x * x for w, x in zip(by_row, row_offsets, strict=True))
            column_spread = _total(w * y * y for w, y in zip(by_column, column_offsets, strict=True))
            spread = row_spread * column_spread
            return covariance / spread.sqrt() if spread > 0 else arb.nan()

    @property
    def diagonal_correlation(self) -> float:
        """The Pearson correlation of row and column index under the weights |R_ij|.

        The poster shows a "diagonal correlation" without defining it; this is the natural reading.
        NaN for a matrix of one row or column. Of an upper-left part: see :meth:`block`.
        """
        return float(self.diagonal_correlation_enclosure.mid())

    def block(self, rows: int, columns: int | None = None) -> Overlap:
        """The upper-left ``rows × columns`` part (square by default), with figures of its own."""
        columns = rows if columns is None else columns
        rows = whole_number("rows", rows, most=self.shape[0], note="the overlap's size")
        columns = whole_number("columns", columns, most=self.shape[1], note="the overlap's size")
        return replace(
            self,
            bases=arb_mat([row[:columns] for row in self.bases.tolist()[:rows]]),
            row_clusters=_cut(self.row_clusters, rows),
            column_clusters=_cut(self.column_clusters, columns),
            complete=False,
        )

    def cluster_norm(self, row: int, column: int) -> arb:
        """A ball of the Frobenius norm over the clusters of two modes (from 0): determined for any basis."""
        row, column = (
            whole_number(name, mode, least=0, most=size - 1, note="the last mode")
            for name, mode, size in zip(("row", "column"), (row, column), self.shape, strict=True)
        )
        rows, columns = _cluster_with(self.row_clusters, row), _cluster_with(self.column_clusters, column)
        with balls(self.precision_bits):
            return _total(self.bases[i, k] ** 2 for i in rows for k in columns).sqrt()

    def __str__(self) -> str:
        rows, columns = self.shape
        notes = []
        if not self.determined.all():
            count = int((~self.determined).sum())
            notes.append(f"{count} entries of repeated singular values are not determined")
        if self.undecided:
            notes.append(f"{len(self.undecided)} entries are zero or too small to tell")
        if self.accuracy < self.digits:
            notes.append(f"certified to {self.accuracy:.0f} digits")
        return "; ".join(
            [
                f"{self.side} overlap {rows}×{columns}: ε = {self.epsilon:.3g}, "
                f"diagonal correlation {self.diagonal_correlation:.3f}",
                *notes,
            ]
        )

    def blocks(self) -> list[Block]:
        """What the overlap is, and a picture of it; of a large one, of the upper-left part."""
        rows, columns = (min(size, _MOST_MODES) for size in self.shape)
        part = "" if (rows, columns) == self.shape else f"; the first {rows}×{columns} entries are drawn"
        picture = _picture(self.values[:rows, :columns], self.determined)
        return [Paragraph(literal(str(self) + part)), Figure("", _WORDS, svg=picture)]


def _picture(values: NDArray[np.float64], determined: NDArray[np.bool_]) -> str:
    """SVG: the darker, the nearer |R_ik| to 1; a box, if it is not determined."""
    rows, columns = values.shape
    cells = []
    for i, k in product(range(rows), range(columns)):
        place = f"M{k} {i}h1v1h-1z"
        if not determined[i, k]:
            cells.append(f"<path d='{place}' fill='none' stroke='currentColor' stroke-width='.08'/>")
        elif abs(values[i, k]) > _FAINT:
            cells.append(f"<path d='{place}' fill-opacity='{abs(values[i, k]):.2g}'/>")
    side = max(3, min(24, 256 // max(rows, columns, 1)))
    frame = (
        f"<path d='M0 0h{columns}v{rows}h-{columns}z' fill='none' stroke='currentColor' stroke-width='.05'/>"
    )
    return (
        f"<svg viewBox='-.1 -.1 {columns + 0.2} {rows + 0.2}' width='{side * columns}' "
        f"height='{side * rows}' fill='currentColor' role='img' aria-label='{_WORDS}'>"
        f"{frame}{''.join(cells)}</svg>"
    )


def _total(values: Iterable[arb]) -> arb:
    result = arb(0)
    for value in values:
        result += value
    return result


def _mean(weights: Sequence[arb], total: arb) -> arb:
    """The mean index under weights."""
    return _total(weight * index for index, weight in enumerate(weights)) / total


def _cut(clusters: Clusters, size: int) -> Clusters:
    """Clusters within the first ``size`` modes; what is left of one that is cut stays undetermined."""
    kept = (tuple(k for k in cluster if k < size) for cluster in clusters)
    return tuple(cluster for cluster in kept if cluster)


def _cluster_with(clusters: Clusters, mode: int) -> tuple[int, ...]:
    return next((cluster for cluster in clusters if mode in cluster), (mode,))
