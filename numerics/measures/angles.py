"""Principal angles between the spans of leading singular vectors of a partial product and of J.

With R the overlap, the cosines are the singular values of its leading r×r block; the sines are those of what
J's first r vectors have outside the partial product's first r (all of J's vectors lie in the span of the
partial product's, as J factors through it). Small angles come from the sines, as arccos near 1 keeps only
half of the digits. Enclosures: the singular values of the block's midpoints, exact dyadic numbers, by the
certified engine, widened by the radii (Weyl: ``|σ_k(X) - σ_k(Y)| ≤ ‖X - Y‖_F``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from flint import arb, arb_mat, fmpq, fmpq_mat
from numpy.typing import NDArray

from jacspec.documents.blocks import Block, Table
from jacspec.numerics.chains.chain import Chain
from jacspec.numerics.files.results import Result
from jacspec.numerics.measures.overlap_matrix import Clusters, Overlap
from jacspec.numerics.spectra.compute import spectrum
from jacspec.numerics.support.arguments import instance, whole_number
from jacspec.numerics.support.enclosures import frobenius
from jacspec.numerics.support.errors import InputError
from jacspec.numerics.support.precision import balls
from jacspec.numerics.support.printing import ball_code, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_STEEP = 0.75
"""Sines above this say less of their angle than its cosine does."""


@dataclass(frozen=True, eq=False)
class PrincipalAngles(Result):
    """``θ_1 ≤ … ≤ θ_r`` in radians, and their sines, as balls; exact zeros where dimensions force them."""

    units: ClassVar[dict[str, str]] = {"angle": "radians", "radius": "radians"}

    angles: tuple[arb, ...]
    sines: tuple[arb, ...]

    def array(self) -> NDArray[np.float64]:
        """The angles, as float64."""
        return np.array([float(angle.mid()) for angle in self.angles])

    def to_records(self) -> list[dict[str, Any]]:
        """A row for each angle, the smallest first, with the radius within which it is certain."""
        pairs = enumerate(zip(self.angles, self.sines, strict=True), 1)
        return [
            {"mode": k, "angle": float(x.mid()), "radius": float(x.rad()), "sine": float(sine.mid())}
            for k, (x, sine) in pairs
        ]

    def draw(self, axes: Axes) -> None:
        """θ_k against k."""
        axes.plot(np.arange(1, len(self) + 1), self.array(), "o-", color="#21618c", markersize=4)
        axes.set(xlabel="k", ylabel="$θ_k$ (radians)")

    def blocks(self) -> list[Block]:
        """The principal angles and their sines."""
        pairs = enumerate(zip(self.angles, self.sines, strict=True), 1)
        rows = [(str(k), ball_code(angle), ball_code(sine)) for k, (angle, sine) in pairs]
        return [Table(("$k$", "$θ_k$ (radians)", "$sin θ_k$"), shortened(rows), right=(0, 1, 2))]


def principal_angles(overlap: Overlap, r: int) -> PrincipalAngles:
    """Enclose the principal angles between the spans of the first r singular vectors of A_l (or B_l) and J.

    Angles keep the digits of the overlap's vectors: relative ones as long as an angle is not far below the
    overlap's smallest entries. Raises InputError for r outside 1 … min(overlap.shape), for a
    part of an overlap, and where r cuts a cluster of singular values that were not told apart: the span of
    the first r is not determined then.
    """
    r = _checked(overlap, r)
    size = overlap.bases.nrows() if overlap.side == "left" else overlap.bases.ncols()
    rows = overlap.bases.tolist()
    if overlap.side == "right":
        rows = [list(column) for column in zip(*rows, strict=True)]
    with balls(overlap.precision_bits):
        outside = arb_mat([row[:r] for row in rows[r:]]) if size > r else arb_mat(0, r)
        inside = arb_mat([row[:r] for row in rows[:r]])
        sines = [arb(0)] * max(r - (size - r), 0) + _singular_values(outside, overlap.digits)[::-1]
        cosines = _singular_values(inside, overlap.digits)
        angles = [
            sine.asin() if sine < _STEEP else cosine.acos()
            for sine, cosine in zip(sines, cosines, strict=True)
        ]
    return PrincipalAngles(tuple(angles), tuple(sines))


def _singular_values(block: arb_mat, digits: int) -> list[arb]:
    """Balls of the singular values of any matrix in the block of norm ≤ 1, descending."""
    if block.nrows() == 0:
        return []
    middle = fmpq_mat(block.nrows(), block.ncols(), [_dyadic(entry) for entry in block.entries()])
    radii = [arb(entry.rad()) for entry in block.entries()]
    error = arb(0, frobenius(arb_mat(block.nrows(), block.ncols(), radii)))
    found = spectrum(Chain([middle]), digits=digits + 2)
    assert found.enclosures is not None  # noqa: S101
    return [_within_unit(log.exp() + error if log.is_finite() else error) for log in found.enclosures]


def _within_unit(value: arb) -> arb:
    """The part of a ball within [0, 1], where sines and cosines are."""
    return value.max(arb(0)).min(arb(1)) if value.contains(0) or value.contains(1) else value


def _dyadic(entry: arb) -> fmpq:
    mantissa, exponent = entry.mid().man_exp()
    return fmpq(mantissa) * fmpq(2) ** int(exponent)


def _checked(overlap: Overlap, r: int) -> int:
    instance("principal_angles", overlap, Overlap, "give left_overlap(chain, layer) or right_overlap")
    if not overlap.complete:
        message = "principal angles of a part of an overlap: expected the whole one; leave out block()"
        raise InputError(message)
    r = whole_number("r", r, most=min(overlap.shape), note="the lesser rank")
    for clusters in (overlap.row_clusters, overlap.column_clusters):
        if (cut := _cluster_cut(clusters, r)) is not None:
            before, after = min(cut), max(cut) + 1
            remedy = f"{before} or {after}" if before else str(after)
            message = (
                f"the span of the first {r} singular vectors is not determined: singular values {before + 1} "
                f"to {after} were not told apart; expected r = {remedy}"
            )
            raise InputError(message)
    return r


def _cluster_cut(clusters: Clusters, r: int) -> tuple[int, ...] | None:
    return next((cluster for cluster in clusters if min(cluster) < r <= max(cluster)), None)
