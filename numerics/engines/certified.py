"""The certified engine: rigorous enclosures of every log singular value, and of the vectors on request."""

from __future__ import annotations

from typing import Any

import numpy as np
from flint import arb, arb_mat
from numpy.typing import NDArray

from numerics.certified.svd import CertifiedSVD, certified_svd
from numerics.chain import Chain
from numerics.engines.contract import GUARD_DIGITS, EngineResult
from numerics.errors import PrecisionError
from numerics.precision import balls, mp_context
from numerics.rank import live, rank

__all__ = ["as_result", "certified"]


def certified(chain: Chain, *, digits: int, vectors: bool) -> EngineResult:
    """Enclose the spectrum of a chain; see :mod:`numerics.certified.svd` for the method.

    Dead coordinates are dropped first, exactly, and return as zeros of the vectors. A request that is not
    met below the precision cap returns what is certified, and says so (``shortfall``); PrecisionError is
    raised only if that is nothing.
    """
    left = live(chain)
    if left is None:
        return _all_zero(chain.shape, vectors=vectors)
    found = certified_svd(
        left.factors, digits=digits + GUARD_DIGITS, exact_rank=lambda: rank(chain), vectors=vectors
    )
    return as_result(found, digits=digits, rows=left.rows, columns=left.columns, vectors=vectors)


def as_result(
    found: CertifiedSVD,
    *,
    digits: int,
    rows: NDArray[np.bool_],
    columns: NDArray[np.bool_],
    vectors: bool,
    midpoints: bool = True,
) -> EngineResult:
    """The result for a product of which ``found`` is the part in the rows and columns that are not dead.

    Without ``midpoints``, vectors are given as enclosures only.
    """
    size = min(len(rows), len(columns))
    if found.rank == 0:
        return _all_zero((len(rows), len(columns)), vectors=vectors)
    if not found.logs:
        message = f"the certified engine reached nothing: {found.note}; ask for fewer digits or try mpmath"
        raise PrecisionError(message)
    context = mp_context(found.bits + 64)
    zeros = size - found.rank
    u = v = None
    if found.u is not None and found.v is not None:
        signs = _signs(found.u)
        with balls(found.bits + 64):  # the caller's precision would round the enclosures
            u = _embedded(found.u, signs, rows)
            v = _embedded(found.v, signs, columns)
    return EngineResult(
        rank=found.rank,
        log_values=(*(_midpoint(ball, context) for ball in found.logs), *[context.ninf] * zeros),
        enclosures=(*found.logs, *[arb.neg_inf()] * zeros),
        left_vectors=_midpoints(u, context) if u is not None and midpoints else None,
        right_vectors=_midpoints(v, context) if v is not None and midpoints else None,
        precision_bits=found.bits,
        left_enclosures=u,
        right_enclosures=v,
        clusters=tuple(cluster for cluster in found.clusters if len(cluster) > 1),
        shortfall=_shortfall(found, digits),
    )


def _shortfall(found: CertifiedSVD, digits: int) -> str:
    """What the request lacks, judged without the guard digits; empty if nothing."""
    with balls(64):
        if all(ball.rad() <= arb(10) ** -digits for ball in found.logs):
            return ""
    return f"certified only to {found.radius:.1e}: {found.note}"


def _all_zero(shape: tuple[int, int], *, vectors: bool) -> EngineResult:
    context = mp_context(53)
    size = min(shape)
    u, v = ((context.matrix(length, 0) if vectors else None) for length in shape)
    return EngineResult(0, (context.ninf,) * size, (arb.neg_inf(),) * size, u, v, 53)


def _signs(vectors: arb_mat) -> list[int]:
    """+1 or -1 for each column, so that the entry of u_k that is largest in magnitude is positive."""
    signs = []
    for mode in range(vectors.ncols()):
        column = [float(vectors[row, mode].mid()) for row in range(vectors.nrows())]
        signs.append(-1 if max(column, key=abs) < 0 else 1)
    return signs


def _embedded(vectors: arb_mat, signs: list[int], alive: NDArray[np.bool_]) -> arb_mat:
    """Put the dead coordinates back, as zeros."""
    full = arb_mat(len(alive), vectors.ncols())
    for source, target in enumerate(np.flatnonzero(alive).tolist()):
        for mode, sign in enumerate(signs):
            full[target, mode] = vectors[source, mode] * sign
    return full


def _midpoints(vectors: arb_mat, context: Any) -> Any:
    matrix = context.matrix(vectors.nrows(), vectors.ncols())
    for row in range(vectors.nrows()):
        for mode in range(vectors.ncols()):
            matrix[row, mode] = _midpoint(vectors[row, mode], context)
    return matrix


def _midpoint(ball: arb, context: Any) -> Any:
    mantissa, exponent = ball.mid().man_exp()
    return context.ldexp(context.mpf(int(mantissa)), int(exponent))
