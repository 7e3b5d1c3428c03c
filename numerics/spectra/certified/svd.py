"""Certified singular values and vectors of ``J = M_N ⋯ M_1``: rigorous balls of every log s_k.

The steps: a float64 graded start (``products/graded.py``; :mod:`robust` where that fails); the product in
balls (``products/tree.py``) at range + target bits; elimination to ``J = A·2^e·Bᵀ`` (:mod:`initial`), from
where on target precision suffices; multiplicative refinement (:mod:`refine`); the certificate
(:mod:`certificate`). Wide chains are eliminated and refined in fixed point (``fixed/``), as long as all of
their values are told apart.
Nothing that the start estimates is trusted: a poor start costs time, never correctness.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, ParamSpec, TypeVar

import numpy as np
from flint import arb, arb_mat, fmpz
from numpy.typing import NDArray

from jacspec.numerics.products.graded import graded_svd
from jacspec.numerics.products.tree import Leaves
from jacspec.numerics.spectra.certified.certificate import ZERO, Certified
from jacspec.numerics.spectra.certified.fixed import refinement as fixed
from jacspec.numerics.spectra.certified.fixed.refinement import FixedFactorisation
from jacspec.numerics.spectra.certified.initial import completed, factorise, in_coordinates
from jacspec.numerics.spectra.certified.iteration import MOST_BITS, Request, refined
from jacspec.numerics.spectra.certified.merge import orthogonalised, pairwise, unit_columns
from jacspec.numerics.spectra.certified.narrow import WIDEST, narrow_svd
from jacspec.numerics.spectra.certified.pairs import log2_magnitude
from jacspec.numerics.spectra.certified.refine import Factorisation
from jacspec.numerics.spectra.certified.robust import robust_start
from jacspec.numerics.support.errors import PrecisionError
from jacspec.numerics.support.factors import Factor, float_chain, shapes_of
from jacspec.numerics.support.precision import balls

Floats = NDArray[np.float64]

P = ParamSpec("P")
Found = TypeVar("Found")

_ATTEMPTS = 6
_SHORTEST = 256
_PROBE = 64
_STRETCH = 6.0
"""Range of a stretch over target bits: below it merging costs more than the wider product saves."""


def certified_svd(
    factors: Sequence[Factor],
    *,
    digits: int,
    exact_rank: Callable[[], int],
    vectors: bool = False,
) -> Certified:
    """Enclose the SVD of ``factors[-1] ⋯ factors[0]``, validated factors of a chain.

    ``exact_rank`` is asked only if the product does not show full rank by itself: its pivots, whose balls
    exclude zero, prove that. The result may fall short of the request; PrecisionError if there is none.
    """
    request = Request(digits, vectors)
    leaves = Leaves(factors)
    shapes = shapes_of(factors)
    upper = min(map(min, shapes))
    found = None
    if max(map(max, shapes)) <= WIDEST:
        found = attempted(narrow_svd, factors, leaves, upper, request)
    if found is None:
        found = attempted(_from_stretches, factors, leaves, upper, request)
    if found is None:
        found = attempted(_from_floats, factors, leaves, upper, request)
    if found is None:
        rank = exact_rank()
        if rank == 0:
            return ZERO
        if rank < upper:
            found = attempted(_from_floats, factors, leaves, rank, request)
        if found is None or not request.met_by(found):
            better = _from_product(factors, leaves, rank, request)
            found = better if better is not None and request.met_by(better) else _best(found, better)
    if found is None:
        message = f"nothing could be certified within {MOST_BITS} bits; ask for fewer digits or try mpmath"
        raise PrecisionError(message)
    return divided(found, leaves.denominator)


def attempted(path: Callable[P, Found | None], *arguments: P.args, **options: P.kwargs) -> Found | None:
    """What one path finds; None if it does not get through.

    A path may divide by a pivot that vanishes, or run out of float64's range: nothing that it estimates is
    trusted, and whatever stops it, another path goes on.
    """
    try:
        with np.errstate(all="ignore"):
            return path(*arguments, **options)
    except (ArithmeticError, ValueError):  # NumPy's LinAlgError is a ValueError
        return None


def divided(found: Certified, denominator: fmpz) -> Certified:
    """The certificate of ``J/denominator``."""
    if denominator == 1:
        return found
    with balls(found.bits):
        shift = arb(denominator).log()
        return replace(found, logs=tuple(log - shift for log in found.logs))


def _best(one: Certified | None, other: Certified | None) -> Certified | None:
    if one is None or other is None:
        return other or one

    def worst(found: Certified) -> Any:
        with balls(64):
            return max((x.rad() for x in found.logs), key=log2_magnitude)

    return one if worst(one) < worst(other) and (one.u is None) == (other.u is None) else other


def _from_floats(factors: Sequence[Factor], leaves: Leaves, rank: int, request: Request) -> Certified | None:
    """The fast path: the start from the chain itself, in float64."""
    arrays = float_chain(factors)
    if arrays is None:
        return None
    start = graded_svd(arrays, rank=rank)
    logs = (start.exponents + np.log2(start.sigma)).tolist()
    if not all(map(math.isfinite, logs)) or not (np.isfinite(start.U).all() and np.isfinite(start.V).all()):
        return None
    bits = working_bits(request, max(factors[0].shape[1], factors[-1].shape[0]))
    spread = math.ceil(logs[0] - logs[-1])
    overshoot = _overshoot(arrays, logs[0])
    wide = bits + spread + overshoot + 16 + 2 * math.ceil(math.log2(len(factors) + 1))
    if wide > MOST_BITS:
        return None
    U, V = completed(start.U), completed(start.V)
    state = _factorised(leaves, U, V, logs, wide=wide, bits=bits)
    found = None
    if isinstance(state, FixedFactorisation):
        found, state = attempted(fixed.refined, state, request), state.in_balls()
    found = found or refined(state, request)
    return found if found is not None and request.met_by(found) else None


def _factorised(
    leaves: Leaves,
    U: Floats,
    V: Floats,
    logs: Sequence[float],
    start: int = 0,
    stop: int | None = None,
    *,
    wide: int,
    bits: int,
) -> Factorisation | FixedFactorisation:
    """The factorisation of a stretch of the chain, whose singular values have about these logs, base 2."""
    K = None
    if fixed.worth_fixing(len(logs), bits):
        K = leaves.fixed_product(wide, start, stop, left=U, right=V)
    if K is None:
        J = leaves.product(wide, start, stop, left=U, right=V)
    else:
        state = attempted(fixed.factorised, K, U, V, logs, wide=wide, bits=bits)
        if state is not None:
            return state
        with balls(wide + 64):
            J = K.balls()
    return factorise(J, U, V, len(logs), wide=wide, bits=bits)


def _from_stretches(
    factors: Sequence[Factor], leaves: Leaves, rank: int, request: Request
) -> Certified | None:
    """The path of linear cost: stretches of the chain, each as short as its range allows, then merged."""
    if len(factors) < _SHORTEST or len(shapes_of(factors)) > 1 or rank != factors[0].shape[0]:
        return None
    arrays = float_chain(factors)
    if arrays is None:
        return None
    target_bits = working_bits(request, rank)
    probe = graded_svd(arrays[:_PROBE], vectors=False).log_singular_values
    rate = float(probe[0] - probe[-1]) / math.log(2) / _PROBE
    if not 0 < rate < math.inf:
        return None
    pieces = int(len(factors) / max(_STRETCH * target_bits / rate, _PROBE))
    if pieces < 2:
        return None
    levels = math.ceil(math.log2(pieces))
    # The elimination of B_2ᵀA_1 has no pivots: it loses about two bits with each column.
    bits = target_bits + 2 * rank + (levels + 1) * (16 + 6 * math.ceil(math.log2(rank + 1)))
    bounds = [len(factors) * k // pieces for k in range(pieces + 1)]
    nodes = []
    for start, stop in itertools.pairwise(bounds):
        svd = graded_svd(arrays[start:stop])
        logs = (svd.exponents + np.log2(svd.sigma)).tolist()
        wide = bits + math.ceil(logs[0] - logs[-1]) + 32
        if wide > MOST_BITS:
            return None
        U, V = completed(svd.U), completed(svd.V)
        node = _factorised(leaves, U, V, logs, start, stop, wide=wide, bits=bits)
        nodes.append(node.in_balls() if isinstance(node, FixedFactorisation) else node)
    state = unit_columns(orthogonalised(pairwise(nodes)))
    result = None
    if fixed.worth_fixing(rank, target_bits):
        result = attempted(fixed.refined, fixed.of_balls(state, target_bits), request)
    result = result or refined(state, request)
    return result if result is not None and request.met_by(result) else None


def _from_product(factors: Sequence[Factor], leaves: Leaves, rank: int, request: Request) -> Certified | None:
    """The robust path: the product first, at a precision raised until it shows all pivots."""
    bits = working_bits(request, max(factors[0].shape[1], factors[-1].shape[0]))
    wide = 4 * bits + 256
    best: Certified | None = None
    for _ in range(_ATTEMPTS * 3):
        wide = min(wide, MOST_BITS)
        J = leaves.product_entrywise(wide)
        found = attempted(_robust_attempt, J, rank, request, wide=wide, bits=bits)
        if found is not None and request.met_by(found):
            return found
        best = _best(best, found)
        if wide >= MOST_BITS:
            break
        wide, bits = 2 * wide, bits + bits // 2
    return best


def _robust_attempt(J: arb_mat, rank: int, request: Request, *, wide: int, bits: int) -> Certified | None:
    if not any(not entry.contains(0) for entry in J.entries()):
        return None
    with balls(wide):
        start = robust_start(J, rank, wide - 16)
    if start is None or start.log2_range + bits + 40 > wide:
        return None
    if not np.isfinite(start.svd.log_singular_values).all():
        return None
    return from_vectors(J, start.svd.U, start.svd.V, rank, request, wide=wide, bits=bits)


def from_vectors(
    J: arb_mat, U: Floats, V: Floats, rank: int, request: Request, *, wide: int, bits: int
) -> Certified | None:
    """Certify the SVD of J (balls of ``wide`` bits) from float64 vectors; None if they are too poor."""
    U, V = completed(U), completed(V)
    with balls(wide):
        K = in_coordinates(J, U, V)
    return _refined(K, U, V, rank, request, wide=wide, bits=bits)


def _refined(
    K: arb_mat, U: Floats, V: Floats, rank: int, request: Request, *, wide: int, bits: int
) -> Certified | None:
    """:func:`from_vectors` for ``K = Uᵀ J V``, U and V square."""
    return refined(factorise(K, U, V, rank, wide=wide, bits=bits), request)


def working_bits(request: Request, size: int) -> int:
    """The precision of everything after the elimination: target and guard bits."""
    return request.target + 20 + 2 * math.ceil(math.log2(size + 1))


def _overshoot(arrays: Sequence[Floats], log2_norm: float) -> int:
    """By how many bits the product of norms exceeds the norm of the product: 0 unless factors cancel."""
    total = 0.0
    for array in arrays:
        size = math.sqrt(array.shape[1]) / 2
        total += math.log2(max(float(np.abs(array).max()) * size, 1e-320))
    return max(0, min(int(0.02 * (total - log2_norm)), 200)) if total > log2_norm else 0
