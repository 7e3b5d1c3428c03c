"""Exact dynamics: what is derived, from which assumptions, and what fails without them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from jacspec.theory import Derivation
from jacspec.theory.results.dynamics import balanced_products, deep_linear, gates, intercepts

EXACT = (
    deep_linear.deep_linear,
    balanced_products.balanced_powers,
    balanced_products.balanced_roots,
    deep_linear.imbalance_conserved,
    gates.absorption,
    gates.imbalance_where_open,
    intercepts.alignment_forces_zero_intercept,
)
ALL = (*EXACT, deep_linear.deep_linear_by_scaling)


@pytest.mark.parametrize("derive", ALL, ids=lambda derive: derive.__name__)
def test_every_step_holds_by_normal_form(derive: Callable[[], Derivation]) -> None:
    assert [step.rule for step in derive().steps if not step.holds()] == []


@pytest.mark.parametrize("derive", ALL, ids=lambda derive: derive.__name__)
def test_no_step_that_uses_assumptions_holds_without_them(derive: Callable[[], Derivation]) -> None:
    unneeded = [step.rule for step in derive().steps if step.uses and replace(step, uses=()).holds()]
    # Simplicity licenses differentiation; it carries no equation.
    assert unneeded == []


def test_balancedness_alone_lists_neither_depth_scaling_nor_alignment() -> None:
    names = {assumption.name for assumption in deep_linear.deep_linear().assumptions}
    assert names == {"simple", "balanced", "gradient-flow"}


def test_the_other_way_lists_both() -> None:
    names = {assumption.name for assumption in deep_linear.deep_linear_by_scaling().assumptions}
    assert {"depth-scaling-non-empty", "strong-alignment", "zero-intercept"} <= names


def test_both_ways_reach_the_same_velocity() -> None:
    exact, limit = deep_linear.deep_linear().result, deep_linear.deep_linear_by_scaling().result
    assert (exact.before, exact.after) == (limit.before, limit.after)
    assert exact.relation is not limit.relation


def test_removing_balance_breaks_a_named_step() -> None:
    broken = [
        step.rule
        for step in balanced_products.balanced_powers().steps
        if any(used.name == "balanced" for used in step.uses)
        and not replace(step, uses=tuple(used for used in step.uses if used.name != "balanced")).holds()
    ]
    assert set(broken) == {"balance"}


def test_gates_need_to_be_projectors() -> None:
    names = {assumption.name for assumption in gates.absorption().assumptions}
    assert names == {"gates", "untrained-gates", "flow-on-weights"}
