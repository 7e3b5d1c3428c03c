"""Section 1 of the ledger: gates drop out of the dynamics once they are absorbed into the factors.

``J = W_N D_{N-1} W_{N-1} ⋯ D_1 W_1`` with gates D_l that are orthogonal projectors (0/1 diagonals
among them) is the chain of the ``M_l = D_l W_l D_{l-1}``. Gradient flow on W is gradient flow on M;
its conserved imbalance is that of M, and of W only where the gates are open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from sympy import Integer, Sum

from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.assumption import Assumption, Condition, by_definition
from jacspec.theory.derivations.calculation import Calculation, Proof, ShownEquations
from jacspec.theory.derivations.derivation import Derivation
from jacspec.theory.derivations.induction import Induction
from jacspec.theory.derivations.relation import Relation
from jacspec.theory.notation.symbols import (
    AT,
    BT,
    ET,
    FT,
    GT,
    WT,
    A,
    B,
    E,
    F,
    G,
    M,
    Mdot,
    N,
    W,
    Wdot,
    WdotT,
    gate,
    gateT,
    i,
    l,
    n,
    q,
    qT,
)
from jacspec.theory.notation.words import D
from jacspec.theory.results.dynamics.balanced import PRODUCTS

RAW_IMBALANCE = D(WT(l + 1) * W(l + 1) - W(l) * WT(l))
"""d/dt (W_{l+1}ᵀ W_{l+1} - W_l W_lᵀ): zero without gates, but not with them."""

_GATED_MODEL = (
    Rule(gate(0), Integer(1)),
    Rule(gate(N), Integer(1)),
    Rule(gate(l), Sum(q(i, l) * qT(i, l), (i, 1, n - 1)), (l,), ((l, Integer(1), N - 1),)),
    Rule(M(l), gate(l) * W(l) * gate(l - 1), (l,)),
    Rule(E(N), Integer(1)),
    Rule(E(l), E(l + 1) * W(l + 1) * gate(l), (l,), ((l, Integer(0), N - 1),)),
    Rule(F(1), Integer(1)),
    Rule(F(l), gate(l - 1) * W(l - 1) * F(l - 1), (l,), ((l, Integer(2), N + 1),)),
)

GATES = Assumption(
    name="gates",
    title="gates",
    rules=(
        Rule(gate(l) * gate(l), gate(l), (l,)),
        Rule(gate(0), Integer(1)),
        Rule(gate(N), Integer(1)),
    ),
    conditions=(Condition(gateT(l), Relation.EQUAL, gate(l), (l,)),),
    model=_GATED_MODEL,
    frames=(q,),
)

ABSORBED = by_definition(
    Assumption(
        name="absorbed",
        title="absorbed factors",
        rules=(Rule(M(l), gate(l) * W(l) * gate(l - 1), (l,)),),
        model=_GATED_MODEL,
        frames=(q,),
    )
)

_ENDS = by_definition(
    replace(
        ABSORBED,
        name="gated-ends",
        title="ends of the network",
        rules=(Rule(E(N), Integer(1)), Rule(F(1), Integer(1))),
    )
)

_OUTWARDS = by_definition(
    replace(
        ABSORBED,
        name="gated-products",
        title="what surrounds a weight",
        rules=(
            Rule(E(l), E(l + 1) * W(l + 1) * gate(l)),
            Rule(ET(l), gate(l) * WT(l + 1) * ET(l + 1)),
            Rule(F(l + 1), gate(l) * W(l) * F(l)),
            Rule(FT(l + 1), FT(l) * WT(l) * gate(l)),
        ),
    )
)

_INWARDS = by_definition(
    replace(
        _OUTWARDS,
        rules=(Rule(E(l - 1), E(l) * W(l) * gate(l - 1)),),
    )
)

UNTRAINED = Assumption(
    name="untrained-gates",
    title="untrained gates",
    rules=(Rule(Mdot(l), gate(l) * Wdot(l) * gate(l - 1), (l,)),),
    model=(Rule(Mdot(l), gate(l) * Wdot(l) * gate(l - 1), (l,)), *_GATED_MODEL),
    frames=(q,),
)

FLOW_ON_WEIGHTS = Assumption(
    name="flow-on-weights",
    title="gradient flow on the weights",
    rules=(
        Rule(Wdot(l), -ET(l) * G * FT(l), (l,)),
        Rule(WdotT(l), -F(l) * GT * E(l), (l,)),
    ),
    model=(Rule(Wdot(l), -ET(l) * G * FT(l), (l,)),),
)


def _gates_once() -> Iterator[tuple[Rule, Calculation, Calculation]]:
    """The gate next to a weight is already in what surrounds it: as a rule, inside, and at the end."""
    for where, gated, alone, once, end in (
        ("before $W_{l+1}$", E(l) * gate(l), E(l), E(l + 1) * W(l + 1) * gate(l), N),
        ("before $W_{l+1}$, transposed", gate(l) * ET(l), ET(l), gate(l) * WT(l + 1) * ET(l + 1), N),
        ("behind $W_l$", gate(l) * F(l + 1), F(l + 1), gate(l) * W(l) * F(l), 0),
        ("behind $W_l$, transposed", FT(l + 1) * gate(l), FT(l + 1), FT(l) * WT(l) * gate(l), 0),
    ):
        inside = (
            Calculation(f"The gate {where}", gated)
            .equals(once, "a gate acts once", _OUTWARDS, GATES)
            .equals(alone, "by definition", _OUTWARDS)
        )
        at_end = {l: Integer(1) * end}
        outermost = Calculation(f"The gate {where}: at the end", gated.xreplace(at_end)).equals(
            alone.xreplace(at_end), "there is no gate", GATES
        )
        yield Rule(gated, alone, (l,)), inside, outermost


@cache
def absorption() -> Derivation:
    """Ṁ_l = -A_{l+1}ᵀ G B_lᵀ for M_l = D_l W_l D_{l-1} (ledger: ``gate-absorption``)."""
    gates_once, inside, outermost = zip(*_gates_once(), strict=True)
    absorbing = (*inside, *outermost)
    once = ShownEquations(
        name="gate-acts-once",
        title="gates act once",
        rules=gates_once,
        model=GATES.model,
        frames=GATES.frames,
        proof=Proof(gates_once, absorbing),
    )
    within = (GATES, PRODUCTS)
    left = Induction(
        "left of a weight",
        Rule(A(l), E(l - 1), (l,)),
        first=N + 1, known=l + 1, wanted=l, within=within,
    )  # fmt: skip
    on_the_left = (
        Calculation("$A_{l+1} = Φ_l$: last layer", A(N + 1)).equals(E(N), "empty product", PRODUCTS, _ENDS),
        Calculation("$A_{l+1} = Φ_l$: from $l$ to $l-1$", A(l))
        .equals(A(l + 1) * M(l), "split off a factor", PRODUCTS)
        .equals(A(l + 1) * gate(l) * W(l) * gate(l - 1), "the absorbed factor", ABSORBED)
        .equals(E(l) * gate(l) * W(l) * gate(l - 1), "induction", left.hypothesis)
        .equals(E(l) * W(l) * gate(l - 1), "the gate acts once", once)
        .equals(E(l - 1), "by definition", _INWARDS),
    )
    right = Induction(
        "right of a weight",
        Rule(B(l), F(l), (l,)),
        first=Integer(1), known=l, wanted=l + 1, within=within,
    )  # fmt: skip
    on_the_right = (
        Calculation("$B_l = Ψ_l$: first layer", B(1)).equals(F(1), "empty product", PRODUCTS, _ENDS),
        Calculation("$B_l = Ψ_l$: from $l$ to $l+1$", B(l + 1))
        .equals(M(l) * B(l), "split off a factor", PRODUCTS)
        .equals(gate(l) * W(l) * gate(l - 1) * B(l), "the absorbed factor", ABSORBED)
        .equals(gate(l) * W(l) * gate(l - 1) * F(l), "induction", right.hypothesis)
        .equals(gate(l) * W(l) * F(l), "the gate acts once", once)
        .equals(F(l + 1), "by definition", _OUTWARDS),
    )
    surrounding = (
        left.concluded(*on_the_left).with_transpose(),
        right.concluded(*on_the_right).with_transpose(),
    )
    flow = (
        Calculation("The velocity of an absorbed factor", Mdot(l))
        .equals(gate(l) * Wdot(l) * gate(l - 1), "only the weights move", UNTRAINED)
        .equals(
            -gate(l) * ET(l) * G * FT(l) * gate(l - 1), "insert the velocity of the weights", FLOW_ON_WEIGHTS
        )
        .equals(-ET(l) * G * FT(l), "the gates act once", once)
        .equals(-AT(l + 1) * G * BT(l), "what surrounds a weight is a partial product", *surrounding)
    )
    return Derivation(
        "gate-absorption",
        "Gates are absorbed into the factors",
        (*absorbing, *on_the_left, *on_the_right, flow),
        remark=(
            "This is what gradient-flow-dynamics and deep-linear-dynamics assume of how factors move; what "
            "else they assume is not shown of the absorbed ones."
        ),
    )


@cache
def imbalance_where_open() -> Derivation:
    """D_l · d/dt (W_{l+1}ᵀ W_{l+1} - W_l W_lᵀ) · D_l = 0: conserved where the gates are open."""
    part = (
        Calculation(
            "Its derivative, between open gates",
            gate(l) * D(WT(l + 1) * W(l + 1) - W(l) * WT(l)) * gate(l),
        )
        .equals(
            gate(l) * (WdotT(l + 1) * W(l + 1) + WT(l + 1) * Wdot(l + 1)) * gate(l)
            - gate(l) * (Wdot(l) * WT(l) + W(l) * WdotT(l)) * gate(l),
            "product rule",
        )
        .equals(
            gate(l) * (ET(l) * G * FT(l) * WT(l) + W(l) * F(l) * GT * E(l)) * gate(l)
            - gate(l) * F(l + 1) * GT * E(l + 1) * W(l + 1) * gate(l)
            - gate(l) * WT(l + 1) * ET(l + 1) * G * FT(l + 1) * gate(l),
            "insert the velocity of the weights",
            FLOW_ON_WEIGHTS,
        )
        .equals(
            Integer(0),
            "unfold one layer on either side: each gate acts once",
            _OUTWARDS,
            GATES,
        )
    )
    return Derivation(
        "imbalance-where-open",
        "The raw imbalance is conserved on active coordinates",
        (part,),
        remark="Without the two gates outside see imbalance-conserved-raw.",
    )
