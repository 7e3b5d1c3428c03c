"""The level of strong alignment of a chain: how far all overlaps of its partial products are from I."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from flint import arb
from numpy.typing import NDArray

from jacspec.documents.blocks import Block, Table
from jacspec.documents.prose import code
from jacspec.numerics.chains.chain import Chain, as_chain
from jacspec.numerics.chains.components import components
from jacspec.numerics.files.results import Result
from jacspec.numerics.measures.overlap_matrix import Overlap
from jacspec.numerics.measures.overlaps import overlap_of_spectra
from jacspec.numerics.spectra.engines.contract import MOST_DIGITS
from jacspec.numerics.spectra.partial_spectra import DIGITS, partial_spectra
from jacspec.numerics.support.arguments import whole_number
from jacspec.numerics.support.precision import balls
from jacspec.numerics.support.printing import shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False)
class StrongAlignment(Result):
    """``left[l-1]`` encloses ``max|U_{A_l}ᵀU_J - I|``, ``right[l-1]`` ``max|V_Jᵀ V_{B_l} - I|``, l = 1 … N+1.

    NaN where singular values of the partial product, or of J, were not told apart: the overlap is not
    determined there (docs/ledger.md, section 0).
    """

    left: tuple[arb, ...]
    right: tuple[arb, ...]
    modes: tuple[arb, ...] = ()
    """Of each mode of J, the largest over all layers and both sides in its column or row of R - I."""

    def array(self) -> NDArray[np.float64]:
        """Both sides at every layer, shape (N+1, 2); NaN where one is not determined."""
        return np.array([[float(side.mid()) for side in pair] for pair in self._pairs])

    def to_records(self) -> list[dict[str, Any]]:
        """A row for each layer and side; NaN where that is not determined."""
        return [
            {"layer": layer, "side": side, "misalignment": float(value.mid())}
            for layer, pair in enumerate(self._pairs, 1)
            for side, value in zip(("left", "right"), pair, strict=True)
        ]

    def draw(self, axes: Axes) -> None:
        """How far the overlaps of A_l and of B_l are from the identity, against l."""
        layers = np.arange(1, len(self) + 1)
        labels = ("$max |U_{A_l}^T U_J - I|$", "$max |V_J^T V_{B_l} - I|$")
        for values, label, style in zip(self.array().T, labels, ("o-", "s--"), strict=True):
            axes.plot(layers, values, style, markersize=4, label=label)
        axes.set(xlabel="l")
        axes.legend(frameon=False)

    @property
    def _pairs(self) -> list[tuple[arb, arb]]:
        return list(zip(self.left, self.right, strict=True))

    @property
    def enclosure(self) -> arb:
        """A ball of ε, the largest of all; NaN if one is not determined."""
        largest = arb(0)
        with balls(64):
            for value in (*self.left, *self.right):
                if value.is_nan():
                    return value
                largest = largest.max(value)
        return largest

    @property
    def epsilon(self) -> float:
        """The level ε of strong alignment: every overlap is within ε of the identity."""
        return float(self.enclosure.mid())

    @property
    def undetermined(self) -> tuple[int, ...]:
        """Layers (from 1) with an overlap that is not determined."""
        return tuple(
            layer for layer, pair in enumerate(self._pairs, 1) if any(value.is_nan() for value in pair)
        )

    def blocks(self) -> list[Block]:
        """ε, and how far each layer's overlaps are from the identity."""
        rows = [
            (str(layer), *("not determined" if x.is_nan() else code(f"{float(x.mid()):.6g}") for x in pair))
            for layer, pair in enumerate(self._pairs, 1)
        ]
        headings = ("$l$", "$max |U_{A_l}ᵀ U_J - I|$", "$max |V_Jᵀ V_{B_l} - I|$")
        said = f"strong alignment at level $ε = {self.epsilon:.6g}$"
        if self.undetermined:
            layers = ", ".join(map(str, self.undetermined))
            said += f"; not determined, by repeated singular values: $l = {layers}$"
        return [Table(headings, shortened(rows), said, right=(0, 1, 2))]


def strong_alignment(chain: Chain, *, digits: int = DIGITS) -> StrongAlignment:
    """Enclose ε of both overlaps at every layer, vectors to ``digits`` digits absolutely.

    The vectors of all partial products come from :func:`jacspec.numerics.partial_spectra`, J's
    once. Raises PrecisionError if they cannot be enclosed.
    """
    digits = whole_number("digits", digits, most=MOST_DIGITS, note=f"such as {DIGITS}")
    spectra = partial_spectra(as_chain("strong_alignment", chain), digits=digits, vectors=True)
    labels = components(chain)
    J, last = spectra.whole, chain.depth
    exact = arb(0)  # A_1 and B_{N+1} are J; A_{N+1} and B_1 take J's vectors

    def of(overlap: Overlap) -> arb:
        return overlap.epsilon_enclosure if math.prod(overlap.shape) else exact

    inner = range(1, last)
    left = [overlap_of_spectra("left", J, spectra.left[k], labels, digits) for k in inner]
    right = [overlap_of_spectra("right", J, spectra.right[k], labels, digits) for k in inner]
    return StrongAlignment(
        (exact, *map(of, left), exact),
        (exact, *map(of, right), exact),
        tuple(_of_mode([*left, *right], mode) for mode in range(J.rank)),
    )


def _of_mode(overlaps: Sequence[Overlap], mode: int) -> arb:
    """The largest |R - I| in the mode's column (left) or row (right) of all overlaps; NaN as usual."""
    largest = arb(0)
    with balls(64):
        for overlap in overlaps:
            known = overlap.determined[:, mode] if overlap.side == "left" else overlap.determined[mode, :]
            if not known.all():
                return arb.nan()
            for other in range(len(known)):
                row, column = (other, mode) if overlap.side == "left" else (mode, other)
                largest = largest.max(abs(overlap.bases[row, column] - int(row == column)))
    return largest
