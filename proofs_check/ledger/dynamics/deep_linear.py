"""Section 1 of the ledger, continued: what is exact; balanced chains, gates, the conserved imbalance."""

from __future__ import annotations

from typing import Any

from flint import fmpq_mat
from hypothesis import strategies as st

from jacspec.numerics import Chain
from jacspec.proofs_check.claims.claim import Claim, Expectation, Whose
from jacspec.proofs_check.interpretation.points.gated import GatedPoint
from jacspec.proofs_check.ledger.dynamics.examples import (
    WIDTH,
    aligned,
    alike,
    at_moving,
    descending,
    moving,
    uneven,
)
from jacspec.proofs_check.referee.propositions.conclusion import searched
from jacspec.proofs_check.strategies import chains, diagonal, orthogonal, square
from jacspec.theory.results.dynamics import balanced_alignment, deep_linear, gates, intercepts
from jacspec.theory.results.dynamics.balanced import BALANCED, FLOW
from jacspec.theory.results.propositions.dynamics import PROPOSITIONS, RAW_CONSERVED

Network = dict[str, tuple[fmpq_mat, ...]]
"""The raw weights W_1 … W_N, and the gates D_1 … D_{N-1} between them."""


_WEIGHTS = chains(st.integers(2, 3), WIDTH)


@st.composite
def _gated_networks(draw: st.DrawFn, most: int = 1) -> Network:
    """Raw weights, and gates between them; with ``most`` = 2 these are no projectors."""
    weights = draw(_WEIGHTS).exact
    gates_between = [[draw(st.integers(0, most)) for _ in range(WIDTH)] for _ in weights[1:]]
    return {"W": weights, "D": tuple(map(diagonal, gates_between))}


def _at_network(network: Network, gradient: fmpq_mat, kicks: tuple[int, int] = (0, 0)) -> GatedPoint:
    gates_between = [[int(gate[i, i].p) for i in range(WIDTH)] for gate in network["D"]]
    return GatedPoint(Chain(network["W"]), gates_between, gradient, kicks)


@st.composite
def _balanced_of_rank_one(draw: st.DrawFn) -> Chain:
    """Balanced factors, all of the singular values 2 and 0."""
    depth = draw(st.integers(2, 3))
    frames = [draw(orthogonal(WIDTH)) for _ in range(depth + 1)]
    return Chain([frames[layer + 1] * diagonal([2, 0]) * frames[layer].transpose() for layer in range(depth)])


_GATED = {"network": _gated_networks(), "gradient": square(WIDTH)}
_KICKED = {**_GATED, "kicks": st.just((0, 0))}
"""Nothing but the gradient and the gates moves a weight and a factor; where that is dropped, a kick does."""

_RELAXED: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    gates.GATES.title: {"network": _gated_networks(2)},
    gates.FLOW_ON_WEIGHTS.title: {"kicks": st.just((1, 0))},
}

CLAIMS = (
    Claim(
        label="deep-linear-dynamics",
        **searched(PROPOSITIONS["deep-linear-dynamics"], at_moving),
        given={"moving": descending(aligned(2, 4))},
        relaxed={
            BALANCED.title: {"moving": descending(chains(st.integers(2, 3), WIDTH))},
            FLOW.title: {"moving": moving(aligned(2, 4))},
        },
        derivation=deep_linear.deep_linear,
        whose=Whose.CLASSICAL,
        source="Arora, Cohen, Hu, Luo 2019, Theorem 3",
        remark=(
            "derived a second time, from depth scaling and alignment, as deep-linear-dynamics-by-scaling"
        ),
    ),
    Claim(
        label="balance-aligns",
        **searched(PROPOSITIONS["balance-aligns"], at_moving),
        given={"moving": moving(aligned(2, 3))},
        relaxed={
            BALANCED.title: {"moving": moving(chains(st.integers(2, 3), WIDTH))},
            balanced_alignment.FULL_RANK.title: {"moving": moving(_balanced_of_rank_one())},
        },
        derivation=balanced_alignment.balance_aligns,
        whose=Whose.OURS,
        remark=(
            "depth scaling without intercepts; strong alignment with $ε = 0$, up to signs, of simple modes"
        ),
    ),
    Claim(
        label="gate-absorption",
        **searched(PROPOSITIONS["gate-absorption"], _at_network),
        given=_KICKED,
        relaxed={**_RELAXED, gates.UNTRAINED.title: {"kicks": st.just((0, 1))}},
        derivation=gates.absorption,
        whose=Whose.POSTER,
        remark="the velocities of the weights were taken entry by entry, without the formula for them",
    ),
    Claim(
        label="imbalance-conserved",
        **searched(PROPOSITIONS["imbalance-conserved"], at_moving),
        given={"moving": descending(chains(st.integers(2, 4), WIDTH))},
        relaxed={FLOW.title: {"moving": moving(chains(st.integers(2, 4), WIDTH))}},
        derivation=deep_linear.imbalance_conserved,
        whose=Whose.CLASSICAL,
        source="Arora, Cohen, Hazan 2018",
    ),
    Claim(
        label="imbalance-conserved-raw",
        **searched([RAW_CONSERVED], _at_network),
        given=_GATED,
        expected=Expectation.REFUTED,
        whose=Whose.OURS,
        source="the conserved imbalance, with the raw weights",
    ),
    Claim(
        label="imbalance-where-open",
        **searched(PROPOSITIONS["imbalance-where-open"], _at_network),
        given=_KICKED,
        relaxed=_RELAXED,
        derivation=gates.imbalance_where_open,
        whose=Whose.OURS,
    ),
    Claim(
        label="alignment-forces-zero-intercept",
        **searched(PROPOSITIONS["alignment-forces-zero-intercept"], at_moving),
        given={"moving": moving(st.one_of(aligned(2, 4), alike()))},
        relaxed={intercepts.DEPTH_SCALING_AT_LAYER.title: {"moving": moving(uneven())}},
        derivation=intercepts.alignment_forces_zero_intercept,
        whose=Whose.OURS,
    ),
)
"""What section 1 claims exactly, in the ledger's order."""
