"""Section 1 of the ledger: the error of the decoupled velocity, derived with its constant.

Both signs of the error are bounded by the same chain of steps, so that no absolute value of a sum is
needed: first Cauchy–Schwarz, then the misalignment ε, term by term; the weights then add up. The same bounds
how far off the velocity with intercepts is, under depth scaling on non-empty products: at any ε, so that no
limit is taken in which the intercepts would vanish.
"""

from __future__ import annotations

from functools import cache

from sympy import Abs, Expr, Integer, Sum

from jacspec.theory.derivations.calculation import Calculation
from jacspec.theory.derivations.derivation import Derivation, DerivedLemma
from jacspec.theory.derivations.lemma import Lemma
from jacspec.theory.notation.symbols import (
    N,
    epsilon,
    i,
    j,
    k,
    l,
    n,
    sA,
    sB,
    sdot,
    speed,
)
from jacspec.theory.results.assumptions import DECOMPOSITION_OF_PARTIAL_PRODUCTS, SIMPLE
from jacspec.theory.results.dynamics.general import (
    decoupled_velocity,
    depth_scaling_boundary,
    drive,
    velocity_identity,
)
from jacspec.theory.results.dynamics.remainder_inequalities import (
    EXCHANGE,
    EXCHANGE_NEGATIVE,
    EXCHANGED,
    LEVEL,
    MISALIGNED,
    MISALIGNMENT,
    SMALL_LEVEL,
    SPREAD,
)

_ALL = ((i, 1, n), (j, 1, n), (l, 1, N))

REMAINDER_LEMMAS = (EXCHANGE, EXCHANGE_NEGATIVE, MISALIGNMENT, SMALL_LEVEL)
"""The lemmas of the remainder, each a claim of its own."""

_weights = sA(i, l + 1) * sB(j, l)
_ERROR = 2 * epsilon * Sum(speed(l) * _weights, *_ALL)


@cache
def remainder() -> Derivation:
    """±(ṡ_k - decoupled) ≤ 2ε Σ_l ‖Ṁ_l‖ Σ_i s_i(A_{l+1}) Σ_j s_j(B_l), and a sharper sum before it.

    Ledger: ``remainder-bound``.
    """
    identity = velocity_identity()
    return Derivation(
        "remainder-bound",
        "A bound of how far decoupling is off",
        (_bounded("From above", 1, EXCHANGE), _bounded("From below", -1, EXCHANGE_NEGATIVE)),
        (identity,),
        remark=(
            "What multiplies the level of misalignment is explicit: sums over the layers and directions."
        ),
    )


@cache
def remainder_with_intercepts() -> Derivation:
    """|ṡ_k - e^{(1+1/N)δ_k} s_k^{1-1/N} (e^{-δ_k} (two ends) + Σ_l drive)| ≤ the same, under DS′.

    Ledger: ``general-dynamics-remainder``.
    """
    return Derivation(
        "general-dynamics-remainder",
        "The decoupled velocity with intercepts, and its error",
        (_scaled("From above", 1), _scaled("From below", -1)),
    )


def _scaled(title: str, sign: int) -> Calculation:
    """ṡ_k against the decoupled sum and its error, then depth scaling in that sum."""
    corrected = depth_scaling_boundary().calculations[-1]
    error = DerivedLemma(
        "remainder-bound",
        "error of the decoupled velocity",
        sign * (sdot(k) - corrected.start),
        _ERROR,
        (SIMPLE, LEVEL),
        shown_by=remainder,
    )
    part = Calculation(title, sdot(k))
    bounded = part.at_most if sign > 0 else part.at_least
    part = bounded(
        corrected.start + sign * _ERROR, "error of the sum", SIMPLE, LEVEL, lemmas=((Integer(1), error),)
    )
    for step in corrected.steps:
        part = part.equals(step.after + sign * _ERROR, step.rule, *step.uses)
    return part


def _bounded(title: str, sign: int, exchange: Lemma) -> Calculation:
    identity = velocity_identity()
    decoupled = decoupled_velocity().result.after
    a_k, b_k = sA(k, l + 1), sB(k, l)
    a, b = Sum(sA(i, l + 1), (i, 1, n)), Sum(sB(j, l), (j, 1, n))
    terms: Expr = _weights * MISALIGNED * EXCHANGED
    return (
        Calculation(title, sign * (sdot(k) - decoupled))
        .equals(
            sign * (identity.result.after - Sum(a_k * b_k * drive(l), (l, 1, N))),
            "velocity of a simple singular value",
            identity.as_lemma(),
        )
        .equals(
            sign * Sum(terms, *_ALL),
            "expand both partial products in their singular vectors",
            DECOMPOSITION_OF_PARTIAL_PRODUCTS,
        )
        .at_most(
            Sum(_weights * Abs(MISALIGNED) * speed(l), *_ALL),
            "bound what the layers exchange",
            LEVEL,
            lemmas=((Sum(_weights, *_ALL), exchange),),
        )
        .at_most(
            Sum(_weights * epsilon * SPREAD * speed(l), *_ALL),
            "bound the overlaps",
            LEVEL,
            lemmas=((Sum(_weights * speed(l), *_ALL), MISALIGNMENT),),
        )
        .equals(
            Sum(
                epsilon
                * speed(l)
                * (2 * a_k * b_k + a_k * (b - b_k) + (a - a_k) * b_k + epsilon * (a - a_k) * (b - b_k)),
                (l, 1, N),
            ),
            "add up the weights",
        )
        .equals(Sum(_weights * epsilon * SPREAD * speed(l), *_ALL), "term by term again")
        .at_most(
            _ERROR,
            "every weight is at most 2",
            LEVEL,
            lemmas=((Sum(_weights * speed(l), *_ALL), SMALL_LEVEL),),
        )
    )
