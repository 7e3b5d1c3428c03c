"""Section 1 of the ledger: how fast the singular values of a deep product move.

Each result of ``jacspec.theory.results.dynamics.general`` is evaluated, as derived, on exact chains at
which its assumptions hold; the left-hand side ṡ_k is computed without singular vectors, by implicit
differentiation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any

from flint import arb, fmpq_mat
from hypothesis import strategies as st
from sympy import Expr, Integer, Sum, exp

from jacspec.numerics import Chain, gradient_flow
from jacspec.proofs_check.claims.claim import Claim, Whose
from jacspec.proofs_check.claims.margin import equal
from jacspec.proofs_check.interpretation import evaluate_scalar
from jacspec.proofs_check.interpretation.points.chain import ChainPoint
from jacspec.proofs_check.ledger.derived_mutants import derived_mutants
from jacspec.proofs_check.ledger.dynamics.hypotheses import (
    aligned,
    scales_everywhere,
    scales_short_of_the_product,
    simple,
)
from jacspec.proofs_check.strategies import (
    aligned_chains,
    chains,
    diagonal,
    motions,
    orthogonal,
    scalings,
    square,
)
from jacspec.theory.notation.symbols import N, delta, gamma, k, l
from jacspec.theory.results.dynamics import general
from jacspec.theory.results.propositions.dynamics import PROPOSITIONS

__all__ = ["CLAIMS"]


# --- examples -----------------------------------------------------------------------------------


def _with_motion(chain: st.SearchStrategy[Chain]) -> st.SearchStrategy[tuple[Chain, tuple[fmpq_mat, ...]]]:
    """A chain together with integer velocities of its factors."""
    return chain.flatmap(lambda drawn: st.tuples(st.just(drawn), motions(drawn)))


_WIDTH = 2
"""Two modes interact in every way that more do; wider chains only take longer."""

_MODES = st.integers(1, _WIDTH)
_MOVING = {"moving": _with_motion(chains(st.integers(1, 3), _WIDTH)), "mode": _MODES}
_ALIGNED = {
    "moving": _with_motion(st.integers(2, 4).flatmap(lambda depth: aligned_chains(depth, _WIDTH))),
    "mode": _MODES,
}
_ALIGNED_WITH_INTERCEPT = {
    "moving": _with_motion(
        st.integers(3, 4).flatmap(lambda depth: aligned_chains(depth, _WIDTH, intercept=True))
    ),
    "mode": _MODES,
}
_DESCENDING = {
    "chain": st.integers(2, 4).flatmap(lambda depth: aligned_chains(depth, _WIDTH)),
    "gradient": square(_WIDTH),
    "mode": _MODES,
}


@st.composite
def _uneven(draw: st.DrawFn) -> Chain:
    """Exactly aligned chains whose factors differ in their singular values: depth scaling fails."""
    depth = draw(st.integers(3, 4))
    frames = [draw(orthogonal(_WIDTH)) for _ in range(depth + 1)]
    values = [draw(scalings(_WIDTH)) for _ in range(depth)]
    return Chain(
        [frames[layer + 1] * diagonal(values[layer]) * frames[layer].transpose() for layer in range(depth)]
    )


# --- conclusions --------------------------------------------------------------------------------


def _on_chain(left: Expr, right: Expr) -> Callable[..., arb]:
    """``left = right``, two expressions of the theory, on a chain that moves."""

    def conclusion(moving: tuple[Chain, tuple[fmpq_mat, ...]], mode: int) -> arb:
        chain, motion = moving
        point = ChainPoint(chain, motion, mode)
        return equal(evaluate_scalar(left, point), evaluate_scalar(right, point))

    return conclusion


def _under_gradient_flow(left: Expr, right: Expr) -> Callable[..., arb]:
    """``left = right`` on a chain whose factors descend a loss with ∂L/∂J = gradient."""

    def conclusion(chain: Chain, gradient: fmpq_mat, mode: int) -> arb:
        point = ChainPoint(chain, gradient_flow(chain, gradient), mode, gradient)
        return equal(evaluate_scalar(left, point), evaluate_scalar(right, point))

    return conclusion


def _moving_claim(label: str, whose: Whose, changes: Sequence[str], **particulars: Any) -> Claim:
    """A claim that the two sides of a proposition are equal on chains that move."""
    (stated,) = PROPOSITIONS[label]
    return Claim(
        label=label,
        propositions=(stated,),
        conclusion=_on_chain(stated.left, stated.right),
        mutants=derived_mutants(stated.right, changes, partial(_on_chain, stated.left)),
        whose=whose,
        **particulars,
    )


_SIMPLE = {"$s_k$ simple and not zero": lambda moving, mode: simple(moving[0], mode)}
_ALIGNED_AND_SCALING = {
    **_SIMPLE,
    "strong alignment, $ε = 0$": lambda moving, **_: aligned(moving[0]),
    "depth scaling": lambda moving, mode: scales_everywhere(moving[0], mode),
}


@cache
def _boundary() -> Claim:
    """The decoupled sum with its boundary terms, before γ_k is eliminated.

    J itself is left out of depth scaling here: under exact alignment A_l and B_l cannot both have
    the intercept δ_k that J has, unless it is zero (ledger: alignment-forces-zero-intercept).
    """
    left = PROPOSITIONS["depth-scaling-boundary"][1].left
    ends = general.drive(Integer(1)) + general.drive(N)
    inside = Sum(general.drive(l), (l, 2, N - 1))
    right = exp((N - 1) * gamma(k) + delta(k)) * ends + exp((N - 1) * gamma(k) + 2 * delta(k)) * inside
    return Claim(
        label="depth-scaling-boundary",
        propositions=PROPOSITIONS["depth-scaling-boundary"],
        given=_ALIGNED_WITH_INTERCEPT,
        relaxed={"depth scaling of $A_l$ and $B_l$, $2 ≤ l ≤ N$": {"moving": _with_motion(_uneven())}},
        hypotheses={
            **_SIMPLE,
            "strong alignment, $ε = 0$": lambda moving, **_: aligned(moving[0]),
            "depth scaling of $A_l$ and $B_l$, $2 ≤ l ≤ N$": lambda moving, mode: scales_short_of_the_product(
                moving[0], mode
            ),
        },
        conclusion=_on_chain(left, right),
        mutants=derived_mutants(
            right,
            (
                "sign changed",
                "factor $2$",
                "coefficient of $δ_k$ in an exponent changed by $1$",
                "coefficient of $γ_k$ in an exponent changed by $-1$",
                "sum over $l$ from $3$",
            ),
            partial(_on_chain, left),
        ),
        derivation=general.depth_scaling_boundary,
        whose=Whose.OURS,
        remark=(
            "the search ran on exactly aligned chains, on which depth scaling with $δ_k ≠ 0$ excludes "
            "$J$ itself"
        ),
    )


def _gradient_flow() -> Claim:
    (stated,) = PROPOSITIONS["gradient-flow-dynamics"]
    left, right = stated.left, stated.right
    return Claim(
        label="gradient-flow-dynamics",
        propositions=(stated,),
        given=_DESCENDING,
        relaxed={"depth scaling": {"chain": _uneven()}},
        hypotheses={
            "$s_k$ simple and not zero": lambda chain, mode, **_: simple(chain, mode),
            "strong alignment, $ε = 0$": lambda chain, **_: aligned(chain),
            "depth scaling": lambda chain, mode, **_: scales_everywhere(chain, mode),
        },
        conclusion=_under_gradient_flow(left, right),
        mutants=derived_mutants(
            right,
            (
                "sign changed",
                "factor $2$",
                "exponent $2 - 2/N$ of $s_k$ changed by $1/N$",
                "index $k$ of $v_k$",
            ),
            partial(_under_gradient_flow, left),
        ),
        derivation=general.gradient_flow,
        whose=Whose.POSTER,
        remark=(
            "for $δ_k ≠ 0$ the factor $N$ becomes $N - 2 + 2e^{-2δ_k}$ (`depth-scaling-boundary`); "
            "the search ran at $ε = 0$, where depth scaling of $J$ leaves $δ_k = 0$"
        ),
    )


CLAIMS = (
    _moving_claim(
        "velocity-identity",
        Whose.OURS,
        ("sign changed", "factor $2$", "factor $N$", "sum over $l$ from $2$"),
        given=_MOVING,
        hypotheses=_SIMPLE,
        derivation=general.velocity_identity,
    ),
    _moving_claim(
        "general-dynamics",
        Whose.POSTER,
        (
            "sign changed",
            "factor $2$",
            "exponent $1 - 1/N$ of $s_k$ changed by $1/N$",
            "sum over $l$ from $2$",
        ),
        given=_ALIGNED,
        relaxed={"depth scaling": {"moving": _with_motion(_uneven())}},
        hypotheses=_ALIGNED_AND_SCALING,
        derivation=general.general,
        remark=(
            "the search ran at $ε = 0$, where depth scaling of $J$ leaves $δ_k = 0$; "
            "see `depth-scaling-boundary` for what $δ_k ≠ 0$ changes"
        ),
    ),
    _boundary(),
    _gradient_flow(),
)
"""The claims of section 1 that have been built, in the ledger's order."""
