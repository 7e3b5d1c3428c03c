"""The methods that are compared, each as a user of its library would write it; they run in a child process.

A method takes float64 factors and gives logs of singular values, descending. What is timed is ``run``, from
the factors in memory to native values in hand; ``read`` turns these into decimals afterwards, untimed.

Every peer of arbitrary precision is told for free how many bits it needs: the range log2(s_1/s_n) that the
certified engine found, and the digits, and a guard. FLINT works on JᵀJ, where the range counts twice.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from flint import acb_mat, arb, arb_mat
from numpy.typing import NDArray

from jacspec.numerics import Chain, spectrum
from jacspec.numerics.chains.batches import log_singular_values
from jacspec.numerics.products.exact import mp_product
from jacspec.numerics.products.graded import finite_time_exponents, graded_svd, graded_svd_of_stream
from jacspec.numerics.support.cores import available_cores
from jacspec.numerics.support.precision import balls, mp_context, threads

__all__ = ["CHAINS", "JACSPEC", "JACSPEC_VECTORS", "PEERS", "Answer", "Peer", "needed_bits"]

Floats = NDArray[np.float64]

JACSPEC, JACSPEC_VECTORS = "jacspec values", "jacspec vectors"

_SHOWN = 30
"""Decimals written beyond the digits asked for: what agrees further must show it."""

CHAINS = 10_000
"""Of a batch."""

_GUARD_BITS = 40
_BALL_GUARD_BITS = 64
"""A ball carries its error through the product and the isolation of the eigenvalues."""


@dataclass(frozen=True)
class Answer:
    """Logs in decimal and, from a method that certifies, -log10 of the radius of each."""

    logs: list[str]
    certified_digits: list[float] | None = None


@dataclass(frozen=True)
class Peer:
    """A method: what is timed, and how its result is read.

    ``scale``: how often the range counts in the bits it needs; 0 for float64. ``attempts``: how often it may
    try, with a tenth more bits each time, should it fail; only the last attempt is timed. ``lazy``: it reads
    the factors one by one and keeps none. ``batched``: it takes ``CHAINS`` chains at once; the first is read.
    """

    run: Callable[[Any, int, int], Any]
    read: Callable[[Any, int], Answer]
    scale: int = 0
    guard: int = _GUARD_BITS
    attempts: int = 1
    lazy: bool = False
    batched: bool = False


def needed_bits(range_bits: float, digits: int, *, scale: int, guard: int) -> int:
    """``scale``·log2(s_1/s_n) + log2(10)·digits + guard; 53 for a method of float64."""
    return math.ceil(scale * range_bits + math.log2(10) * digits) + guard if scale else 53


# --- ours ----------------------------------------------------------------------------------------


def _certified(*, vectors: bool) -> Callable[[Sequence[Floats], int, int], Any]:
    return lambda factors, digits, _: spectrum(Chain(factors), digits=digits, vectors=vectors)


def _read_certified(found: Any, digits: int) -> Answer:
    logs = [value.context.nstr(value, digits + _SHOWN) for value in found.log_values]
    return Answer(logs, [_ball_digits(ball) for ball in found.enclosures])


def _float64(factors: Sequence[Floats], _digits: int, _bits: int) -> Floats:
    return spectrum(Chain(factors), engine="float64").log_singular_values


def _graded(factors: Sequence[Floats], _digits: int, _bits: int) -> Floats:
    return graded_svd(factors, vectors=False).log_singular_values


def _graded_batch(factors: Sequence[Floats], _digits: int, _bits: int) -> Floats:
    return log_singular_values(factors)


def _graded_stream(factors: Iterable[Floats], _digits: int, _bits: int) -> Floats:
    return graded_svd_of_stream(factors, vectors=False).log_singular_values


def _exponents_stream(factors: Iterable[Floats], _digits: int, _bits: int) -> Floats:
    return np.sort(finite_time_exponents(factors))[::-1]


# --- NumPy ---------------------------------------------------------------------------------------


def _numpy(factors: Sequence[Floats], _digits: int, _bits: int) -> Floats:
    """The product and its SVD, as one would first write it."""
    product = factors[0]
    for factor in factors[1:]:
        product = factor @ product
    with np.errstate(divide="ignore"):
        logs: Floats = np.log(np.linalg.svd(product, compute_uv=False))
    return logs


def _bare_sweep(factors: Sequence[Floats], _digits: int, _bits: int) -> Floats:
    """The bare QR sweep: Σ ln|R_ii|, which is *not* log s_k; the yardstick for the cost of a float64 pass."""
    frame, logs = np.eye(factors[0].shape[-1]), np.zeros((*factors[0].shape[:-2], factors[0].shape[-1]))
    for factor in factors:
        frame, triangle = np.linalg.qr(factor @ frame)
        logs += np.log(np.abs(np.diagonal(triangle, axis1=-2, axis2=-1)))
    return np.sort(logs)[..., ::-1]


def _read_floats(found: Floats, _: int) -> Answer:
    return Answer([repr(float(value)) for value in np.atleast_2d(found)[0]])


# --- mpmath --------------------------------------------------------------------------------------


def _mpmath(*, vectors: bool) -> Callable[[Sequence[Floats], int, int], Any]:
    def run(factors: Sequence[Floats], _digits: int, bits: int) -> Any:
        context = mp_context(bits)
        product = mp_product(factors, context)
        values = context.svd_r(product)[1] if vectors else context.svd_r(product, compute_uv=False)
        return sorted((context.log(value) for value in values), reverse=True)

    return run


def _read_mpmath(found: Any, digits: int) -> Answer:
    return Answer([value.context.nstr(value, digits + _SHOWN) for value in found])


# --- FLINT ---------------------------------------------------------------------------------------


def _flint(*, vectors: bool) -> Callable[[Sequence[Floats], int, int], Any]:
    def run(factors: Sequence[Floats], _digits: int, bits: int) -> Any:
        with balls(bits), threads(available_cores()):
            product = _ball_tree([arb_mat(factor.tolist()) for factor in factors])
            found = acb_mat(product.transpose() * product).eig(right=vectors)
            logs = [value.real.log() / 2 for value in (found[0] if vectors else found)]
        return sorted(logs, key=lambda ball: float(ball.mid()), reverse=True)

    return run


def _ball_tree(factors: Sequence[arb_mat]) -> arb_mat:
    """The product in a balanced tree, in which balls stay narrow; a plain loop ends with nothing."""
    if len(factors) == 1:
        return factors[0]
    middle = len(factors) // 2
    return _ball_tree(factors[middle:]) * _ball_tree(factors[:middle])


def _read_flint(found: Any, digits: int) -> Answer:
    with balls(4 * (digits + 100)):
        texts = [(ball.mid() * 1).str(digits + _SHOWN, radius=False) for ball in found]
    return Answer(texts, [_ball_digits(ball) for ball in found])


def _ball_digits(ball: arb) -> float:
    """-log10 of the radius; it may be far below the least float64."""
    with balls(64):
        if ball.rad() == 0:
            return math.inf
        return -float((ball.rad().log() / arb(10).log()).mid()) if ball.is_finite() else -math.inf


PEERS: Mapping[str, Peer] = MappingProxyType(
    {
        JACSPEC: Peer(_certified(vectors=False), _read_certified),
        JACSPEC_VECTORS: Peer(_certified(vectors=True), _read_certified),
        "float64": Peer(_float64, _read_floats),
        "graded": Peer(_graded, _read_floats),
        "bare sweep": Peer(_bare_sweep, _read_floats),
        "bare sweep, batch": Peer(_bare_sweep, _read_floats, batched=True),
        "graded, batch": Peer(_graded_batch, _read_floats, batched=True),
        "graded stream": Peer(_graded_stream, _read_floats, lazy=True),
        "exponents stream": Peer(_exponents_stream, _read_floats, lazy=True),
        "numpy": Peer(_numpy, _read_floats),
        "mpmath values": Peer(_mpmath(vectors=False), _read_mpmath, scale=1),
        "mpmath vectors": Peer(_mpmath(vectors=True), _read_mpmath, scale=1),
        "flint values": Peer(_flint(vectors=False), _read_flint, 2, _BALL_GUARD_BITS, attempts=23),
        "flint vectors": Peer(_flint(vectors=True), _read_flint, 2, _BALL_GUARD_BITS, attempts=23),
    }
)
"""Every method that runs in Python; :mod:`benchmarks.eigen` is the other."""
