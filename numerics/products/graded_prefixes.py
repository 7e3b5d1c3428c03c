"""The float64 SVDs of *all* prefixes ``M_k ⋯ M_1`` of a chain from one sweep: O(N) steps, not O(N²).

The sweep of ``graded.py`` holds ``M_k ⋯ M_1 V = Q·2^e·T`` after every factor; the SVD of that core is the
SVD of the prefix. V comes from one pass over the transposed chain. Where the rank falls along the chain, the
prefixes of each rank have one row space, and a pair of passes to themselves (at most ``rank(M_1)`` pairs, and
one for almost every chain). Estimates, as in ``graded.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from jacspec.numerics.products.graded import GradedSVD, Sweep, svd_of_core
from jacspec.numerics.products.row_space import prepared, row_space

Floats = NDArray[np.float64]
Core = tuple[Floats, Floats, Floats, Floats]

_ENTRIES_AT_ONCE = 1 << 14
"""Cores of equal shape are decomposed together, in batches of this many entries: what a cache holds."""


def graded_prefixes(
    factors: Sequence[Floats], ranks: Sequence[int], *, vectors: bool = False
) -> list[GradedSVD]:
    """The SVD of ``M_k ⋯ M_1`` for k = 1 … N; ``ranks[k-1]`` is its rank, which cannot rise with k."""
    found: list[GradedSVD] = []
    columns = factors[0].shape[1]
    for rank, positions in groupby(range(len(factors)), key=ranks.__getitem__):
        members = list(positions)
        if rank == 0:
            found += [_zero(factors[k].shape[0], columns) for k in members]
            continue
        V = row_space(prepared(factors[: members[-1] + 1]), rank)
        sweep = Sweep(V)
        cores: list[Core] = []
        for k in range(members[-1] + 1):
            sweep.apply(factors[k])
            if k >= members[0]:
                assert sweep.T is not None  # noqa: S101
                cores.append((sweep.Q if vectors else V, sweep.exponents, sweep.T, sweep.strain))
                full = len(cores) * cores[0][2].size >= _ENTRIES_AT_ONCE
                changes = k < members[-1] and factors[k + 1].shape[0] != factors[k].shape[0]
                if full or changes or k == members[-1]:
                    found += _decomposed(cores, V, vectors=vectors)
                    cores = []
    return found


def _decomposed(cores: Sequence[Core], V: Floats, *, vectors: bool) -> Iterator[GradedSVD]:
    """The SVDs of ``Q·2^e·T·Vᵀ``, cores of one shape, in one batch."""
    Q, exponents, T, strain = (np.stack(parts) for parts in zip(*cores, strict=True))
    together = svd_of_core(Q, exponents, T, V, vectors=vectors, strain=strain)
    for k in range(len(cores)):
        yield GradedSVD(
            together.U[k] if vectors else together.U,
            together.exponents[k],
            together.sigma[k],
            together.V[k] if vectors else together.V,
            together.error[k],
        )


def _zero(rows: int, columns: int) -> GradedSVD:
    return GradedSVD(np.zeros((rows, 0)), np.zeros(0), np.zeros(0), np.zeros((columns, 0)), np.zeros(()))
