"""Every derivation of the theory, in the ledger's order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from jacspec.theory.derivations.derivation import Derivation
from jacspec.theory.derivations.transposition import transposed_proof
from jacspec.theory.results import loop, separation
from jacspec.theory.results.alignment import (
    cauchy_schwarz,
    first_order,
    full_rank,
    leading_rank,
    product_inequalities,
    rank_inequalities,
)
from jacspec.theory.results.alignment.cauchy_schwarz import NORM_OF_B, NORM_OF_INVERSE
from jacspec.theory.results.alignment.product_inequalities import SUBMULTIPLICATIVE, SUPERMULTIPLICATIVE
from jacspec.theory.results.dynamics import (
    deep_linear,
    gates,
    general,
    intercepts,
    remainder_derivation,
    remainder_inequalities,
)
from jacspec.theory.results.initialisation import exponents, gap_orders, gaps

__all__ = ["SECTIONS", "catalogue"]

_TURNED = (NORM_OF_INVERSE, SUBMULTIPLICATIVE, NORM_OF_B, SUPERMULTIPLICATIVE)
"""The inequalities that right-alignment uses on the transposed chain."""

SECTIONS: dict[str, tuple[Callable[[], Derivation], ...]] = {
    "Inequalities": (
        cauchy_schwarz.norm_of_B,
        cauchy_schwarz.norm_of_inverse,
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
        general.velocity_identity,
        general.decoupled_velocity,
        general.general,
        remainder_derivation.remainder,
        intercepts.alignment_forces_zero_intercept,
        general.depth_scaling_boundary,
        general.gradient_flow,
        deep_linear.deep_linear_by_scaling,
        deep_linear.balanced_powers,
        deep_linear.deep_linear,
        gates.absorption,
        deep_linear.imbalance_conserved,
        gates.imbalance_where_open,
    ),
    "Alignment": (
        full_rank.alignment,
        full_rank.right_alignment,
        leading_rank.alignment_of_rank,
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
