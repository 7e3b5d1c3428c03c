"""What the claims of chapter 1 say: velocities of singular values, and what gradient flow conserves."""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Expr, Integer, Sum, exp

from jacspec.theory.derivations.domain import Domain, Parameter
from jacspec.theory.derivations.proposition import Proposition
from jacspec.theory.derivations.relation import Relation
from jacspec.theory.notation.symbols import (
    AT,
    BT,
    MT,
    A,
    B,
    G,
    M,
    Mdot,
    N,
    delta,
    epsilon,
    gate,
    i,
    j,
    k,
    l,
    n,
    s,
    sA,
    sB,
    sdot,
    speed,
    u,
    uA,
    v,
    vB,
)
from jacspec.theory.notation.words import D, inner
from jacspec.theory.results.assumptions import (
    DEPTH_SCALING,
    DEPTH_SCALING_NON_EMPTY,
    GRADIENT_FLOW,
    SIMPLE,
    STRONG_ALIGNMENT,
)
from jacspec.theory.results.dynamics.balanced import BALANCED, FLOW
from jacspec.theory.results.dynamics.balanced_alignment import FULL_RANK, power_of
from jacspec.theory.results.dynamics.gates import FLOW_ON_WEIGHTS, GATES, RAW_IMBALANCE, UNTRAINED
from jacspec.theory.results.dynamics.general import drive
from jacspec.theory.results.dynamics.intercepts import DEPTH_SCALING_AT_LAYER, EXACT_ALIGNMENT
from jacspec.theory.results.dynamics.remainder_inequalities import LEVEL

CHAINS = (Parameter(N, Integer(2)), Parameter(n, Integer(1)))
"""Any depth N ≥ 2 and any width n."""

MODES = (*CHAINS, Parameter(k, Integer(1), n))
"""And any mode k."""


ON_LAYERS = Domain(
    (*MODES, Parameter(i, Integer(1), n), Parameter(j, Integer(1), n), Parameter(l, Integer(1), N))
)
"""And any two directions, at any layer."""

_PRODUCTS = Domain((*MODES, Parameter(l, Integer(1), N + 1)))
"""And any mode of any partial product, the empty ones included."""


def layers(last: Expr) -> Domain:
    """Chains, and the layers l ≤ last."""
    return Domain((*CHAINS, Parameter(l, Integer(1), last)))


_decoupled = Sum(sA(k, l + 1) * sB(k, l) * drive(l), (l, 1, N))
_bound = 2 * epsilon * Sum(speed(l) * sA(i, l + 1) * sB(j, l), (i, 1, n), (j, 1, n), (l, 1, N))
_aligned_flow = inner(u(k), G * v(k))
_prefactor = exp((1 + 1 / N) * delta(k))
_ends = exp(-delta(k)) * (drive(Integer(1)) + drive(N))
_scaled = _prefactor * s(k) ** (1 - 1 / N) * (_ends + Sum(drive(l), (l, 2, N - 1)))
_boundary = N - 2 + 2 * exp(-2 * delta(k))

RAW_CONSERVED = Proposition(
    RAW_IMBALANCE, Relation.EQUAL, Integer(0), (GATES, FLOW_ON_WEIGHTS), layers(N - 1)
)
"""What is not so: closed gates let the raw imbalance move."""

PROPOSITIONS: Mapping[str, tuple[Proposition, ...]] = {
    "velocity-identity": (
        Proposition(
            sdot(k),
            Relation.EQUAL,
            Sum(inner(u(k), A(l + 1) * Mdot(l) * B(l) * v(k)), (l, 1, N)),
            (SIMPLE,),
            Domain(MODES),
        ),
    ),
    "general-dynamics": (
        Proposition(
            sdot(k),
            Relation.LIMIT,
            _prefactor * s(k) ** (1 - 1 / N) * Sum(drive(l), (l, 1, N)),
            (SIMPLE, STRONG_ALIGNMENT, DEPTH_SCALING),
            Domain(MODES),
        ),
    ),
    "depth-scaling-boundary": (
        Proposition(delta(k), Relation.EQUAL, Integer(0), (DEPTH_SCALING,), Domain(MODES)),
        Proposition(
            _decoupled,
            Relation.EQUAL,
            _scaled,
            (DEPTH_SCALING_NON_EMPTY,),
            Domain(MODES),
        ),
    ),
    "gradient-flow-dynamics": (
        Proposition(
            sdot(k),
            Relation.LIMIT,
            -(s(k) ** (2 - 2 / N)) * exp((2 + 2 / N) * delta(k)) * _aligned_flow * _boundary,
            (SIMPLE, STRONG_ALIGNMENT, DEPTH_SCALING_NON_EMPTY, GRADIENT_FLOW),
            Domain(MODES),
        ),
    ),
    "deep-linear-dynamics": (
        Proposition(
            sdot(k),
            Relation.EQUAL,
            -N * s(k) ** (2 - 2 / N) * _aligned_flow,
            (SIMPLE, BALANCED, FLOW),
            Domain(MODES),
        ),
    ),
    "balance-aligns": (
        *(
            Proposition(value, Relation.EQUAL, power_of(layers), (BALANCED, FULL_RANK), _PRODUCTS)
            for value, layers in ((sA(k, l), N - l + 1), (sB(k, l), l - 1))
        ),
        *(
            Proposition(
                power_of(layers, i) ** 2 * overlap,
                Relation.EQUAL,
                power_of(layers, k) ** 2 * overlap,
                (BALANCED, FULL_RANK),
                Domain((*_PRODUCTS.parameters, Parameter(i, Integer(1), n))),
            )
            for overlap, layers in ((inner(uA(i, l), u(k)), N - l + 1), (inner(vB(i, l), v(k)), l - 1))
        ),
    ),
    "gate-absorption": (
        Proposition(
            Mdot(l), Relation.EQUAL, -AT(l + 1) * G * BT(l), (GATES, UNTRAINED, FLOW_ON_WEIGHTS), layers(N)
        ),
    ),
    "imbalance-conserved": (
        Proposition(
            D(MT(l + 1) * M(l + 1) - M(l) * MT(l)), Relation.EQUAL, Integer(0), (FLOW,), layers(N - 1)
        ),
    ),
    "imbalance-where-open": (
        Proposition(
            gate(l) * RAW_IMBALANCE * gate(l),
            Relation.EQUAL,
            Integer(0),
            (GATES, FLOW_ON_WEIGHTS),
            layers(N - 1),
        ),
    ),
    "alignment-forces-zero-intercept": (
        Proposition(
            exp(delta(k)),
            Relation.EQUAL,
            Integer(1),
            (EXACT_ALIGNMENT, DEPTH_SCALING_AT_LAYER),
            Domain((*MODES, Parameter(l, Integer(2), N))),
        ),
    ),
    "remainder-bound": tuple(
        Proposition(sign * (sdot(k) - _decoupled), Relation.AT_MOST, _bound, (SIMPLE, LEVEL), Domain(MODES))
        for sign in (1, -1)
    ),
    "general-dynamics-remainder": tuple(
        Proposition(
            sdot(k),
            relation,
            _scaled + sign * _bound,
            (SIMPLE, LEVEL, DEPTH_SCALING_NON_EMPTY),
            Domain(MODES),
        )
        for relation, sign in ((Relation.AT_MOST, 1), (Relation.AT_LEAST, -1))
    ),
}
"""By the label of the claim."""
