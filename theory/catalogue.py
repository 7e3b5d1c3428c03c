"""Every derivation of the theory, in the ledger's order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from theory import (
    alignment_bounds,
    deep_linear,
    dynamics,
    exponents,
    first_order,
    gap_orders,
    gaps,
    gates,
    inequalities,
    intercepts,
    loop,
    product_inequalities,
    rank_alignment,
    rank_inequalities,
    remainder_derivation,
    remainder_inequalities,
    separation,
)
from theory.derivation import Derivation
from theory.lemmas import NORM_OF_B, NORM_OF_INVERSE, SUBMULTIPLICATIVE, SUPERMULTIPLICATIVE
from theory.transposition import transposed_proof

__all__ = ["SECTIONS", "catalogue"]

_TURNED = (NORM_OF_INVERSE, SUBMULTIPLICATIVE, NORM_OF_B, SUPERMULTIPLICATIVE)
"""The inequalities that right-alignment uses on the transposed chain."""

SECTIONS: dict[str, tuple[Callable[[], Derivation], ...]] = {
    "Inequalities": (
        inequalities.norm_of_B,
        inequalities.norm_of_inverse,
        product_inequalities.submultiplicativity,
        product_inequalities.supermultiplicativity,
        remainder_inequalities.exchange,
        remainder_inequalities.exchange_negative,
        remainder_inequalities.misalignment,
        remainder_inequalities.small_level,
        rank_inequalities.leading_rows,
        rank_inequalities.parallelogram,
        rank_inequalities.right_inverse,
        rank_inequalities.beyond_rank,
        *(partial(transposed_proof, lemma) for lemma in _TURNED),
    ),
    "Dynamics": (
        dynamics.velocity_identity,
        dynamics.decoupled_velocity,
        dynamics.general,
        remainder_derivation.remainder,
        intercepts.alignment_forces_zero_intercept,
        dynamics.depth_scaling_boundary,
        dynamics.gradient_flow,
        deep_linear.deep_linear_by_scaling,
        deep_linear.balanced_powers,
        deep_linear.deep_linear,
        gates.absorption,
        deep_linear.imbalance_conserved,
        gates.imbalance_where_open,
    ),
    "Alignment": (
        alignment_bounds.alignment,
        alignment_bounds.right_alignment,
        rank_alignment.alignment_of_rank,
        first_order.overlap_first_order,
    ),
    "Random initialisation": (
        exponents.chi_cumulants,
        exponents.lyapunov_gaussian,
        exponents.lyapunov_masked,
        gaps.distinct,
        gaps.gap,
        gap_orders.gap_all_orders,
        exponents.minor_sums,
        exponents.intercepts,
        exponents.lyapunov_fluctuations,
    ),
    "Separation": (separation.closed_form, separation.separation, separation.rate),
    "The loop": (loop.alignment_budget,),
}
"""The derivations by section; functions, so that nothing is derived before it is asked for."""


def catalogue() -> dict[str, Derivation]:
    """Every derivation by its label."""
    return {derivation.label: derivation for derivation in _derivations()}


def _derivations() -> Iterator[Derivation]:
    for section in SECTIONS.values():
        for derive in section:
            yield derive()
