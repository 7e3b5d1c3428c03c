"""The iteration: refine a factorisation of J until the certificate meets the request."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

import numpy as np
from flint import arb

from jacspec.numerics.spectra.certified.certificate import Certified, certify
from jacspec.numerics.spectra.certified.pairs import Pairs, pairs
from jacspec.numerics.spectra.certified.refine import (
    Factorisation,
    balanced,
    descending,
    float_turns,
    grams,
    improve,
    turns,
)
from jacspec.numerics.support.enclosures import narrower_than
from jacspec.numerics.support.precision import balls

_NEARLY = 0.8
"""Share of the working precision from which Gram matrices are made in full: the certificate needs them so."""

_STEPS = 14
"""Each step doubles the digits: more than enough for any request below the cap."""

MOST_BITS = 1 << 20
"""No precision beyond it is tried."""


@dataclass(frozen=True)
class Request:
    """What is asked of the engine."""

    digits: int
    vectors: bool

    @property
    def target(self) -> int:
        """Bits of relative accuracy asked for."""
        return math.ceil(self.digits * math.log2(10)) + 2

    def met_by(self, result: Certified) -> bool:
        """Whether every radius is small enough."""
        with balls(64):
            limit = arb(10) ** -self.digits
            if not all(x.rad() <= limit for x in result.logs):
                return False
            if not self.vectors:
                return True
            if result.u is None or result.v is None:
                return False
            return narrower_than(result.u, limit) and narrower_than(result.v, limit)


def refined(state: Factorisation, request: Request) -> Certified | None:
    """Refine until the certificate meets the request, or no step helps any more."""
    best: Certified | None = None
    defect = -40.0
    last, without_gain = math.inf, 0
    for _ in range(_STEPS):
        gram_bits = int(max(-2 * defect + 30, 110))
        if gram_bits > _NEARLY * state.bits:
            gram_bits = state.bits
        gram_a, gram_b = grams(state, gram_bits)
        measured = pairs(gram_a, gram_b, state.exponents, gram_bits)
        for _ in range(3 if measured.clustered or bool((measured.gap <= 0).any()) else 0):
            ordered = balanced(descending(state), measured)
            if ordered is state:
                break
            state = ordered
            gram_a, gram_b = grams(state, gram_bits)
            measured = pairs(gram_a, gram_b, state.exponents, gram_bits)
        defect = measured.log2_defect
        if defect > -8:
            return best
        done = enough(measured, request, state.bits)
        without_gain = without_gain + 1 if defect >= last - 1 else 0
        stalled = without_gain >= 3 or defect < 12 - state.bits
        if done or stalled:
            if gram_bits < state.bits:
                gram_a, gram_b = grams(state, state.bits)
                measured = pairs(gram_a, gram_b, state.exponents, state.bits)
            result = certify(
                state.exponents,
                gram_a,
                gram_b,
                measured,
                bits=state.bits,
                turn_bits=turn_bits(measured, request, state.bits),
                factors=partial(_same, state) if request.vectors else None,
            )
            if result is not None:
                best = result
                if request.met_by(result):
                    return best
            if stalled:
                return best
        last = defect
        with balls(state.bits):
            if defect > -60 and state.bits < 800:
                Z, Y = float_turns(measured, gram_a, gram_b, state.exponents)
            else:
                with balls(
                    int(min(state.bits, 60 - 2 * defect - measured.log2_gap)) if math.isfinite(defect) else 64
                ):
                    Z, Y = turns(gram_a, gram_b, state.exponents, measured.cluster.tolist(), exact=True)
        try:
            state = improve(state, Z, Y, measured)
        except ArithmeticError:  # no small step is left at this precision
            return best
    return best


def enough(measured: Pairs, request: Request, bits: int) -> bool:
    """Whether the certificate is likely to meet the request."""
    turn, target = measured.log2_turn, request.target
    if turn != -math.inf:
        if max(2 * turn, -bits) + 8 > -target:
            return False
        if request.vectors and 2 * turn + 10 > measured.log2_gap + min(-target, measured.log2_gap):
            return False
    return not measured.clustered or _cluster_defect(measured) + 6 <= -target


def turn_bits(measured: Pairs, request: Request, bits: int) -> int:
    """The precision of the turns that the certificate bounds."""
    needed = 64 - int(measured.log2_gap)
    if math.isfinite(measured.log2_defect):
        needed += max(0, int(request.target + measured.log2_defect) - 20)
    return min(needed, bits)


def _same(state: Factorisation) -> Factorisation:
    return state


def _cluster_defect(measured: Pairs) -> float:
    inside = measured.together()
    np.fill_diagonal(inside, val=False)
    largest = max(np.abs(measured.G[inside]).max(initial=0), np.abs(measured.H[inside]).max(initial=0))
    return math.log2(largest) - measured.shift if largest else -math.inf
