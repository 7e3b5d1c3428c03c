"""Closed forms by substitution, by integrating the equation at 40 digits, and wrong ones refused."""

from __future__ import annotations

from dataclasses import replace

import mpmath
import pytest
from sympy import powdenest, simplify

from jacspec.theory import Relation
from jacspec.theory.derivations.proposition import proof_of
from jacspec.theory.notation.symbols import N
from jacspec.theory.results import loop, separation
from jacspec.theory.results.propositions.separation import PROPOSITIONS

DIGITS = 40
DERIVATIONS = (separation.closed_form, separation.separation, separation.rate, loop.alignment_budget)


@pytest.mark.parametrize("derive", DERIVATIONS, ids=lambda derive: derive.__name__)
def test_every_step_holds_by_normal_form(derive: object) -> None:
    assert [step.rule for step in derive().steps if not step.holds()] == []


def test_the_closed_form_solves_the_equation_at_symbolic_depth() -> None:
    formula = separation.power_form()
    N, c, _, t = formula.parameters
    solution = formula.expression
    ratio = solution.diff(t) / (c * solution ** (2 - 2 / N))
    # Before the blow-up the base is positive, so that powers of powers multiply.
    assert simplify(powdenest(ratio, force=True)) == 1


@pytest.mark.parametrize("depth", [1, 2, 3, 5])
def test_the_closed_form_against_numerical_integration(depth: int) -> None:
    with mpmath.workdps(DIGITS + 15):
        c, start, end = mpmath.mpf(3) / 7, mpmath.mpf(5) / 4, mpmath.mpf(1) / 3
        flow = mpmath.odefun(lambda _, s: c * s ** (2 - mpmath.mpf(2) / depth), 0, start)
        if depth == 2:
            closed = separation.exponential_form().compiled()(c, start, end)
        else:
            closed = separation.power_form().compiled()(mpmath.mpf(depth), c, start, end)
        assert abs(flow(end) - closed) < mpmath.mpf(10) ** -DIGITS


def test_blow_up() -> None:
    with mpmath.workdps(60):
        N, c, start = mpmath.mpf(3), mpmath.mpf(2), mpmath.mpf(1) / 3
        until = separation.blow_up_time().compiled()(N, c, start)
        for digits in (10, 20, 30):
            late = until * (1 - mpmath.mpf(10) ** -digits)
            value = separation.power_form().compiled()(N, c, start, late)
            # The base of the closed form is 10^-digits of its start: s = s_0 10^{digits/(1-2/N)}.
            assert mpmath.almosteq(value, start * mpmath.mpf(10) ** (3 * digits), mpmath.mpf(10) ** -20)
        with pytest.raises(ValueError, match="0 < t < t"):
            separation.power_form().compiled()(N, c, start, until * 2)


def test_there_is_no_blow_up_below_depth_three() -> None:
    with pytest.raises(ValueError, match="N ≥ 3"):
        separation.blow_up_time().compiled()(2, 1.0, 1.0)


def test_the_budget_names_what_it_assumes_of_the_overlaps() -> None:
    names = [assumption.name for assumption in loop.alignment_budget().assumptions]
    assert names == ["gradient-flow", "overlaps-of-order-1", "overlaps-of-order-2"]


# --- wrong closed forms -------------------------------------------------------------------------


def other_power(make):
    """s_0^{-(2-2/N)} for s_0^{-(1-2/N)}: its derivative is as good."""
    formula = make()
    start = next(each for each in formula.parameters if each.name == "s_0")
    wrong = formula.expression.xreplace({start ** (2 / N - 1): start ** (2 / N - 2)})
    assert wrong != formula.expression
    return lambda: replace(formula, expression=wrong)


@pytest.mark.parametrize(
    ("name", "refused"),
    [
        ("power_form", ["at $t = 0$", "what is left of the base is $h$ times its start"]),
        ("blow_up_time", ["what is left of the base is $h$ times its start"]),
    ],
)
def test_a_wrong_power_of_the_start_is_refused_and_proves_nothing(monkeypatch, name, refused):
    monkeypatch.setattr(separation, name, other_power(getattr(separation, name)))
    wrong = separation.closed_form.__wrapped__()
    assert set(refused) <= {step.rule for step in wrong.steps if not step.holds()}
    assert any(proof_of(each, wrong).lacking for each in PROPOSITIONS["separation-closed-form"])


def test_the_direction_of_the_ratio_is_derived_for_every_depth():
    deep, twofold, single = separation.separation().calculations
    assert (deep.relation, single.relation, twofold.relation) == (
        Relation.AT_LEAST, Relation.AT_LEAST, Relation.EQUAL,
    )  # fmt: skip
    assert str(deep.holds_for).startswith("N ≥ 3")
    assert twofold.end == 0
    # Against its direction, and without the premise that s_j is the larger one.
    (growth, *_) = PROPOSITIONS["separation-dynamics"]
    shrinking = replace(growth, relation=Relation.AT_MOST)
    assert "expected '≤'" in proof_of(shrinking, separation.separation()).lacking
    unordered = replace(growth, given=growth.given[:1])
    assert "assumes 'ordered modes'" in proof_of(unordered, separation.separation()).lacking
