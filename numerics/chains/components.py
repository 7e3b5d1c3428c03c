"""Which coordinates of J's output and input are coupled through the chain: exact zeros by structure.

The graph joins coordinate j before a factor to coordinate i after it where ``M_ij ≠ 0``. J is block diagonal
along its connected components, hence so are all partial products, and a singular vector of a simple non-zero
singular value of any of them lives in one component. Vectors of different components are
orthogonal *exactly*, which no ball around zero could tell.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from flint import arb_mat
from numpy.typing import NDArray

from jacspec.numerics.chains.chain import Chain


class Components(NamedTuple):
    """A component's label for each coordinate of the output, and of the input, of J."""

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]


def components(chain: Chain) -> Components:
    """The connected components of the coordinates of a chain, by propagating the least label."""
    widths = [chain.shape[1], *(factor.shape[0] for factor in chain.factors)]
    ends = np.cumsum([0, *widths])
    labels = [np.arange(start, stop) for start, stop in pairwise(ends)]
    links = [factor != 0 for factor in chain.factors]
    changed = True
    while changed:
        changed = False
        for order in (range(len(links)), reversed(range(len(links)))):
            for position in order:
                changed |= _spread(links[position], labels, position)
    return Components(rows=labels[-1], columns=labels[0])


def _spread(link: NDArray[np.bool_], labels: list[NDArray[np.intp]], position: int) -> bool:
    """Give both ends of every link the lesser label; whether anything changed."""
    inner, outer = labels[position], labels[position + 1]
    none = np.iinfo(np.intp).max
    new_outer = np.minimum(outer, np.where(link, inner[None, :], none).min(axis=1))
    new_inner = np.minimum(inner, np.where(link, new_outer[:, None], none).min(axis=0))
    changed = bool((new_outer != outer).any() or (new_inner != inner).any())
    labels[position], labels[position + 1] = new_inner, new_outer
    return changed


def component_of_columns(vectors: arb_mat, labels: NDArray[np.intp]) -> list[int]:
    """The component of each column: that of its largest entry, whose ball excludes zero; -1 if none does."""
    found = []
    for mode in range(vectors.ncols()):
        column = [vectors[row, mode] for row in range(vectors.nrows())]
        largest = max(range(len(column)), key=lambda row: abs(float(column[row].mid())))
        found.append(-1 if column[largest].contains(0) else int(labels[largest]))
    return found
