"""Overlaps of singular vectors: how far those of the partial products are aligned with those of J."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numerics.chain import Chain
from numerics.spectrum import spectrum

__all__ = ["Overlap", "left_overlap", "right_overlap"]


@dataclass(frozen=True, eq=False)
class Overlap:
    """A matrix of scalar products of singular vectors, the diagonal ≥ 0 (ledger, section 0).

    ``matrix`` holds mpmath numbers, shape (r_1, r_2): the ranks of the two products. An estimate,
    from singular vectors of the engine that :func:`numerics.spectrum` was asked for.
    """

    matrix: Any
    digits: int

    @property
    def values(self) -> NDArray[np.float64]:
        """The overlaps as float64; entries below 1e-308 are 0 here, see :attr:`log_magnitudes`."""
        return np.array([[float(entry) for entry in row] for row in self.matrix.tolist()])

    @property
    def log_magnitudes(self) -> NDArray[np.float64]:
        """log|R_ik|, which reaches far below float64's range; -inf for a zero."""
        log, zero = self.matrix.ctx.log, self.matrix.ctx.zero
        return np.array(
            [
                [-np.inf if entry == zero else float(log(abs(entry))) for entry in row]
                for row in self.matrix.tolist()
            ]
        )

    @property
    def epsilon(self) -> float:
        """``max|R - I|``, the level of strong alignment that this layer has."""
        values = self.values
        return float(np.abs(values - np.eye(*values.shape)).max())

    @property
    def diagonal_correlation(self) -> float:
        """The Pearson correlation of row and column index under the weights |R_ij|.

        The paper shows a 'diagonal correlation' without defining it; this is the ledger's reading
        (section 6). NaN for a matrix of one row or column.
        """
        weights = np.abs(self.values)
        weights = weights / weights.sum()
        rows, columns = np.indices(weights.shape)
        row_offset = rows - (weights * rows).sum()
        column_offset = columns - (weights * columns).sum()
        spread = (weights * row_offset**2).sum() * (weights * column_offset**2).sum()
        covariance = (weights * row_offset * column_offset).sum()
        return float(covariance / np.sqrt(spread)) if spread > 0 else float("nan")

    def __str__(self) -> str:
        return (
            f"overlap {self.matrix.rows}×{self.matrix.cols}: ε = {self.epsilon:.3g}, "
            f"diagonal correlation {self.diagonal_correlation:.3f}"
        )


def left_overlap(chain: Chain, layer: int, *, digits: int = 30) -> Overlap:
    """``R_l = U_{A_l}ᵀ U_J``: the left singular vectors of A_l = M_N ⋯ M_l against those of J.

    The empty product A_{N+1} = I, whose singular vectors are arbitrary, takes J's. Raises InputError
    for a layer outside 1 … N+1.
    """
    partial = chain.left_partial(layer)
    whole = spectrum(chain, digits=digits, engine="mpmath", vectors=True).left_vectors
    empty = layer == chain.depth + 1
    part = whole if empty else spectrum(partial, digits=digits, engine="mpmath", vectors=True).left_vectors
    return _overlap(part, whole, digits)


def right_overlap(chain: Chain, layer: int, *, digits: int = 30) -> Overlap:
    """``V_Jᵀ V_{B_l}``: the right singular vectors of J against those of B_l = M_{l-1} ⋯ M_1.

    The empty product B_1 = I, whose singular vectors are arbitrary, takes J's. Raises InputError for a
    layer outside 1 … N+1.
    """
    partial = chain.right_partial(layer)
    whole = spectrum(chain, digits=digits, engine="mpmath", vectors=True).right_vectors
    part = (
        whole if layer == 1 else spectrum(partial, digits=digits, engine="mpmath", vectors=True).right_vectors
    )
    return _overlap(whole, part, digits)


def _overlap(left: Any, right: Any, digits: int) -> Overlap:
    # The products are taken at the finer of the two precisions.
    context = left.ctx if left.ctx.prec >= right.ctx.prec else right.ctx
    matrix = context.matrix(left.tolist()).T * context.matrix(right.tolist())
    for column in range(min(matrix.rows, matrix.cols)):
        if matrix[column, column] < 0:
            for row in range(matrix.rows):
                matrix[row, column] = -matrix[row, column]
    return Overlap(matrix, digits)
