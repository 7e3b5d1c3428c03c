"""Residual chains J = ∏(I + R_l) under gradient flow: what is conserved, and what is not.

jacspec derive examples/residual_chain.py:conserved --checked
jacspec verify examples/residual_chain.py
"""

from hypothesis import strategies as st

from jacspec import (
    Assumption,
    Calculation,
    ChainPoint,
    Claim,
    Condition,
    Derivation,
    Domain,
    Expectation,
    Parameter,
    Proposition,
    Relation,
    Rule,
    declare,
    gradient_flow,
    searched,
    strategies,
)
from jacspec.theory.notation.symbols import AT, BT, GT, MT, A, B, G, M, Mdot, MdotT, N, l
from jacspec.theory.notation.words import D
from jacspec.theory.results.dynamics.balanced import PRODUCTS

# The notation's M_l is the whole factor; R_l is the branch beside the identity.
R = declare("R", l, kind="matrix", moves=True, meaning="the branch of layer $l$", on_chains=M(l) - 1)
RT, Rdot = R.transpose, R.derivative
RdotT = Rdot.transpose

RESIDUAL = Assumption(
    name="residual",
    title="residual factors",
    rules=(Rule(Mdot(l), Rdot(l), (l,)), Rule(MdotT(l), RdotT(l), (l,))),
    conditions=(Condition(M(l), Relation.EQUAL, 1 + R(l), (l,)),),
    model=(Rule(M(l), 1 + R(l), (l,)), Rule(Mdot(l), Rdot(l), (l,))),
    definition=True,
)
flow = Rule(Rdot(l), -AT(l + 1) * G * BT(l), (l,))
FLOW_ON_BRANCHES = Assumption(
    name="flow-on-branches",
    title="gradient flow on the branches",
    rules=(flow, Rule(RdotT(l), -B(l) * GT * A(l + 1), (l,))),
    model=(flow,),
)

of_factors = MT(l + 1) * M(l + 1) - M(l) * MT(l)
of_branches = RT(l + 1) * R(l + 1) - R(l) * RT(l)

conserved = Derivation(
    "residual-imbalance",
    "Residual chains conserve the imbalance of their whole factors",
    (
        Calculation("The imbalance of two neighbours", D(of_factors))
        .equals(
            MdotT(l + 1) * M(l + 1) + MT(l + 1) * Mdot(l + 1) - Mdot(l) * MT(l) - M(l) * MdotT(l),
            "product rule",
        )
        .equals(
            RdotT(l + 1) * M(l + 1) + MT(l + 1) * Rdot(l + 1) - Rdot(l) * MT(l) - M(l) * RdotT(l),
            "the identity does not move",
            RESIDUAL,
        )
        .equals(
            -B(l + 1) * GT * A(l + 2) * M(l + 1)
            - MT(l + 1) * AT(l + 2) * G * BT(l + 1)
            + AT(l + 1) * G * BT(l) * MT(l)
            + M(l) * B(l) * GT * A(l + 1),
            "insert the velocity of the branches",
            FLOW_ON_BRANCHES,
        )
        .equals(0, "what enters one neighbour leaves the other", PRODUCTS),
    ),
)


def at(chain, gradient):
    """The point at which the claims are evaluated: the factors move as their branches do."""
    return ChainPoint(chain, gradient_flow(chain, gradient), gradient=gradient)


def conserves(imbalance):
    """That an imbalance of two neighbours does not move, at every l < N."""
    domain = Domain((Parameter(l, 1, N - 1),))
    return Proposition(D(imbalance), Relation.EQUAL, 0, (FLOW_ON_BRANCHES,), domain)


examples = {"chain": strategies.chains(st.integers(2, 3), 2), "gradient": strategies.square(2)}

claims = [
    Claim(
        label="residual-imbalance",
        **searched([conserves(of_factors)], at),
        given=examples,
        derivation=lambda: conserved,
    ),
    Claim(
        label="residual-imbalance-of-branches",
        **searched([conserves(of_branches)], at),
        given=examples,
        expected=Expectation.REFUTED,
    ),
]
