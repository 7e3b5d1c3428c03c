r"""Certified singular values of narrow chains, for which the overhead of NumPy and of Python is what counts.

Short ones by FLINT's isolated eigenvalues of ``JᵀJ``. Of others, stretches as short as their range allows are
multiplied in balls, eliminated with complete pivoting, ``J = A·2^e·Bᵀ``, and merged (:mod:`merge`). From
there on only the Gram matrices ``G = AᵀA`` and ``H = BᵀB`` are needed: for any T, ``T' = 2^e Tᵀ 2^{-e}``,

    H ← TᵀHT,    G ← T'^{-T} G T'^{-1}

are those of another factorisation of the same J. The first T comes from a float64 SVD of the core
``R_A 2^e R_Bᵀ`` (Cholesky factors), the others are ``I + Y`` of :mod:`refine`, whose enclosures bound the
values in the end (:mod:`certificate`). What this does not tell apart, and the vectors of chains of longer
range, are left to the full engine.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import reduce
from itertools import pairwise as neighbours

import numpy as np
from flint import acb_mat, arb, arb_mat
from numpy.typing import NDArray

from jacspec.numerics.products.graded import svd_of_core
from jacspec.numerics.products.tree import Leaves
from jacspec.numerics.products.triangles import product, regrade
from jacspec.numerics.spectra.certified.certificate import Certified, bounded, enclosed_logs, unit_columns
from jacspec.numerics.spectra.certified.iteration import MOST_BITS, Request
from jacspec.numerics.spectra.certified.ldr import ZeroPivotError
from jacspec.numerics.spectra.certified.merge import pairwise
from jacspec.numerics.spectra.certified.pairs import log2_magnitude
from jacspec.numerics.spectra.certified.refine import Factorisation, turns
from jacspec.numerics.support.enclosures import order_statistics, power_of_two, to_floats
from jacspec.numerics.support.factors import Factor, Uniform, float_chain
from jacspec.numerics.support.precision import balls

Floats = NDArray[np.float64]

WIDEST = 24
"""Widths up to which this is the quicker way."""

_SHORT = 16_000
"""Bits of range times the square of the width, up to which FLINT's eigenvalues are quicker still."""

_FULL = 8
"""How often that for vectors, for which there is only the full engine besides."""

_STRETCH = 4.0
"""Range of a stretch over target bits."""

_PROBE, _WINDOWS = 16, 8
_GRADED = 900
"""Range of a core in bits that LAPACK's plain SVD is given."""

_STEPS = 6
_LARGEST = 2.0**-6
"""Turns from which a step is too large to gain anything."""

_NONE = 1e-300
_ATTEMPTS = 4
_FAR = 900


