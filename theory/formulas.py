"""Every formula of the theory that is evaluated somewhere, by name; those with an order, at a low one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from theory import alignment, finite_depth, first_order, initialisation, rank_bounds, remainder, separation
from theory.formula import Formula

__all__ = ["FORMULAS"]

FORMULAS: dict[str, Callable[[], Formula]] = {
    "alignment.overlap_bound": alignment.overlap_bound,
    "rank_bounds.rank_bound": rank_bounds.rank_bound,
    "rank_bounds.rank_bound_above": rank_bounds.rank_bound_above,
    "rank_bounds.rank_bound_below": rank_bounds.rank_bound_below,
    "first_order.leading_overlap(1, 2)": partial(first_order.leading_overlap, 1, 2),
    "first_order.leading_overlap(2, 3)": partial(first_order.leading_overlap, 2, 3),
    "remainder.layer_remainder": remainder.layer_remainder,
    "remainder.simple_constant": remainder.simple_constant,
    "initialisation.lyapunov_gaussian": initialisation.lyapunov_gaussian,
    "initialisation.fluctuation": initialisation.fluctuation,
    "initialisation.lyapunov_masked": initialisation.lyapunov_masked,
    "initialisation.dead_layer": initialisation.dead_layer,
    "initialisation.intercept_by_minors": initialisation.intercept_by_minors,
    "initialisation.intercept": initialisation.intercept,
    "initialisation.gap": initialisation.gap,
    "initialisation.gap_expansion(3)": partial(initialisation.gap_expansion, 3),
    "initialisation.gap_remainder(3)": partial(initialisation.gap_remainder, 3),
    "initialisation.gap_leading_bound": initialisation.gap_leading_bound,
    "finite_depth.minor_moment": finite_depth.minor_moment,
    "finite_depth.minor_variance": finite_depth.minor_variance,
    "finite_depth.error_moment": finite_depth.error_moment,
    "finite_depth.error_moment_masked": finite_depth.error_moment_masked,
    "finite_depth.standardised_limit": finite_depth.standardised_limit,
    "finite_depth.standardised": finite_depth.standardised,
    "separation.power_form": separation.power_form,
    "separation.exponential_form": separation.exponential_form,
    "separation.blow_up_time": separation.blow_up_time,
}
"""Functions, so that nothing is derived before it is asked for."""
