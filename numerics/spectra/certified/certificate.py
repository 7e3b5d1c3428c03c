r"""The certificate: Ostrowski's multiplicative bound after one step taken in norm bounds only.

**Values.** Let ``J = Â S B̂ᵀ`` with unit columns, ``ÂᵀÂ = I+G``, ``B̂ᵀB̂ = I+H``. The exact first-order
turns Z, Y of :mod:`refine` (zero inside clusters) give ``J = Â' S B̂'ᵀ`` with

    G' = P ᵀ(G_c - ZᵀZ)P,  P = (I+Z)⁻¹,      H' = H_c + YᵀY + YᵀH + HY + YᵀHY,

G_c, H_c the parts inside clusters; so ``‖G'‖ ≤ η_A = (‖Z‖²+‖G_c‖)/(1-‖Z‖)²`` and
``‖H'‖ ≤ η_B = ‖H_c‖ + ‖Y‖² + 2‖Y‖‖H‖ + ‖Y‖²‖H‖``. As ``J`` has the singular values of
``(I+G')^{1/2} S (I+H')^{1/2}``, Ostrowski's theorem for multiplicative perturbations (Eisenstat, Ipsen,
SIAM J. Numer. Anal. 32 (1995), Thm 3.1) yields, for every k,

    |log s_k(J) - log S_(k)| ≤ -½ log(1-η_A) - ½ log(1-η_B),

S_(k) the k-th largest diagonal entry of S. The S_kk are balls: where they overlap, that of S_(k) is between
the order statistics of their ends.

**Vectors.** Let o bound the parts of G', H' between clusters, g those inside, δ = min(1-r²) between
clusters. If ``o ≤ 2^-10 δ²`` and ``g ≤ 2^-10 δ``, the exact iteration continued from (A', B') has
``‖Z‖, ‖Y‖ ≤ 4o/δ``, and its next o is below
``1.01(z² /(1-z)² + 2.1 z g) ∨ 1.01(1.01 y² + 2.02 y(o+g)) ≤ o/16``; δ never falls below δ/2. All turns
together are below ``4.3 o/δ``, hence normalised columns of A', B' differ from a
matched set of singular vectors (an orthonormal basis of the invariant subspace, for a cluster) by less than
``16 o/δ + 4 g``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from flint import arb, arb_mat
from numpy.typing import NDArray

from jacspec.numerics.spectra.certified.pairs import Pairs
from jacspec.numerics.spectra.certified.refine import Factorisation, apply, apply_inverse, turns
from jacspec.numerics.support.enclosures import (
    columns_scaled,
    frobenius,
    order_statistics,
    power_of_two,
    widened,
)
from jacspec.numerics.support.precision import balls


@dataclass(frozen=True)
class Certified:
    """Rigorous enclosures of the non-zero singular values of J, descending, and of their vectors.

    ``logs[k]`` encloses ln s_{k+1}, computed at ``bits``. ``clusters`` partitions 0 … rank-1; the members of
    a cluster of more than one were not told apart, and columns of u and v enclose orthonormal bases of their
    common left and right invariant subspaces. u and v are None where they were not asked for, or not reached.
    """

    logs: tuple[arb, ...]
    u: arb_mat | None
    v: arb_mat | None
    clusters: tuple[tuple[int, ...], ...]
    bits: int

    @property
    def radius(self) -> float:
        """The largest radius of a log singular value (equal to relative error on s_k), rounded up."""
        return max((float(x.rad()) * (1 + 1e-15) for x in self.logs), default=0.0)


ZERO = Certified((), None, None, (), 53)
"""The certificate of a product that is exactly zero."""


@dataclass(frozen=True)
class Bounds:
    """Norms: of the turns, of the parts of G and H inside clusters, of all of H; the radius of the logs."""

    z: arb
    y: arb
    g_c: arb
    h_c: arb
    h: arb
    radius: arb


def certify(
    exponents: tuple[int, ...],
    gram_a: arb_mat,
    gram_b: arb_mat,
    measured: Pairs,
    *,
    bits: int,
    turn_bits: int,
    factors: Callable[[], Factorisation] | None,
) -> Certified | None:
    """Enclose the singular values of J, and the vectors if ``factors`` are given; None if no bound holds."""
    labels = measured.cluster.tolist()
    with balls(turn_bits):
        Z, Y = turns(gram_a, gram_b, exponents, labels, exact=False)
    inside = measured.together()
    np.fill_diagonal(inside, val=False)
    bounds = bounded(Z, Y, gram_a, gram_b, inside if measured.clustered else None)
    if bounds is None:
        return None
    logs = enclosed_logs(gram_a, gram_b, exponents, bounds.radius, bits)
    clusters = tuple(
        tuple(np.flatnonzero(measured.cluster == c).tolist()) for c in np.unique(measured.cluster)
    )
    found = Certified(logs, None, None, clusters, bits)
    error = _error_of_vectors(exponents, gram_a, gram_b, measured, bounds, bits) if factors else None
    if error is None or factors is None:
        return found
    state = factors()
    A, B = apply_inverse(state.A, Z, bits), apply(state.B, Y, bits)
    return replace(found, u=unit_columns(A, error, bits), v=unit_columns(B, error, bits))


def bounded(
    Z: arb_mat, Y: arb_mat, gram_a: arb_mat, gram_b: arb_mat, inside: NDArray[np.bool_] | None
) -> Bounds | None:
    """The bounds after the turns Z, Y; None where they do not hold. ``inside``: the pairs in clusters."""
    r = gram_a.nrows()
    with balls(64):
        alpha, beta = [gram_a[k, k] for k in range(r)], [gram_b[k, k] for k in range(r)]
        if not all(x > 0.01 and x < 100 for x in (*alpha, *beta)):
            return None
        low_a, high_a = _extremes(alpha)
        low_b, high_b = _extremes(beta)
        z = _finite(frobenius(Z) * (high_a / low_a).sqrt())
        y = _finite(frobenius(Y) * (high_b / low_b).sqrt())
        if z is None or y is None or not (z < 0.25 and y < 0.25):
            return None
        g_c = h_c = arb(0)
        h = frobenius(_without_diagonal(gram_b)) / low_b
        if inside is not None:
            g_c, h_c = _part(gram_a, inside) / low_a, _part(gram_b, inside) / low_b
        eta_a = ((z * z + g_c) / (1 - z) ** 2).abs_upper()
        eta_b = (h_c + y * y + 2 * y * h + y * y * h).abs_upper()
        if not (eta_a < 0.5 and eta_b < 0.5):
            return None
        radius = (-(-eta_a).log1p() / 2 - (-eta_b).log1p() / 2).abs_upper()
        return Bounds(z, y, g_c, h_c, h, radius)


def enclosed_logs(
    gram_a: arb_mat, gram_b: arb_mat, exponents: Sequence[int], radius: arb, bits: int
) -> tuple[arb, ...]:
    """``ln S_(k)``, descending, with the radius of the values around each."""
    with balls(bits):
        log2, around = arb.const_log2(), arb(0, radius)
        return tuple(
            order_statistics(
                [log2 * e + (gram_a[k, k] * gram_b[k, k]).log() / 2 + around for k, e in enumerate(exponents)]
            )
        )


def _error_of_vectors(
    exponents: tuple[int, ...], gram_a: arb_mat, gram_b: arb_mat, measured: Pairs, bounds: Bounds, bits: int
) -> arb | None:
    """By how much a vector may be off after the turns; None where the bound does not apply."""
    r = len(exponents)
    z, y, g_c, h_c, h = bounds.z, bounds.y, bounds.g_c, bounds.h_c, bounds.h
    with balls(bits):  # a gap may be far below the 64 bits of a norm
        delta = _least_gap(
            [gram_a[k, k] for k in range(r)], [gram_b[k, k] for k in range(r)], exponents, measured
        )
    with balls(64):
        zeta = z / (1 - z)
        inside = (g_c + h_c + z * z * 2 + 2 * zeta * g_c * 2 + y * y + 2 * y * h + y * y * h).abs_upper()
        if not measured.clustered:
            inside = arb(0)
        between = (
            z * z / (1 - z) ** 2 + g_c * (2 * zeta + zeta * zeta) + y * y + 2 * y * h + y * y * h
        ).abs_upper()
        if delta is None or not (between * 1024 <= delta * delta and inside * 1024 <= delta):
            return None
        return (16 * between / delta + 4 * inside).abs_upper()


def _without_diagonal(matrix: arb_mat) -> arb_mat:
    part = arb_mat(matrix)
    for k in range(part.nrows()):
        part[k, k] = 0
    return part


def unit_columns(matrix: arb_mat, error: arb, bits: int) -> arb_mat:
    """Columns divided by their lengths, and widened by the error of the vectors."""
    with balls(bits):
        r = matrix.ncols()
        squares = [arb(0)] * r
        for k, entry in enumerate(matrix.entries()):
            squares[k % r] += entry * entry
        return widened(columns_scaled(matrix, [x.rsqrt() for x in squares]), error)


def _least_gap(alpha: list[arb], beta: list[arb], exponents: tuple[int, ...], measured: Pairs) -> arb | None:
    """A lower bound of min(1 - r²) over pairs between clusters; None if the order is not certain."""
    squares = [power_of_two(2 * e) * x * y for e, x, y in zip(exponents, alpha, beta, strict=True)]
    least = arb(1)
    lowest: arb | None = None  # of all clusters so far
    start = 0
    labels = measured.cluster.tolist()
    r = len(labels)
    while start < r:
        stop = start
        while stop < r and labels[stop] == labels[start]:
            stop += 1
        highest = squares[start].abs_upper()
        for value in squares[start + 1 : stop]:
            highest = highest.max(value.abs_upper())
        if lowest is not None:
            gap = (1 - highest / lowest).lower()
            if not gap > 0:
                return None
            least = least.min(gap)
        for value in squares[start:stop]:
            bound = value.abs_lower()
            lowest = bound if lowest is None else lowest.min(bound)
        start = stop
    return least.lower()


def _part(matrix: arb_mat, mask: NDArray[np.bool_]) -> arb:
    """An upper bound of the Frobenius norm of the masked entries."""
    total = arb(0)
    entries = matrix.entries()
    for k in np.flatnonzero(mask.ravel()).tolist():
        entry = entries[k]
        total += entry * entry
    return total.abs_upper().sqrt().abs_upper()


def _extremes(values: list[arb]) -> tuple[arb, arb]:
    low, high = values[0].abs_lower(), values[0].abs_upper()
    for value in values[1:]:
        low, high = low.min(value.abs_lower()), high.max(value.abs_upper())
    return low.abs_lower(), high.abs_upper()


def _finite(value: arb) -> arb | None:
    return value.abs_upper() if value.is_finite() else None
