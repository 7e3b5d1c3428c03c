"""Section 5 of the ledger: how much alignment the decoupling of a mode needs."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from sympy import Sum

from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.assumption import Assumption
from jacspec.theory.derivations.calculation import Calculation
from jacspec.theory.derivations.derivation import Derivation
from jacspec.theory.notation.symbols import (
    AT,
    BT,
    G,
    Mdot,
    i,
    j,
    k,
    l,
    n,
    rho,
    sA,
    sB,
    tau,
    u,
    uA,
    uAT,
    uB,
    v,
    vA,
    vB,
    vBT,
)
from jacspec.theory.notation.words import inner
from jacspec.theory.results.assumptions import GRADIENT_FLOW, SINGULAR_PAIRS


def _overlaps(order: int, words: str) -> Assumption:
    """R_ik = ρ_i (s_k/s_i)^order on the left, and so on the right with τ_j."""
    left, right = (sA(k, l + 1) / sA(i, l + 1)) ** order, (sB(k, l) / sB(j, l)) ** order
    return Assumption(
        name=f"overlaps-of-order-{order}",
        title=f"overlaps of {words} order",
        rules=(
            Rule(uAT(i, l + 1) * u(k), rho(i) * left),
            Rule(vBT(j, l) * v(k), tau(j) * right),
        ),
        model=(
            Rule(u(k), Sum(rho(i) * left * uA(i, l + 1), (i, 1, n)), (k,)),
            Rule(v(k), Sum(tau(j) * right * vB(j, l), (j, 1, n)), (k,)),
        ),
        frames=(uA, vB),
    )


FIRST_ORDER, SECOND_ORDER = _overlaps(1, "first"), _overlaps(2, "second")


@cache
def alignment_budget() -> Derivation:
    """At R_ik = ρ s_k/s_i the cross terms exceed the diagonal by s_i(A) s_j(B)/(s_k(A) s_k(B)).

    Ledger: ``alignment-budget``; one layer of the velocity of mode k, its term (i, j).
    """
    overlaps = inner(uA(i, l + 1), u(k)) * inner(vB(j, l), v(k))
    drive = inner(uA(i, l + 1), G * vB(j, l))
    term = sA(i, l + 1) * sB(j, l) * overlaps * inner(vA(i, l + 1), Mdot(l) * uB(j, l))
    weight = (sA(k, l + 1) * sB(k, l)) ** 2
    excess = sA(i, l + 1) * sB(j, l) / (sA(k, l + 1) * sB(k, l))
    flow = (
        Calculation("The cross term of the directions i and j in layer l", term)
        .equals(
            -sA(i, l + 1) * sB(j, l) * overlaps * inner(vA(i, l + 1), AT(l + 1) * G * BT(l) * uB(j, l)),
            "insert the velocity of the factor",
            GRADIENT_FLOW,
        )
        .equals(
            -((sA(i, l + 1) * sB(j, l)) ** 2) * overlaps * drive,
            "apply the partial products to their singular vectors",
            SINGULAR_PAIRS,
        )
    )
    first = replace(flow, title="Overlaps of the order that separation gives").equals(
        -weight * excess * rho(i) * tau(j) * drive,
        "compare with the diagonal weight: an excess is left",
        FIRST_ORDER,
    )
    second = replace(flow, title="One power of the ratio more").equals(
        -weight * rho(i) * tau(j) * drive,
        "compare with the diagonal weight: no excess",
        SECOND_ORDER,
    )
    return Derivation(
        "alignment-budget",
        "Terms of the velocity, by the order of the overlaps",
        (flow, first, second),
        remark="Two cases, of different chains.",
    )
