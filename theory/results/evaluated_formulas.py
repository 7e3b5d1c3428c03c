"""Every formula of the theory that is evaluated somewhere, by name; those with an order, at a low one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from jacspec.theory.algebra.formula import Formula
from jacspec.theory.results import separation
from jacspec.theory.results.alignment import bounds, first_order
from jacspec.theory.results.initialisation import finite_depth, gaussian

FORMULAS: dict[str, Callable[[], Formula]] = {
    "alignment.overlap_bound": bounds.overlap_bound,
    "first_order.leading_overlap(1, 2)": partial(first_order.leading_overlap, 1, 2),
    "first_order.leading_overlap(2, 3)": partial(first_order.leading_overlap, 2, 3),
    "initialisation.lyapunov_gaussian": gaussian.lyapunov_gaussian,
    "initialisation.fluctuation": gaussian.fluctuation,
    "initialisation.lyapunov_masked": gaussian.lyapunov_masked,
    "initialisation.dead_layer": gaussian.dead_layer,
    "initialisation.intercept_by_minors": gaussian.intercept_by_minors,
    "initialisation.intercept": gaussian.intercept,
    "initialisation.gap": gaussian.gap,
    "initialisation.gap_expansion(3)": partial(gaussian.gap_expansion, 3),
    "finite_depth.minor_moment": finite_depth.minor_moment,
    "finite_depth.minor_variance": finite_depth.minor_variance,
    "finite_depth.error_moment": finite_depth.error_moment,
    "finite_depth.error_moment_masked": finite_depth.error_moment_masked,
    "finite_depth.standardised": finite_depth.standardised,
    "separation.power_form": separation.power_form,
    "separation.exponential_form": separation.exponential_form,
    "separation.blow_up_time": separation.blow_up_time,
}
"""Functions, so that nothing is derived before it is asked for."""
