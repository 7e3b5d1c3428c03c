"""Assumptions about balanced chains and their exact flow, beside those of theory/results/assumptions.py.

Generic balanced chains are ``M_l = Σ_i σ_i q_i(l) q_i(l-1)ᵀ`` with orthonormal frames q(0), …, q(N):
that is the model from which points are drawn. No derivation uses it.
"""

from __future__ import annotations

from dataclasses import replace

from sympy import Integer, Sum

from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.assumption import Assumption, by_definition
from jacspec.theory.notation.symbols import (
    AT,
    BT,
    GT,
    JT,
    MT,
    QT,
    A,
    B,
    C,
    J,
    M,
    MdotT,
    N,
    P,
    Q,
    i,
    j,
    k,
    l,
    n,
    q,
    qT,
    s,
    sigma,
    u,
    uT,
    v,
    vT,
)
from jacspec.theory.results.assumptions import GRADIENT_FLOW, PARTIAL_PRODUCTS, SINGULAR_PAIR_OF_J

FLOW = replace(GRADIENT_FLOW, rules=(*GRADIENT_FLOW.rules, Rule(MdotT(l), -B(l) * GT * A(l + 1), (l,))))
"""Gradient flow on the factors, and its transpose."""

PRODUCTS = by_definition(
    replace(
        PARTIAL_PRODUCTS,
        rules=(
            *PARTIAL_PRODUCTS.rules,
            Rule(A(1), J),
            Rule(AT(1), JT),
            Rule(AT(N + 1), Integer(1)),
            Rule(BT(1), Integer(1)),
            Rule(BT(N + 1), JT),
            Rule(MT(l) * AT(l + 1), AT(l), (l,)),
            Rule(BT(l) * MT(l), BT(l + 1), (l,)),
        ),
    )
)
"""The partial products, and their transposes."""

WHOLE = by_definition(
    replace(
        PARTIAL_PRODUCTS,
        name="whole",
        title="partial products at one layer",
        rules=(Rule(A(l) * B(l), J, (l,)),),
    )
)
"""A_l B_l = J, whichever the layer."""

SINGULAR_PAIRS_OF_J = by_definition(
    replace(
        SINGULAR_PAIR_OF_J,
        rules=(
            *SINGULAR_PAIR_OF_J.rules,
            Rule(JT * u(k), s(k) * v(k), (k,)),
            Rule(vT(k) * JT, s(k) * uT(k), (k,)),
        ),
    )
)
"""Singular pairs of J, and of its transpose."""

GRAM = by_definition(
    Assumption(
        name="gram",
        title="Gram matrices",
        rules=(
            Rule(MT(l) * M(l), C(l), (l,)),
            Rule(C(N + 1), P(1)),
            Rule(C(1), Q(1)),
        ),
        model=(
            Rule(C(l), MT(l) * M(l), (l,), ((l, Integer(1), N),)),
            Rule(C(N + 1), M(N) * MT(N)),
            Rule(P(1), M(N) * MT(N)),
            Rule(Q(1), MT(1) * M(1)),
        ),
    )
)

_POWERS_MODEL = (
    Rule(P(j), Sum(sigma(i) ** (2 * j) * q(i, N) * qT(i, N), (i, 1, n)), (j,)),
    Rule(Q(j), Sum(sigma(i) ** (2 * j) * q(i, 0) * qT(i, 0), (i, 1, n)), (j,)),
)

BALANCED = Assumption(
    name="balanced",
    title="balanced factors",
    rules=(Rule(M(l) * MT(l), C(l + 1), (l,)),),
    model=(
        Rule(M(l), Sum(sigma(i) * q(i, l) * qT(i, l - 1), (i, 1, n)), (l,)),
        Rule(C(l), Sum(sigma(i) ** 2 * q(i, l - 1) * qT(i, l - 1), (i, 1, n)), (l,)),
        *_POWERS_MODEL,
    ),
    frames=(q,),
)

BALANCED_SPECTRUM = replace(
    BALANCED,
    model=(
        *BALANCED.model,
        Rule(s(k), sigma(k) ** N, (k,)),
        Rule(u(k), q(k, N), (k,)),
        Rule(v(k), q(k, 0), (k,)),
    ),
)
"""The same, at points that also know the singular values and vectors of J."""

POWERS = by_definition(
    Assumption(
        name="powers",
        title="powers of a matrix",
        rules=(Rule(P(i) * P(j), P(i + j), (i, j)), Rule(Q(i) * Q(j), Q(i + j), (i, j))),
        model=_POWERS_MODEL,
        frames=(q,),
    )
)

ZEROTH_POWER = by_definition(
    replace(
        POWERS,
        name="zeroth-power",
        title="zeroth power",
        rules=(Rule(P(0), Integer(1)), Rule(Q(0), Integer(1))),
    )
)

SYMMETRIC = by_definition(
    replace(
        POWERS,
        name="symmetric-power",
        title="symmetric powers",
        rules=(Rule(Q(j), QT(j), (j,)),),
    )
)
"""A power of a Gram matrix is its own transpose."""
