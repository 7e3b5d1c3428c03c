"""The refinement of wide factorisations ``J = A·2^e·Bᵀ`` in fixed point, a side on each core.

Products by residues take a quarter of the time of products of balls, so A and B stay fixed-point matrices
from step to step; only what the certificate needs of their Gram matrices becomes balls. Turns are float64,
exact as such, and gain 2^-50 at most. What is not told apart is left to balls (``iteration.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from flint import arb, arb_mat
from numpy.typing import NDArray

from jacspec.numerics.products.residues import FixedPoint, product
from jacspec.numerics.spectra.certified.certificate import Certified, certify
from jacspec.numerics.spectra.certified.fixed import matrices
from jacspec.numerics.spectra.certified.fixed.elimination import eliminated
from jacspec.numerics.spectra.certified.fixed.matrices import (
    cut,
    floats,
    identity,
    of_floats,
    times,
    times_inverse,
    total,
    transposed,
)
from jacspec.numerics.spectra.certified.iteration import Request, enough, turn_bits
from jacspec.numerics.spectra.certified.pairs import Pairs, measured
from jacspec.numerics.spectra.certified.refine import Factorisation, upper_turns
from jacspec.numerics.support.parallel import side_by_side
from jacspec.numerics.support.precision import balls

Floats = NDArray[np.float64]

_NARROWEST, _LONGEST = 28, 800
"""Ranks from which this is the quicker way, and bits up to which float64 has room for them."""

_GUARD = 12
"""Bits by which A and B are known better than is asked for."""

_GAIN, _SEEN = 50, 28
"""Bits that a turn of float64 gains, and those of the defect that are enough in the last step."""

_STEPS = 20
_ASCENT = 64
"""Bits by which a value may be above the one before."""

_GRID = 53
"""Start vectors are multiples of 2^-53."""


@dataclass(frozen=True, eq=False)
class FixedFactorisation:
    """``J = A·diag(2^e)·Bᵀ``, A and B fixed-point."""

    A: FixedPoint
    exponents: tuple[int, ...]
    B: FixedPoint
    bits: int

    def in_balls(self) -> Factorisation:
        """The same in balls."""
        with balls(self.bits + 64):
            return Factorisation(self.A.balls(), self.exponents, self.B.balls(), self.bits)


def of_balls(state: Factorisation, bits: int) -> FixedFactorisation:
    """The same factorisation with no more than so many bits."""
    A, B = (matrices.of_balls(matrix, bits + _GUARD) for matrix in (state.A, state.B))
    return FixedFactorisation(A, state.exponents, B, bits)


def worth_fixing(rank: int, bits: int) -> bool:
    """Whether a factorisation of such a size is refined here."""
    return rank >= _NARROWEST and bits <= _LONGEST


def factorised(
    K: FixedPoint, U: Floats, V: Floats, logs: Sequence[float], *, wide: int, bits: int
) -> FixedFactorisation:
    """As :func:`jacspec.numerics.spectra.certified.initial.factorise`, U and V multiples of 2^-53."""
    found = eliminated(K, logs, wide=wide, bits=bits + _GUARD)
    A, B = side_by_side(_solved, [(U, found.A, bits), (V, found.R, bits)])
    return FixedFactorisation(A, found.exponents, B, bits)


def _solved(task: tuple[Floats, FixedPoint, int]) -> FixedPoint:
    """``U⁻ᵀ L = U (UᵀU)⁻¹ L``."""
    U, L, bits = task
    matrix = of_floats(U, _GRID, exact=True)
    defect = total(product(transposed(matrix), matrix, 3 * _GRID), identity(len(U)), -1)
    return times(matrix, transposed(times_inverse(transposed(L), defect, bits + _GUARD)), bits + _GUARD)


def refined(state: FixedFactorisation, request: Request) -> Certified | None:
    """The certificate that meets the request, as :func:`iteration.refined`; None where that has to do it."""
    defect, goal = -20.0, -request.target / 2 - 10
    for _ in range(_STEPS):
        next_defect = max(2 * defect, defect - _GAIN)
        seen = _SEEN if next_defect - _SEEN <= goal else _GAIN
        bits = min(max(int(seen - next_defect), 110), state.bits + _GUARD)
        found = _measured(state, bits)
        if found is None:
            return None
        G, H, pairs = found
        before, defect = defect, pairs.log2_defect
        if defect > -16 or defect >= before + 1:
            return None
        if enough(pairs, request, state.bits):
            if bits < state.bits:
                found = _measured(state, state.bits + _GUARD)
                if found is None:
                    return None
                G, H, pairs = found
            return _certified(state, G, H, pairs, request)
        state = _improved(state, G, H, pairs)
    return None


def _measured(state: FixedFactorisation, bits: int) -> tuple[FixedPoint, FixedPoint, Pairs] | None:
    """Both Gram matrices, and what they say; None where columns are not told apart, or not in order."""
    G, H = side_by_side(_gram, [(state.A, bits), (state.B, bits)])
    with balls(state.bits):
        raw = floats(G), floats(H)
        pairs = measured(
            raw, (np.diag(raw[0]), np.diag(raw[1])), 0, (_entry_of(G), _entry_of(H)), state.exponents
        )
    return None if pairs.clustered or not (pairs.gap > 0).all() else (G, H, pairs)


def _gram(task: tuple[FixedPoint, int]) -> FixedPoint:
    matrix, bits = task
    short = cut(matrix, bits)
    return times(transposed(short), short, bits)


def _improved(state: FixedFactorisation, G: FixedPoint, H: FixedPoint, pairs: Pairs) -> FixedFactorisation:
    """A(I+Z)⁻¹ and B(I+Y), Y of float64, or rather balls around it."""
    bits = state.bits + _GUARD
    z, y = upper_turns(pairs, *(np.sqrt(np.diag(floats(X))) for X in (G, H)))
    e = np.array(state.exponents)
    q = np.triu(e[None, :] - e[:, None])
    if q.max() > _ASCENT:
        message = "the columns are not in descending order"
        raise ArithmeticError(message)
    # Z = z + (q y)ᵀ, Y = y + (q z)ᵀ; what float64 cannot hold of q y and q z is far below the last digit.
    turns = [of_floats(x + np.ldexp(other, q).T, bits + 8) for x, other in ((z, y), (y, z))]
    A, B = side_by_side(_turned, [(True, state.A, turns[0], bits), (False, state.B, turns[1], bits)])
    return FixedFactorisation(A, state.exponents, B, state.bits)


def _turned(task: tuple[bool, FixedPoint, FixedPoint, int]) -> FixedPoint:
    inverse, matrix, turn, bits = task
    return times_inverse(matrix, turn, bits) if inverse else total(matrix, times(matrix, turn, bits))


def _certified(
    state: FixedFactorisation, G: FixedPoint, H: FixedPoint, pairs: Pairs, request: Request
) -> Certified | None:
    with balls(state.bits + 64):
        gram_a, gram_b = _in_balls(G), _in_balls(H)
    found = certify(
        state.exponents,
        gram_a,
        gram_b,
        pairs,
        bits=state.bits,
        turn_bits=turn_bits(pairs, request, state.bits),
        factors=state.in_balls if request.vectors else None,
    )
    return found if found is not None and request.met_by(found) else None


def _in_balls(gram: FixedPoint) -> arb_mat:
    """The enclosure; off the diagonal numbers are short, and read so."""
    digits, at = gram.digits.copy(), np.arange(gram.shape[0])
    digits[:, at, at] = 0
    while len(digits) > 1 and not digits[-1].any():
        digits = digits[:-1]
    matrix = FixedPoint(digits, gram.scale, gram.radius).balls()
    diagonal = FixedPoint(gram.digits[:, None, at, at], gram.scale, gram.radius).balls()
    for k in at.tolist():
        matrix[k, k] = diagonal[0, k]
    return matrix


def _entry_of(X: FixedPoint) -> Callable[[int], arb]:
    """The entries, row by row, as balls, at the precision in force."""
    columns = X.shape[1]

    def entry(at: int) -> arb:
        i, j = divmod(at, columns)
        return FixedPoint(X.digits[:, i : i + 1, j : j + 1], X.scale, X.radius).balls()[0, 0]

    return entry
