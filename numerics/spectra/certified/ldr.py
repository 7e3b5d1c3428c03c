"""``K = L·D·Rᵀ`` by elimination without pivoting, in balls; L, R unit lower trapezoidal, D = diag(d).

For ``K = U_0ᵀ J V_0`` with approximate singular vectors, ``K = (I+E)·S·(I+F)`` with S descending, and then
L, R = I + O(‖E‖ + ‖F‖) at any range s_1/s_r, but only by substitution: each entry is the one before it
minus products, so that radii stay relative to the pivot. The sums over finished columns are ball matrix
products (Crout's form, in panels); only the panel itself is eliminated entry by entry.

After ``rank`` pivots whose balls exclude zero, ``rank J = rank`` makes the remaining block exactly zero.
"""

from __future__ import annotations

from dataclasses import dataclass

from flint import arb, arb_mat

_PANEL = 8

Row = list[arb]


class ZeroPivotError(ArithmeticError):
    """A pivot's ball contains zero: the precision or the starting vectors are too poor."""


@dataclass(frozen=True)
class LDR:
    """``K = L·diag(pivots)·Rᵀ`` with L (m, r), R (n, r), both enclosures."""

    L: arb_mat
    pivots: tuple[arb, ...]
    R: arb_mat


def ldr(K: arb_mat, rank: int) -> LDR:
    """Factor the (m, n) enclosure K of a matrix of the given rank; raises ZeroPivotError."""
    m, n = K.nrows(), K.ncols()
    rows: list[Row] = K.tolist()
    zero = arb(0)
    L: list[Row] = [[zero] * rank for _ in range(m)]
    U: list[Row] = []  # D·Rᵀ, row by row, full width
    pivots: list[arb] = []
    for start in range(0, rank, _PANEL):
        stop = min(start + _PANEL, rank)
        panel = [rows[i][start:stop] for i in range(start, m)]
        wide = [rows[i][stop:n] for i in range(start, stop)]
        if start:
            left = _matrix([L[i][:start] for i in range(start, m)])
            panel = (_matrix(panel) - left * _matrix([u[start:stop] for u in U])).tolist()
            if stop < n:
                top = _matrix([L[i][:start] for i in range(start, stop)])
                wide = (_matrix(wide) - top * _matrix([u[stop:n] for u in U])).tolist()
        for c in range(stop - start):
            pivot = panel[c][c]
            if pivot.contains(0):
                raise ZeroPivotError
            pivots.append(pivot)
            inverse = 1 / pivot
            head, tail = panel[c][c + 1 :], wide[c]
            L[start + c][start + c] = arb(1)
            for i in range(c + 1, m - start):
                row = panel[i]
                factor = row[c] * inverse
                L[start + i][start + c] = factor
                if head:
                    row[c + 1 :] = [x - factor * y for x, y in zip(row[c + 1 :], head, strict=True)]
                if tail and i < stop - start:
                    wide[i] = [x - factor * y for x, y in zip(wide[i], tail, strict=True)]
            U.append([zero] * (start + c) + [pivot, *head, *tail])
    R: list[Row] = [[zero] * rank for _ in range(n)]
    for k, (row, pivot) in enumerate(zip(U, pivots, strict=True)):
        inverse = 1 / pivot
        R[k][k] = arb(1)
        for j in range(k + 1, n):
            R[j][k] = row[j] * inverse
    return LDR(_matrix(L), tuple(pivots), _matrix(R))


def _matrix(rows: list[Row]) -> arb_mat:
    return arb_mat(len(rows), len(rows[0]), [entry for row in rows for entry in row])
