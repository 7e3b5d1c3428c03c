"""Section 1 of the ledger: the error of the decoupled velocity, derived with its constant.

Both signs of the error are bounded by the same chain of steps, so that no absolute value of a sum is
needed: first Cauchy–Schwarz, then the misalignment ε, term by term; the weights then add up.
"""

from __future__ import annotations

from functools import cache

from sympy import Abs, Expr, KroneckerDelta, Sum

from jacspec.theory.derivations.derivation import Calculation, Derivation
from jacspec.theory.derivations.lemmas import Lemma, derived_in
from jacspec.theory.notation.symbols import (
    Mdot,
    N,
    epsilon,
    i,
    inner,
    j,
    k,
    l,
    n,
    sA,
    sB,
    sdot,
    speed,
    u,
    uA,
    uB,
    v,
    vA,
    vB,
)
from jacspec.theory.results.assumptions import DECOMPOSITION_OF_PARTIAL_PRODUCTS, Assumption
from jacspec.theory.results.dynamics.general import decoupled_velocity, drive, velocity_identity

__all__ = [
    "EXCHANGE",
    "EXCHANGE_NEGATIVE",
    "LEVEL",
    "MISALIGNMENT",
    "REMAINDER_LEMMAS",
    "SMALL_LEVEL",
    "remainder",
]

_NEEDS = "unit vectors"
_ALL = ((i, 1, n), (j, 1, n), (l, 1, N))
_exchange = inner(vA(i, l + 1), Mdot(l) * uB(j, l))
_overlaps = inner(u(k), uA(i, l + 1)) * inner(vB(j, l), v(k))
_at_i, _at_j = KroneckerDelta(i, k), KroneckerDelta(j, k)
_misaligned = _overlaps - _at_i * _at_j
_spread = 2 * _at_i * _at_j + _at_i * (1 - _at_j) + (1 - _at_i) * _at_j + epsilon * (1 - _at_i) * (1 - _at_j)


def _cauchy_schwarz(sign: int) -> Lemma:
    return Lemma(
        "exchange" if sign > 0 else "exchange-negative",
        "Cauchy–Schwarz",
        sign * _misaligned * _exchange,
        Abs(_misaligned) * speed(l),
        _NEEDS,
        shown_by=derived_in(
            "dynamics.remainder_inequalities", "exchange" if sign > 0 else "exchange_negative"
        ),
    )


EXCHANGE, EXCHANGE_NEGATIVE = _cauchy_schwarz(1), _cauchy_schwarz(-1)
"""±x ⟨a, Ṁ b⟩ ≤ |x| ‖Ṁ‖ for unit vectors."""

MISALIGNMENT = Lemma(
    "misalignment",
    "misalignment of at most $ε$",
    Abs(_misaligned),
    epsilon * _spread,
    "ε ≤ 1",
    shown_by=derived_in("dynamics.remainder_inequalities", "misalignment"),
)
"""|RT - [i=k][j=k]| for |R - [i=k]|, |T - [j=k]| ≤ ε: 2ε if both are k, ε if one is, ε² if none."""

SMALL_LEVEL = Lemma(
    "small-level",
    "$ε ≤ 1$",
    epsilon * _spread,
    2 * epsilon,
    "ε ≤ 1",
    shown_by=derived_in("dynamics.remainder_inequalities", "small_level"),
)
"""Every weight is at most 2."""

REMAINDER_LEMMAS = (EXCHANGE, EXCHANGE_NEGATIVE, MISALIGNMENT, SMALL_LEVEL)
"""The lemmas of this file, each a claim of its own."""

LEVEL = Assumption(
    name="misalignment-level",
    title="misalignment of mode k",
    statement="$|⟨u_i(A_l), u_k⟩ - [i = k]|$ and $|⟨v_j(B_l), v_k⟩ - [j = k]|$ are at most $ε ≤ 1$ "
    "for all $i, j, l$",
    on_chains=True,
)

_weights = sA(i, l + 1) * sB(j, l)


@cache
def remainder() -> Derivation:
    """±(ṡ_k - decoupled) ≤ 2ε Σ_l ‖Ṁ_l‖ Σ_i s_i(A_{l+1}) Σ_j s_j(B_l), and a sharper sum before it.

    Ledger: ``remainder-bound``.
    """
    identity = velocity_identity()
    return Derivation(
        "remainder-bound",
        "How far decoupling is off",
        (_bounded("From above", 1, EXCHANGE), _bounded("From below", -1, EXCHANGE_NEGATIVE)),
        (identity,),
        remark="With $C = 2 Σ_l ‖Ṁ_l‖ Σ_i s_i(A_{l+1}) Σ_j s_j(B_l)$ the error is at most $C ε$.",
        generality="any depth $N ≥ 2$, any width $n$ and any $ε ≤ 1$",
    )


def _bounded(title: str, sign: int, exchange: Lemma) -> Calculation:
    identity = velocity_identity()
    decoupled = decoupled_velocity().result.after
    a_k, b_k = sA(k, l + 1), sB(k, l)
    a, b = Sum(sA(i, l + 1), (i, 1, n)), Sum(sB(j, l), (j, 1, n))
    terms: Expr = _weights * (_overlaps - _at_i * _at_j) * _exchange
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
            Sum(_weights * Abs(_misaligned) * speed(l), *_ALL),
            "bound what the layers exchange",
            LEVEL,
            lemmas=((Sum(_weights, *_ALL), exchange),),
        )
        .at_most(
            Sum(_weights * epsilon * _spread * speed(l), *_ALL),
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
        .equals(Sum(_weights * epsilon * _spread * speed(l), *_ALL), "term by term again")
        .at_most(
            2 * epsilon * Sum(speed(l) * _weights, *_ALL),
            "every weight is at most 2",
            LEVEL,
            lemmas=((Sum(_weights * speed(l), *_ALL), SMALL_LEVEL),),
        )
    )
