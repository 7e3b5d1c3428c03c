"""Section 3's derivations, checked twice; and the second check alone, on what it must reject."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flint import arb
from sympy import Derivative, Expr, Integer, Integral, Subs, Symbol, exp, gamma, log, oo, polygamma

from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.claims.margin import Truth
from jacspec.proofs_check.derivation_check.check import check_step, reject
from jacspec.proofs_check.derivation_check.scalar_steps import ScalarJudge, ScalarPoint, scalar_points
from jacspec.proofs_check.interpretation import evaluate_scalar
from jacspec.theory import Derivation, Formula, Relation
from jacspec.theory.algebra.scalar_form import same
from jacspec.theory.derivations.domain import Domain, Parameter
from jacspec.theory.derivations.scalars.steps import ScalarCalculation, ScalarStep
from jacspec.theory.results.initialisation import exponents, gaps, gaussian
from jacspec.theory.results.propositions.initialisation import SAMPLED

x = Symbol("x", positive=True)


@pytest.mark.parametrize(
    ("derivation", "formula"),
    [
        (exponents.lyapunov_gaussian(), gaussian.lyapunov_gaussian()),
        (exponents.lyapunov_masked(), gaussian.lyapunov_masked()),
        (exponents.lyapunov_fluctuations(), gaussian.fluctuation()),
        (exponents.minor_sums(), gaussian.intercept_by_minors()),
        (exponents.intercepts(), gaussian.intercept()),
    ],
    ids=lambda each: each.label,
)
def test_what_is_derived_is_what_is_evaluated(derivation: Derivation, formula: object) -> None:
    assert derivation.result.after == formula.expression


@pytest.mark.parametrize(
    ("stated", "formula"),
    [
        (SAMPLED["lyapunov-gaussian"][0].right, gaussian.lyapunov_gaussian()),
        (SAMPLED["depth-intercept"][0].right, gaussian.intercept()),
        (SAMPLED["depth-scaling-at-initialisation"][1].right, gaussian.intercept()),
    ],
)
def test_what_is_stated_of_samples_is_what_is_evaluated(stated: Expr, formula: Formula) -> None:
    assert same(stated, formula.expression)


def test_the_gap_lies_between_what_was_derived() -> None:
    derivation = gaps.gap()
    assert all(step.holds() for step in derivation.steps)
    n = gaussian.gap().parameters[0]
    for part in derivation.calculations[: gaps.MOST_TERMS]:
        sign = 1 if part.title.endswith("below") else -1
        for width in (2, 3, 50):
            gap = (gaussian.gap().expression - part.end).subs(n, width).evalf(30)
            assert sign * gap > 0


def test_intercepts_are_differences_of_exponents() -> None:
    exponent = gaussian.lyapunov_gaussian().expression
    n, k, _ = gaussian.lyapunov_gaussian().parameters
    assert same(exponents.intercepts().result.after, exponent - exponent.subs(k, n + 1 - k))


def _step(before: object, after: object) -> ScalarStep:
    part = ScalarCalculation("x", before, domain=Domain((Parameter(x, Integer(1)),))).equals(after, "test")
    return part.steps[0]


def test_evaluation_knows_values_of_its_own() -> None:
    moment = Integral(x**5 * exp(-(x**2) / 2), (x, 0, oo))
    with balls(128):
        found = evaluate_scalar(moment, ScalarPoint({}))
        assert found.overlaps(arb(8))
        assert found.rad() < 1e-30
        t = Symbol("t")
        second = Subs(Derivative(log(gamma(t + 2)), t, t), t, 0)
        expected = arb.pi() ** 2 / 6 - 1
        assert evaluate_scalar(second, ScalarPoint({})).overlaps(expected)


def test_evaluation_rejects_what_is_wrong_or_singular() -> None:
    right = _step(polygamma(0, x + 1), polygamma(0, x) + 1 / x)
    assert reject(right) == (False, False)
    assert reject(replace(right, after=polygamma(0, x) + 1 / x + Integer(1) / 10**30)) == (True, True)
    (first, *_) = scalar_points(right, 0)
    pole = 1 / (x - first._values[x])
    assert ScalarJudge.of(right, 0).truth(right.relation, pole) is Truth.FAILS


def test_points_lie_in_the_domain_and_depend_on_the_seed() -> None:
    (step,) = exponents.minor_sums().steps
    for point in scalar_points(step, 0):
        n, k = (point.indices[p.symbol] for p in step.domain.parameters)
        assert 1 <= k <= n
    assert [p.description for p in scalar_points(step, 0)] == [p.description for p in scalar_points(step, 0)]
    assert [p.description for p in scalar_points(step, 0)] != [p.description for p in scalar_points(step, 1)]


def test_real_numbers_are_drawn_on_both_sides_of_zero() -> None:
    x, y = Symbol("x", real=True), Symbol("y", real=True)
    domain = Domain((Parameter(x, -oo, oo), Parameter(y, -oo, x)))
    points = scalar_points(ScalarStep(x - y, Relation.EQUAL, x - y, "same", domain=domain), 0, count=40)
    drawn = [(evaluate_scalar(x, point), evaluate_scalar(y, point)) for point in points]
    assert {value > 0 for value, _ in drawn} == {True, False}
    assert all(above > below for above, below in drawn)


def test_a_rejected_scalar_step_has_its_residual_a_point_and_its_place() -> None:
    found = check_step(_step(x**2 + x, x**2 + 2 * x), most_mutants=0)
    assert re.fullmatch(
        r"'test' \(test_scalar_steps\.py:\d+\): the normal forms of the two sides differ, by x; "
        r"at x=(\S+) it reads (\S+) = (\S+)",
        found.rejection,
    )


def test_a_scalar_step_that_goes_the_wrong_way_says_where() -> None:
    part = ScalarCalculation("x", x, domain=Domain((Parameter(x, Integer(1)),)))
    (step,) = part.bounded(Relation.AT_MOST, x / 2, "wishful").steps
    rejection = check_step(step, most_mutants=0).rejection
    assert "the two sides differ, by -x/2; at x=" in rejection
    assert " ≤ " in rejection
