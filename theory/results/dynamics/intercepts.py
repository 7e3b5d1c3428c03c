"""Section 1 of the ledger: exact alignment leaves depth scaling no intercept."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from sympy import Expr, Integer, KroneckerDelta, Sum, exp

from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.assumption import Assumption, by_definition
from jacspec.theory.derivations.calculation import Calculation, Proof, ShownEquations
from jacspec.theory.derivations.derivation import Derivation
from jacspec.theory.notation.symbols import (
    A,
    B,
    J,
    N,
    delta,
    gamma,
    i,
    j,
    k,
    l,
    n,
    q,
    s,
    sA,
    sB,
    u,
    uA,
    uAT,
    uB,
    uBT,
    v,
    vA,
    vAT,
    vB,
    vBT,
)
from jacspec.theory.notation.words import inner
from jacspec.theory.results.assumptions import ORTHONORMAL, SINGULAR_PAIR_OF_J

_SCALING = (
    Rule(sA(k, l), exp((N - l + 1) * gamma(k) + delta(k)), (k,)),
    Rule(sB(k, l), exp((l - 1) * gamma(k) + delta(k)), (k,)),
    Rule(s(k), exp(N * gamma(k) + delta(k)), (k,)),
)

EXACT_ALIGNMENT = Assumption(
    name="exact-alignment",
    title="exact alignment at $l$",
    rules=(Rule(u(k), uA(k, l), (k,)), Rule(v(k), vB(k, l), (k,))),
    model=(Rule(uA(k, l), u(k), (k,)), Rule(vB(k, l), v(k), (k,))),
    frames=(u, v),
)

DEPTH_SCALING_AT_LAYER = Assumption(
    name="depth-scaling-at-l",
    title="depth scaling of $A_l$, $B_l$ and $J$ (DS)",
    rules=_SCALING,
    model=_SCALING,
)

_PAIR_OF_J = replace(SINGULAR_PAIR_OF_J, rules=(Rule(J * v(k), s(k) * u(k), (k,)),))

_SPLIT = by_definition(
    Assumption(
        name="split",
        title="partial products",
        rules=(Rule(J, A(l) * B(l)),),
        model=(Rule(J, A(l) * B(l)),),
    )
)

_PAIRS = by_definition(
    Assumption(
        name="singular-pairs-at-l",
        title="singular pairs of the partial products",
        rules=(
            Rule(uAT(k, l) * A(l), sA(k, l) * vAT(k, l), (k,)),
            Rule(B(l) * vB(k, l), sB(k, l) * uB(k, l), (k,)),
        ),
        model=(
            Rule(A(l), Sum(sA(i, l) * uA(i, l) * vAT(i, l), (i, 1, n)), (l,)),
            Rule(B(l), Sum(sB(i, l) * uB(i, l) * vBT(i, l), (i, 1, n)), (l,)),
        ),
        frames=(uA, vA, uB, vB),
    )
)

_BASIS = by_definition(
    Assumption(
        name="orthonormal-inside",
        title="orthonormal basis",
        rules=(
            Rule(
                uBT(k, l) * uB(k, l),
                Sum(inner(uB(k, l), vA(i, l)) * inner(vA(i, l), uB(k, l)), (i, 1, n)),
                (k,),
            ),
        ),
        model=(Rule(vA(i, l), q(i, 0), (i,)), Rule(uB(k, l), q(k, 1), (k,))),
        frames=(q,),
    )
)

_LENGTH = by_definition(
    replace(_BASIS, name="unit-vectors", rules=(Rule(uBT(k, l) * uB(k, l), Integer(1), (k,)),))
)


def _entry(direction: Expr) -> Expr:
    """W_ik = ⟨v_i(A_l), u_k(B_l)⟩."""
    return inner(vA(direction, l), uB(k, l))


@cache
def alignment_forces_zero_intercept() -> Derivation:
    """e^{δ_k} = 1: with ε = 0 at one interior l, depth scaling of A_l, B_l and J leaves no intercept.

    Ledger: ``alignment-forces-zero-intercept``.
    """
    weight = sA(i, l) * sB(k, l)
    squared = (sA(k, l) * sB(k, l)) ** 2
    diagonal = (
        Calculation("W is diagonal", _entry(i))
        .equals(
            inner(uA(i, l), A(l) * B(l) * vB(k, l)) / weight,
            "apply the partial products to their singular vectors, and divide",
            _PAIRS,
            DEPTH_SCALING_AT_LAYER,
        )
        .equals(inner(uA(i, l), J * vB(k, l)) / weight, "split the product at l", _SPLIT)
        .equals(inner(u(i), J * v(k)) / weight, "exact alignment", EXACT_ALIGNMENT)
        .equals(s(k) * KroneckerDelta(i, k) / weight, "singular pair of J", _PAIR_OF_J, ORTHONORMAL)
    )
    entries = (Rule(vAT(i, l) * uB(k, l), diagonal.end, (i, k)),)
    entry = ShownEquations(
        name="w-diagonal",
        title="W is diagonal",
        rules=entries,
        model=(
            Rule(
                uB(k, l), Sum(vA(j, l) * s(k) * KroneckerDelta(j, k) / (sA(j, l) * sB(k, l)), (j, 1, n)), (k,)
            ),
        ),
        frames=(vA,),
        proof=Proof(entries, (diagonal,)),
    )
    unit = (
        Calculation("Singular values multiply, squared", squared)
        .equals(squared * inner(uB(k, l), uB(k, l)), "a unit vector has length 1", _LENGTH)
        .equals(
            squared * Sum(inner(uB(k, l), vA(i, l)) * _entry(i), (i, 1, n)),
            "expand in the basis $v_i(A_l)$",
            _BASIS,
        )
        .equals(s(k) ** 2, "W is diagonal: only $i = k$ survives", entry)
    )
    product = (Rule(s(k), sA(k, l) * sB(k, l), (k,)),)
    multiplicative = ShownEquations(
        name="multiplicative",
        title="singular values multiply",
        rules=product,
        model=product,
        proof=Proof(product, (unit,)),
    )
    intercept = (
        Calculation("Depth scaling of all three", exp(delta(k)))
        .equals(sA(k, l) * sB(k, l) / s(k), "one rate, and intercepts 1 + 1 - 1", DEPTH_SCALING_AT_LAYER)
        .equals(Integer(1), "singular values multiply", multiplicative)
    )
    return Derivation(
        "alignment-forces-zero-intercept",
        "Exact alignment leaves no intercept",
        (diagonal, unit, intercept),
    )
