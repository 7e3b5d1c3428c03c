"""Section 1 of the ledger: how fast the singular values of a deep product move.

The left-hand side ṡ_k is computed without singular vectors, by implicit differentiation.
"""

from __future__ import annotations

from hypothesis import strategies as st

from jacspec.proofs_check.claims.claim import Claim, Whose
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
from jacspec.proofs_check.strategies import chains
from jacspec.theory.results.assumptions import DEPTH_SCALING, DEPTH_SCALING_NON_EMPTY, GRADIENT_FLOW
from jacspec.theory.results.dynamics import general
from jacspec.theory.results.propositions.dynamics import PROPOSITIONS

CLAIMS = (
    Claim(
        label="velocity-identity",
        **searched(PROPOSITIONS["velocity-identity"], at_moving),
        given={"moving": moving(chains(st.integers(1, 3), WIDTH))},
        derivation=general.velocity_identity,
        whose=Whose.OURS,
    ),
    Claim(
        label="general-dynamics",
        **searched(PROPOSITIONS["general-dynamics"], at_moving),
        given={"moving": moving(aligned(2, 4))},
        relaxed={DEPTH_SCALING.title: {"moving": moving(uneven())}},
        derivation=general.general,
        whose=Whose.POSTER,
        remark=(
            "the search ran at $ε = 0$, where depth scaling leaves no intercept; see "
            "`general-dynamics-remainder` for chains with intercepts and misalignment"
        ),
    ),
    Claim(
        label="depth-scaling-boundary",
        **searched(PROPOSITIONS["depth-scaling-boundary"], at_moving),
        given={"moving": moving(st.one_of(alike(), aligned(2, 4)))},
        derivation=general.depth_scaling_boundary,
        whose=Whose.OURS,
        remark=(
            "with an intercept the search ran at $N = 2$, on two factors with the same singular values; "
            "deeper, on exactly aligned chains"
        ),
    ),
    Claim(
        label="gradient-flow-dynamics",
        **searched(PROPOSITIONS["gradient-flow-dynamics"], at_moving),
        given={"moving": descending(aligned(2, 4))},
        relaxed={
            DEPTH_SCALING_NON_EMPTY.title: {"moving": descending(uneven())},
            GRADIENT_FLOW.title: {"moving": moving(aligned(2, 4))},
        },
        derivation=general.gradient_flow,
        whose=Whose.POSTER,
        remark=(
            "the search ran at $ε = 0$, where depth scaling leaves no intercept; see "
            "`general-dynamics-remainder`"
        ),
    ),
)
"""How singular values move, in the ledger's order."""