def narrow_svd(factors: Sequence[Factor], leaves: Leaves, rank: int, request: Request) -> Certified | None:
    """Enclose the values of a chain with so many non-zero ones; None where another path has to."""
    arrays = factors if isinstance(factors, Uniform) else float_chain(factors)
    if arrays is None:
        return None
    rate = _rate(arrays)
    if not rate < math.inf:
        return None
    if rank**2 * rate * len(arrays) <= _SHORT * (_FULL if request.vectors else 1):
        found = _by_eigenvalues(leaves, rank, request, rate * len(arrays))
        if found is not None:
            return found
    if request.vectors:
        return None
    shapes = {array.shape for array in arrays}
    target = request.target + 20 + 2 * math.ceil(math.log2(max(map(max, shapes)) + 1))
    square = shapes == {(rank, rank)}
    wanted = int(len(arrays) * rate / (_STRETCH * target)) if square else 1
    pieces = min(max(wanted, 1), len(arrays))
    bits = target + 20 + math.ceil(math.log2(pieces)) * (24 + rank)
    bounds = [len(arrays) * k // pieces for k in range(pieces + 1)]
    nodes = []
    for start, stop in neighbours(bounds):
        node = _stretch(leaves, start, stop, rank, rate=rate, bits=bits)
        if node is None:
            return None
        nodes.append(node)
    return _refined(pairwise(nodes), request)


def _rate(arrays: Sequence[Floats]) -> float:
    """Bits that a factor adds to the range of the product, from some of them; a guess."""
    if isinstance(arrays, Uniform) and len(arrays) >= _PROBE:
        windows = min(len(arrays) // _PROBE, _WINDOWS)
        apart = len(arrays) // windows
        chosen = [start * apart + k for k in range(_PROBE) for start in range(windows)]
        stack = arrays.stack[chosen].reshape(_PROBE, windows, *arrays.stack.shape[1:])
        begin, end = _range(stack[0]), _range(product(stack))
    else:
        first = arrays[:_PROBE]
        begin, end = _range(first[0]), _range(reduce(lambda held, array: array @ held, first))
        if len(first) == len(arrays):
            return max(end, 1.0) / len(arrays)
    return max((end - begin) / (_PROBE - 1) + begin / len(arrays), 0.1)


def _range(matrices: Floats) -> float:
    """log2(s_1/s_min), on average, as far as float64 shows it; infinite where it does not hold a matrix."""
    if not np.isfinite(matrices).all():  # LAPACK would complain on the terminal
        return math.inf
    values = np.linalg.svd(matrices, compute_uv=False)
    return float(np.log2(values[..., 0] / np.maximum(values[..., -1], values[..., 0] * 2.0**-50)).mean())


def _by_eigenvalues(leaves: Leaves, rank: int, request: Request, reach: float) -> Certified | None:
    """The values from the isolated eigenvalues of the Gram matrix of the product; None for ties and zeros.

    Vectors too: eigenvectors on the narrower side, their images under J on the other. The range counts twice
    in the bits, as values are squared, and once more where J maps the error of a vector.
    """
    bits = request.target + int((3.2 if request.vectors else 2.2) * reach) + 50
    for _ in range(_ATTEMPTS):
        J = leaves.product(bits)
        if min(J.nrows(), J.ncols()) > rank:
            return None
        with balls(bits), suppress(ValueError):  # not isolated
            found = _isolated(J, rank, bits, vectors=request.vectors)
            if all(log.is_finite() for log in found.logs) and request.met_by(found):
                return found
        bits += bits // 4
    return None


def _isolated(J: arb_mat, rank: int, bits: int, *, vectors: bool) -> Certified:
    """The SVD of J, of full rank, from FLINT's eigenvalues; raises ValueError where they are not isolated."""
    wide = J if J.nrows() == rank else J.transpose()
    gram = acb_mat(wide * wide.transpose())
    values, columns = gram.eig(right=True) if vectors else (gram.eig(), None)
    logs = [value.real.log() / 2 for value in values]
    singles = tuple((k,) for k in range(rank))
    found = Certified(tuple(order_statistics(logs)), None, None, singles, bits)
    if columns is None:
        return found
    order = sorted(range(rank), key=lambda k: logs[k].mid(), reverse=True)
    narrow = unit_columns(_real_multiples(columns, order), arb(0), bits)
    images = unit_columns(wide.transpose() * narrow, arb(0), bits)
    u, v = (narrow, images) if wide is J else (images, narrow)
    return replace(found, u=u, v=v)


def _real_multiples(columns: acb_mat, order: Sequence[int]) -> arb_mat:
    """The columns in this order, each divided by its largest entry: what is left of a real vector is real."""
    rows = columns.tolist()
    pivots = [max((row[k] for row in rows), key=lambda x: float(abs(x).mid())) for k in order]
    return arb_mat([[(row[k] / pivot).real for k, pivot in zip(order, pivots, strict=True)] for row in rows])


def _stretch(
    leaves: Leaves, start: int, stop: int, rank: int, *, rate: float, bits: int
) -> Factorisation | None:
    """The factorisation of a stretch, at a precision raised until its pivots show; None if they do not."""
    wide = bits + int(1.25 * rate * (stop - start)) + 64
    for _ in range(_ATTEMPTS):
        if wide > MOST_BITS:
            return None
        try:
            found = _eliminated(leaves.product(wide, start, stop), rank, wide=wide, bits=bits)
        except ZeroPivotError:
            wide += wide // 2
            continue
        spread = max(found.exponents) - min(found.exponents)
        if spread + bits + 16 <= wide:
            return found
        wide = bits + spread + 48
    return None


def _eliminated(J: arb_mat, rank: int, *, wide: int, bits: int) -> Factorisation:
    """``J = A·2^e·Bᵀ`` with complete pivoting: A, B unit trapezoidal but for their order, entries of about 1.

    After ``rank`` pivots the rest of J is exactly zero if its rank is no larger. Raises ZeroPivotError.
    """
    X = J.tolist()
    rows, columns = list(range(J.nrows())), list(range(J.ncols()))
    with balls(wide):
        for k in range(rank):
            i, j = _largest(X, k)
            X[k], X[i], rows[k], rows[i] = X[i], X[k], rows[i], rows[k]
            columns[k], columns[j] = columns[j], columns[k]
            if j != k:
                for row in X:
                    row[k], row[j] = row[j], row[k]
            head = X[k]
            if head[k].contains(0):
                raise ZeroPivotError
            inverse, tail = 1 / head[k], head[k + 1 :]
            for row in X[k + 1 :]:
                row[k] = factor = row[k] * inverse
                if k + 1 < rank:  # of what is left after the last nothing is asked
                    row[k + 1 :] = [x - factor * y for x, y in zip(row[k + 1 :], tail, strict=True)]
            head[k + 1 :] = [y * inverse for y in tail]
    with balls(bits):
        exponents = tuple(round(log2_magnitude(X[k][k])) for k in range(rank))
        scales = [X[k][k] * power_of_two(-e) for k, e in enumerate(exponents)]
        zero, one = arb(0), arb(1)
        A, B = ([[zero] * rank for _ in range(len(order))] for order in (rows, columns))
        for k in range(rank):
            A[rows[k]][k], B[columns[k]][k] = scales[k], one
            for i in range(k + 1, len(rows)):
                A[rows[i]][k] = X[i][k] * scales[k]
            for j in range(k + 1, len(columns)):
                B[columns[j]][k] = X[k][j] * one
        return Factorisation(arb_mat(A), exponents, arb_mat(B), bits)


def _largest(X: list[list[arb]], k: int) -> tuple[int, int]:
    """Where the largest entry of the rows and columns from k on is, as far as that is certain."""
    best = [max(row[k:], key=abs) for row in X[k:]]
    largest = max(best, key=abs)
    i = next(i for i, entry in enumerate(best, k) if entry is largest)
    return i, next(j for j, entry in enumerate(X[i][k:], k) if entry is largest)


def _refined(state: Factorisation, request: Request) -> Certified | None:
    """The values of a factorisation; None where they cannot be told apart, or the start is too poor."""
    exponents, bits = state.exponents, state.bits
    with balls(bits):
        G, H = state.A.transpose() * state.A, state.B.transpose() * state.B
        T = _first_turn(to_floats(G), to_floats(H), exponents)
        G, H = _turned(G, H, *T)
    labels, precision = range(len(exponents)), 64
    limit = -request.target
    for _ in range(_STEPS):
        with balls(precision):
            Z, Y = turns(G, H, exponents, labels, exact=False)
        largest = max(abs(float(x)) for step in (Z, Y) for x in step.entries())
        if not largest < _LARGEST:
            return None
        reached = 2 * math.log2(max(largest, _NONE))
        if reached + 8 < limit:
            bounds = bounded(Z, Y, G, H, None)
            if bounds is None:
                return None
            logs = enclosed_logs(G, H, exponents, bounds.radius, bits)
            found = Certified(logs, None, None, tuple((k,) for k in labels), bits)
            if request.met_by(found):
                return found
        precision = min(int(-2 * reached) + 40, bits)
        with balls(bits):
            G, H = _turned(G, H, _from_identity(Z), _from_identity(Y))
    return None


def _turned(G: arb_mat, H: arb_mat, left: arb_mat, right: arb_mat) -> tuple[arb_mat, arb_mat]:
    """``left^{-T}·G·left^{-1}`` and ``rightᵀ·H·right``, at the precision in force."""
    inverse = left.inv()
    return inverse.transpose() * G * inverse, right.transpose() * H * right


def _from_identity(step: arb_mat) -> arb_mat:
    """``I + X``, X the midpoint of a step, which has a diagonal of zeros."""
    matrix = step.mid()
    for k in range(matrix.nrows()):
        matrix[k, k] = 1
    return matrix


def _first_turn(G: Floats, H: Floats, exponents: tuple[int, ...]) -> tuple[arb_mat, arb_mat]:
    """``2^e Tᵀ 2^{-e}`` and T, exactly, for a T that makes both Gram matrices nearly diagonal.

    With G = R_AᵀR_A, H = R_BᵀR_B and R_A·2^e·R_Bᵀ = U·S·Vᵀ in float64: the upper triangle of T comes from
    R_B⁻¹V, the lower one, graded, from UᵀR_A.
    """
    e = np.array(exponents, dtype=np.float64)
    upper_a, upper_b = (np.asarray(np.linalg.cholesky(gram).T, dtype=np.float64) for gram in (G, H))
    if not all(np.isfinite(upper).all() for upper in (upper_a, upper_b)):
        raise ZeroPivotError
    if e.max() - e.min() <= _GRADED:
        U, _, Vt = np.linalg.svd(upper_a * np.exp2(e - e.max()) @ upper_b.T)
        V = Vt.T
    else:
        scales, core = regrade(upper_a, e)
        found = svd_of_core(np.eye(len(e)), scales, core @ upper_b.T)
        U, V = found.U, found.V
    T = np.linalg.solve(upper_b, V)
    S = U.T @ upper_a  # its rows are multiples of those of T'
    S *= (np.diag(T) / np.diag(S))[:, None]
    if not (np.isfinite(T).all() and np.isfinite(S).all()):
        raise ZeroPivotError
    right, left = [list(map(arb, row)) for row in T.tolist()], [list(map(arb, row)) for row in S.tolist()]
    for i, row in enumerate(right):
        left[i][i] = row[i]
        for j in range(i + 1, len(right)):
            q = power_of_two(exponents[j] - exponents[i])
            right[j][i], left[j][i] = q * left[i][j], q * row[j]
    return arb_mat(left), arb_mat(right)
