r"""Multiplicative refinement of ``J = A·2^e·Bᵀ`` towards orthogonal columns, keeping J exactly.

For any Y, ``J = A'·2^e·B'ᵀ`` with ``B' = B(I+Y)``, ``A' = A(I+Z)⁻¹``, ``Z = 2^e Yᵀ 2^{-e}``. With the Gram
matrices ``AᵀA = (g_ij)``, ``BᵀB = (h_ij)``, ``α_i = g_ii``, ``β_i = h_ii``, ``q = 2^{e_j-e_i}``, the pair
``i < j`` becomes orthogonal to first order in both for

    Z_ij = (β_i g_ij + q α_j h_ij)/δ,   Y_ij = -(α_i h_ij + q β_j g_ij)/δ,   δ = α_i β_i - q² α_j β_j,
    Y_ji = q Z_ij,                      Z_ji = q Y_ij.

Errors are squared and stay relative to the smaller singular value of each pair, at any range (the classical
iteration of Ogita and Aishima leaves ε² s_1 everywhere). In a cluster, where δ ≈ 0, A and B are made to
share one Gram matrix, ``Z_ij = Y_ij = (G-H)_ij/4``, and both are turned by the eigenvectors of what is left,
``N = diag(s/s̄ - 1) + (G + rH)/(1+r)``. Each exact power-of-two identity between Y and Z holds exactly, so
that the new balls still enclose a factorisation of the same J.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from flint import arb, arb_mat
from numpy.typing import NDArray

from jacspec.numerics.spectra.certified.pairs import Pairs, log2_magnitude
from jacspec.numerics.support.enclosures import (
    chopped,
    columns_scaled,
    frobenius,
    from_floats,
    identity,
    power_of_two,
    rounded,
    widened,
)
from jacspec.numerics.support.precision import balls

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Factorisation:
    """``J = A·diag(2^e)·Bᵀ`` in balls, singular values descending with the columns; ``bits`` in use."""

    A: arb_mat
    exponents: tuple[int, ...]
    B: arb_mat
    bits: int


def grams(state: Factorisation, bits: int) -> tuple[arb_mat, arb_mat]:
    """``AᵀA`` and ``BᵀB``, rounded to ``bits``."""
    with balls(min(bits, state.bits)):
        A, B = rounded(state.A), rounded(state.B)
        return A.transpose() * A, B.transpose() * B


def descending(state: Factorisation) -> Factorisation:
    """The same factorisation, columns ordered by singular value: values 1e-20 apart start in any order."""
    with balls(state.bits):
        r = len(state.exponents)
        squares = []
        a, b = [arb(0)] * r, [arb(0)] * r
        for lengths, matrix in ((a, state.A), (b, state.B)):
            for k, entry in enumerate(matrix.entries()):
                middle = entry.mid()
                lengths[k % r] += middle * middle
        for x, y, exponent in zip(a, b, state.exponents, strict=True):
            squares.append((x * y * power_of_two(2 * exponent)).mid())
        order = sorted(range(r), key=squares.__getitem__, reverse=True)
        if order == list(range(r)):
            return state
        exponents = tuple(state.exponents[k] for k in order)
        return replace(state, A=_permuted(state.A, order), B=_permuted(state.B, order), exponents=exponents)


def balanced(state: Factorisation, measured: Pairs) -> Factorisation:
    """The same factorisation with one exponent for all columns of a cluster."""
    exponents = [state.exponents[k] for k in np.searchsorted(measured.cluster, measured.cluster)]
    if tuple(exponents) == state.exponents:
        return state
    with balls(state.bits):
        shifts = [power_of_two(old - new) for old, new in zip(state.exponents, exponents, strict=True)]
        return replace(state, A=columns_scaled(state.A, shifts), exponents=tuple(exponents))


def unit_scales(pivots: Sequence[arb]) -> tuple[tuple[int, ...], list[arb]]:
    """The exponents e, and the scales of about 1, of pivots ``scale·2^e``."""
    exponents = tuple(round(log2_magnitude(pivot)) for pivot in pivots)
    return exponents, [pivot * power_of_two(-e) for pivot, e in zip(pivots, exponents, strict=True)]


def _permuted(matrix: arb_mat, order: list[int]) -> arb_mat:
    rows = matrix.tolist()
    return arb_mat([[row[k] for k in order] for row in rows])


def turns(
    gram_a: arb_mat, gram_b: arb_mat, exponents: tuple[int, ...], cluster: Sequence[int], *, exact: bool
) -> tuple[arb_mat, arb_mat]:
    """Z and Y above. ``exact``: midpoints only (any exact choice keeps J); otherwise enclosures.

    ``cluster`` labels the columns, see :class:`Pairs`. Enclosures treat no pair inside a cluster: there
    Z = Y = 0, and the certificate pays for it.
    """
    r = len(exponents)
    g, h = gram_a.entries(), gram_b.entries()
    zero = arb(0)
    Z, Y = [zero] * (r * r), [zero] * (r * r)
    products = [g[k] * h[k] for k in range(0, r * r, r + 1)]
    powers: dict[int, arb] = {}
    heads = [cluster.index(label) * (r + 1) for label in cluster] if exact else []
    for i in range(r):
        alpha, beta, product = g[i * r + i], h[i * r + i], products[i]
        if exact and heads[i] != i * (r + 1):
            Z[i * r + i] = Y[i * r + i] = ((alpha / g[heads[i]] - beta / h[heads[i]]) / 4).mid()
        for j in range(i + 1, r):
            difference = exponents[j] - exponents[i]
            q = powers.get(difference)
            if q is None:
                q = powers[difference] = power_of_two(difference)
            at = i * r + j
            if cluster[i] == cluster[j]:
                if not exact:
                    continue
                z, y = _shared(g[at], h[at], alpha, beta)
            else:
                inverse = 1 / (product - q * q * products[j])
                z = (beta * g[at] + q * g[j * r + j] * h[at]) * inverse
                y = -(alpha * h[at] + q * h[j * r + j] * g[at]) * inverse
            if exact:
                z, y = z.mid(), y.mid()
            Z[at], Y[at] = z, y
            Z[j * r + i], Y[j * r + i] = q * y, q * z
    return arb_mat(r, r, Z), arb_mat(r, r, Y)


def _shared(g: arb, h: arb, alpha: arb, beta: arb) -> tuple[arb, arb]:
    """Within a cluster: ``Z + Zᵀ = (G - H)/2 = Y + Yᵀ``, after which G and H are both (G + H)/2."""
    value = (g / alpha - h / beta) / 4
    return value, value


def float_turns(
    measured: Pairs, gram_a: arb_mat, gram_b: arb_mat, exponents: tuple[int, ...]
) -> tuple[arb_mat, arb_mat]:
    """:func:`turns` to 53 bits, for defects above 2^-60, without a Python loop over pairs."""
    r = len(exponents)
    a = np.sqrt([float(gram_a[k, k]) for k in range(r)])
    b = np.sqrt([float(gram_b[k, k]) for k in range(r)])
    z, y = upper_turns(measured, a, b)
    upper = np.triu(np.ones((r, r), dtype=bool), 1)
    e = np.array(exponents, dtype=np.float64)
    difference = e[None, :] - e[:, None]
    if (difference[upper] > 64).any():
        message = "the columns are not in descending order"
        raise ArithmeticError(message)
    dropped = upper & (difference < -900)
    q = np.where(upper & ~dropped, np.exp2(np.clip(difference, -900, 900)), 0.0)
    # Small entries go, so that q·z is exact: no subnormal numbers.
    z, y = np.where(np.abs(z) < 1e-30, 0.0, z), np.where(np.abs(y) < 1e-30, 0.0, y)
    head = np.searchsorted(measured.cluster, measured.cluster)
    diagonal = np.diag(((a / a[head]) ** 2 - (b / b[head]) ** 2) / 4)
    Z, Y = from_floats(z + (q * y).T + diagonal), from_floats(y + (q * z).T + diagonal)
    if dropped.any():  # q·y is below 2^-900 there: a ball around zero contains it
        radius = power_of_two(-899)
        Z, Y = widened(Z, radius), widened(Y, radius)
    return Z, Y


def upper_turns(measured: Pairs, a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """The upper triangles of Z and Y for columns of lengths a and b."""
    r = len(a)
    G, H, ratio = np.ldexp(measured.G, -measured.shift), np.ldexp(measured.H, -measured.shift), measured.ratio
    upper = np.triu(np.ones((r, r), dtype=bool), 1)
    together = measured.together()
    gap = np.where(upper & ~together, measured.gap, 1.0)
    # (G + rH)/(1-r²) = (G+H)/(1-r²) - H/(1+r): the two turns of a close pair share what cancels.
    shared = np.ldexp(measured.numerator, -measured.shift) / gap + H / (1 + ratio)
    z = np.where(together, (G - H) / 4, shared - H / (1 + ratio))
    y = np.where(together, (G - H) / 4, G / (1 + ratio) - shared)
    z = np.where(upper, z * (a[None, :] / a[:, None]), 0.0)
    return z, np.where(upper, y * (b[None, :] / b[:, None]), 0.0)


def apply_inverse(A: arb_mat, Z: arb_mat, bits: int) -> arb_mat:
    """``A(I+Z)⁻¹ = A + AS``, ``S = -Z + Z² - …``, the remainder as a radius; needs ‖Z‖_F < 1/2.

    S by doubling: once it holds the powers below 2^k, ``S ← S + W + SW`` with ``W = Z^(2^k)`` holds those
    below 2^(k+1).
    """
    size = frobenius(Z)
    if not size < 0.5:
        message = "the turn is too large for the series of its inverse"
        raise ArithmeticError(message)
    gain = _gain(size, bits)
    with balls(bits):
        bound, negligible = frobenius(A), power_of_two(-bits)
        S, W, first_missing = -Z, Z, 2
        while bound * size**first_missing > negligible:
            power = first_missing // 2
            W, power = _product(W, W, bits, power * gain, power * gain), first_missing
            if bound * size ** (power + 1) > negligible:
                S, first_missing = S + W + _product(S, W, bits, gain, power * gain), 2 * power
            else:
                S, first_missing = S + W, power + 1
        return widened(A + _product(A, S, bits, 0, gain), bound * size**first_missing / (1 - size))


def apply(B: arb_mat, Y: arb_mat, bits: int) -> arb_mat:
    """``B(I+Y) = B + BY``, the product no more accurate than the sum; needs ‖Y‖_F < 1/2."""
    size = frobenius(Y)
    if not size < 0.5:
        message = "the turn is too large for a step of the refinement"
        raise ArithmeticError(message)
    with balls(bits):
        return B + _product(B, Y, bits, 0, _gain(size, bits))


def _gain(size: arb, bits: int) -> float:
    """By how many bits a matrix of the given norm is smaller than 1: at least one, at most all."""
    with balls(64):
        return min(max(-float(size.log()) / math.log(2), 1.0), bits) if size > 0 else float(bits)


def _product(X: arb_mat, Y: arb_mat, bits: int, gain_x: float, gain_y: float) -> arb_mat:
    """XY to about ``2^-bits``, X and Y of sizes ``2^-gain``: each is cut to what the other lets through."""
    cut_x = _cut(X, max(int(bits - gain_y) + 8, 30), small=gain_x > 0)
    cut_y = _cut(Y, max(int(bits - gain_x) + 8, 30), small=gain_y > 0)
    with balls(max(int(bits - gain_x - gain_y) + 8, 30)):
        return cut_x * cut_y


def _cut(X: arb_mat, bits: int, *, small: bool) -> arb_mat:
    if small:
        return chopped(X, bits)
    with balls(bits):
        return rounded(X)


def improve(state: Factorisation, Z: arb_mat, Y: arb_mat, measured: Pairs) -> Factorisation:
    """One step: A(I+Z)⁻¹ and B(I+Y), then the rotation of the clusters."""
    bits = state.bits
    moved = replace(state, A=apply_inverse(state.A, Z, bits), B=apply(state.B, Y, bits))
    return _rotated(moved, measured) if measured.clustered else moved


def _rotated(state: Factorisation, measured: Pairs) -> Factorisation:
    """Turn each cluster (of one exponent) by the eigenvectors of N: ``B W``, ``A W⁻ᵀ``, for a float64 W."""
    r = len(state.exponents)
    W = np.eye(r)
    for label in np.unique(measured.cluster):
        members = np.flatnonzero(measured.cluster == label)
        if len(members) == 1:
            continue
        if len({state.exponents[k] for k in members}) > 1:
            message = "a cluster is turned only once its columns share one exponent"
            raise ArithmeticError(message)
        block = np.ix_(members, members)
        ratio, G, H = measured.ratio[block], measured.G[block], measured.H[block]
        N = measured.numerator[block] / (1 + ratio)
        first = measured.gap[members[0], members]  # 1 - (s_j/s_1)², accurate for close values
        deviation = np.sqrt(np.maximum(1 - np.where(np.arange(len(members)) == 0, 0.0, first), 0)) - 1
        small = np.abs(first) < 1e-3
        deviation = np.where(small, -first / 2 - first**2 / 8, deviation)
        deviation[0] = 0.0
        N = N + N.T + np.ldexp(np.diag(deviation), measured.shift)
        # What A and B do not share is only measured to second order: N below its square is no signal.
        unshared = np.ldexp(np.abs(G - H).max(), -measured.shift)
        off = np.ldexp(np.abs(N - np.diag(np.diag(N))).max(), -measured.shift)
        if not off > max(64 * len(members) * unshared**2, 2.0 ** max(20 - state.bits, -1000)):
            continue
        W[block] = np.linalg.eigh(-N)[1]
    if (np.eye(r) == W).all():
        return state
    with balls(state.bits):
        ball_W, one, reached = from_floats(W), identity(r), 50
        while reached < state.bits:  # Newton–Schulz: a W orthogonal to 2^-53 would undo what was gained
            gram = ball_W.transpose() * ball_W
            ball_W = (ball_W * (one * 3 - gram)).mid() * power_of_two(-1)
            reached *= 2
        defect = ball_W.transpose() * ball_W - one
        # W⁻ᵀ = W(WᵀW)⁻¹
        A = apply_inverse(state.A * ball_W, defect, state.bits)
        return replace(state, A=A, B=state.B * ball_W)
