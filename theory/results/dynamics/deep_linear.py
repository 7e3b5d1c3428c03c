"""Section 1 of the ledger: ṡ_k = -N s_k^{2-2/N} ⟨u_k, G v_k⟩ for deep linear networks, twice.

Once as the limit of the decoupled velocity at δ_k = 0, which needs depth scaling and strong
alignment; once exactly, from balanced factors alone (Arora, Cohen, Hu, Luo 2019, Theorem 3). And
why gradient flow keeps balanced factors balanced.
"""

from __future__ import annotations

from functools import cache

from sympy import Integer, Sum

from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.assumption import Assumption
from jacspec.theory.derivations.calculation import Calculation
from jacspec.theory.derivations.derivation import Derivation
from jacspec.theory.notation.symbols import (
    AT,
    BT,
    GT,
    MT,
    A,
    B,
    G,
    M,
    Mdot,
    MdotT,
    N,
    P,
    Q,
    delta,
    k,
    l,
    s,
    sdot,
    u,
    v,
)
from jacspec.theory.notation.words import D, inner
from jacspec.theory.results.dynamics.balanced import (
    FLOW,
    PRODUCTS,
)
from jacspec.theory.results.dynamics.balanced_products import balanced_lemmas, eigenvalue_of
from jacspec.theory.results.dynamics.general import gradient_flow, velocity_identity

_RESULT = -N * s(k) ** (2 - 2 / N) * inner(u(k), G * v(k))

ZERO_INTERCEPT = Assumption(
    name="zero-intercept",
    title="zero intercepts",
    rules=(Rule(delta(k), Integer(0), (k,)),),
    model=(Rule(delta(k), Integer(0), (k,)),),
)


@cache
def deep_linear_by_scaling() -> Derivation:
    """ṡ_k ~ -N s_k^{2-2/N} ⟨u_k, G v_k⟩, from DS and SA with δ_k = 0 and ε → 0."""
    flow = gradient_flow()
    part = (
        Calculation("No intercept", sdot(k))
        .tends_to(flow.result.after, "decoupled velocity under gradient flow", flow.as_lemma())
        .equals(_RESULT, "set $δ_k = 0$: the boundary correction disappears", ZERO_INTERCEPT)
    )
    return Derivation(
        "deep-linear-dynamics-by-scaling",
        "Deep linear dynamics, from depth scaling and alignment",
        (part,),
        remark="The same equation as for balanced factors, where it is exact.",
    )


@cache
def imbalance_conserved() -> Derivation:
    """d/dt (M_{l+1}ᵀ M_{l+1} - M_l M_lᵀ) = 0 under gradient flow (ledger: ``imbalance-conserved``)."""
    part = (
        Calculation("The imbalance of two neighbours", D(MT(l + 1) * M(l + 1) - M(l) * MT(l)))
        .equals(
            MdotT(l + 1) * M(l + 1) + MT(l + 1) * Mdot(l + 1) - Mdot(l) * MT(l) - M(l) * MdotT(l),
            "product rule",
        )
        .equals(
            -B(l + 1) * GT * A(l + 2) * M(l + 1)
            - MT(l + 1) * AT(l + 2) * G * BT(l + 1)
            + AT(l + 1) * G * BT(l) * MT(l)
            + M(l) * B(l) * GT * A(l + 1),
            "insert the velocity of the factors",
            FLOW,
        )
        .equals(
            -B(l + 1) * GT * A(l + 1)
            - AT(l + 1) * G * BT(l + 1)
            + AT(l + 1) * G * BT(l + 1)
            + B(l + 1) * GT * A(l + 1),
            "absorb the factors into the partial products: what enters one neighbour leaves the other",
            PRODUCTS,
        )
    )
    return Derivation(
        "imbalance-conserved",
        "Gradient flow conserves the imbalance",
        (part,),
        remark="Balanced factors begin with none. For a gated network, $M_l$ are the absorbed factors.",
    )


@cache
def deep_linear() -> Derivation:
    """ṡ_k = -N s_k^{2-2/N} ⟨u_k, G v_k⟩ exactly, for balanced factors (ledger: ``deep-linear-dynamics``)."""
    identity = velocity_identity()
    shown_A, shown_B, *roots = balanced_lemmas()
    velocity = (
        Calculation("The velocity", sdot(k))
        .equals(identity.result.after, "velocity of a simple singular value", identity.as_lemma())
        .equals(
            -Sum(inner(u(k), A(l + 1) * AT(l + 1) * G * BT(l) * B(l) * v(k)), (l, 1, N)),
            "insert the velocity of the factors",
            FLOW,
        )
        .equals(
            -Sum(inner(u(k), P(N - l) * G * Q(l - 1) * v(k)), (l, 1, N)),
            "Gram matrices of the partial products",
            shown_A,
            shown_B,
        )
        .equals(
            -Sum(eigenvalue_of(N - l) * eigenvalue_of(l - 1) * inner(u(k), G * v(k)), (l, 1, N)),
            "singular vectors of J are eigenvectors of P and Q",
            *roots,
        )
        .equals(_RESULT, "every layer contributes the same")
    )
    return Derivation(
        "deep-linear-dynamics",
        "Deep linear dynamics, from balanced factors",
        (velocity,),
        remark="Neither depth scaling nor alignment is assumed; see balance-aligns.",
    )
