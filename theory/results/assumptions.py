"""The named assumptions of the ledger, as equations that a derivation may use.

Those that only one chapter uses stand in that chapter.
"""

from __future__ import annotations

from sympy import Abs, Expr, Integer, KroneckerDelta, Sum, exp

from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.assumption import Assumption, Condition, by_definition
from jacspec.theory.derivations.relation import Relation
from jacspec.theory.notation.symbols import (
    AT,
    BT,
    A,
    B,
    Bdot,
    G,
    J,
    Jdot,
    M,
    Mdot,
    N,
    delta,
    eA,
    eB,
    epsilon,
    gamma,
    i,
    j,
    k,
    l,
    n,
    s,
    sA,
    sB,
    u,
    uA,
    uAT,
    uB,
    uT,
    v,
    vA,
    vAT,
    vB,
    vBT,
    vT,
)

_ORTHONORMAL = (
    Rule(uT(i) * u(j), KroneckerDelta(i, j), (i, j)),
    Rule(vT(i) * v(j), KroneckerDelta(i, j), (i, j)),
)
_MODEL_OF_J = (Rule(J, Sum(s(i) * u(i) * vT(i), (i, 1, n))),)
_MODEL_OF_PARTIAL_PRODUCTS = (
    Rule(A(l), Sum(sA(i, l) * uA(i, l) * vAT(i, l), (i, 1, n)), (l,)),
    Rule(B(l), Sum(sB(i, l) * uB(i, l) * vBT(i, l), (i, 1, n)), (l,)),
)
_FRAMES_OF_J = (u, v)
_FRAMES_OF_PARTIAL_PRODUCTS = (uA, vA, uB, vB)

SIMPLE = Assumption(
    name="simple",
    title="simple singular value",
    positive=(s(k),),
    conditions=(
        Condition(Abs(s(k) - s(j)) + KroneckerDelta(j, k), Relation.AT_LEAST, Integer(0), (j,), strict=True),
    ),
    differentiable=(u, v),
)

SINGULAR_PAIR_OF_J = by_definition(
    Assumption(
        name="singular-pair",
        title="singular pair of J",
        rules=(Rule(J * v(k), s(k) * u(k), (k,)), Rule(uT(k) * J, s(k) * vT(k), (k,))),
        model=_MODEL_OF_J,
        frames=_FRAMES_OF_J,
    )
)

ORTHONORMAL = by_definition(
    Assumption(
        name="orthonormal",
        title="orthonormal singular vectors",
        rules=_ORTHONORMAL,
        frames=_FRAMES_OF_J,
        frames_move=True,
    )
)

PARTIAL_PRODUCTS = by_definition(
    Assumption(
        name="partial-products",
        title="partial products",
        rules=(
            Rule(A(N + 1), Integer(1)),
            Rule(B(1), Integer(1)),
            Rule(Bdot(1), Integer(0)),
            Rule(B(N + 1), J),
            Rule(Bdot(N + 1), Jdot),
            Rule(A(l + 1) * M(l), A(l), (l,)),
            Rule(M(l) * B(l), B(l + 1), (l,)),
        ),
        model=(
            Rule(A(N + 1), Integer(1)),
            Rule(A(l), A(l + 1) * M(l), (l,), ((l, Integer(1), N),)),
            Rule(B(1), Integer(1)),
            Rule(B(l), M(l - 1) * B(l - 1), (l,), ((l, Integer(2), N + 1),)),
            Rule(J, B(N + 1)),
        ),
    )
)

DECOMPOSITION_OF_PARTIAL_PRODUCTS = by_definition(
    Assumption(
        name="svd-partial",
        title="singular value decompositions of the partial products",
        rules=_MODEL_OF_PARTIAL_PRODUCTS,
        model=_MODEL_OF_PARTIAL_PRODUCTS,
        frames=_FRAMES_OF_PARTIAL_PRODUCTS,
    )
)

SINGULAR_PAIRS = by_definition(
    Assumption(
        name="singular-pairs",
        title="singular pairs of the partial products",
        rules=(
            Rule(vAT(k, l) * AT(l), sA(k, l) * uAT(k, l), (k, l)),
            Rule(BT(l) * uB(k, l), sB(k, l) * vB(k, l), (k, l)),
        ),
        model=_MODEL_OF_PARTIAL_PRODUCTS,
        frames=_FRAMES_OF_PARTIAL_PRODUCTS,
    )
)

STRONG_ALIGNMENT = Assumption(
    name="strong-alignment",
    title="strong alignment (SA)",
    rules=(
        Rule(uA(k, l), u(k) + epsilon * eA(k, l), (k, l)),
        Rule(vB(k, l), v(k) + epsilon * eB(k, l), (k, l)),
        *_ORTHONORMAL,
    ),
    model=(
        Rule(uA(k, l), u(k) + epsilon * eA(k, l), (k, l)),
        Rule(vB(k, l), v(k) + epsilon * eB(k, l), (k, l)),
    ),
    frames=_FRAMES_OF_J,
)


def _depth_scaling(last_of_A: Expr, first_of_B: Expr) -> tuple[Rule, ...]:
    return (
        Rule(sA(k, l), exp((N - l + 1) * gamma(k) + delta(k)), (k, l), ((l, Integer(1), last_of_A),)),
        Rule(sB(k, l), exp((l - 1) * gamma(k) + delta(k)), (k, l), ((l, first_of_B, N + 1),)),
        Rule(s(k), exp(N * gamma(k) + delta(k)), (k,)),
    )


DEPTH_SCALING = Assumption(
    name="depth-scaling",
    title="depth scaling (DS)",
    rules=_depth_scaling(N + 1, Integer(1)),
    model=_depth_scaling(N + 1, Integer(1)),
)

DEPTH_SCALING_NON_EMPTY = Assumption(
    name="depth-scaling-non-empty",
    title="depth scaling on non-empty products ($DS′$)",
    rules=_depth_scaling(N, Integer(2)),
    model=_depth_scaling(N, Integer(2)),
)

EMPTY_SPECTRUM = by_definition(
    Assumption(
        name="empty-products",
        title="empty products",
        rules=(Rule(sA(k, N + 1), Integer(1), (k,)), Rule(sB(k, 1), Integer(1), (k,))),
        model=(Rule(sA(k, N + 1), Integer(1), (k,)), Rule(sB(k, 1), Integer(1), (k,))),
    )
)

GRADIENT_FLOW = Assumption(
    name="gradient-flow",
    title="gradient flow",
    rules=(Rule(Mdot(l), -AT(l + 1) * G * BT(l), (l,)),),
    model=(Rule(Mdot(l), -AT(l + 1) * G * BT(l), (l,)),),
)
