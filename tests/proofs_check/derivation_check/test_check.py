"""The second check of derivations: what it rejects, and why."""

from dataclasses import replace

import pytest
from sympy import Integer

from jacspec.proofs_check.claims.mutants import Mutants
from jacspec.proofs_check.derivation_check.check import check_derivation, check_step, reject
from jacspec.theory import Calculation, Derivation, Relation, Step
from jacspec.theory.algebra.rules import Rule
from jacspec.theory.notation.symbols import J, epsilon, gamma, k, l, s, u, uA, v
from jacspec.theory.notation.words import inner
from jacspec.theory.results.assumptions import ORTHONORMAL, STRONG_ALIGNMENT
from jacspec.theory.results.dynamics import general

DERIVATIONS = [
    general.velocity_identity(),
    general.decoupled_velocity(),
    general.general(),
    general.depth_scaling_boundary(),
    general.gradient_flow(),
]
UNIT = inner(u(k), u(k))


@pytest.mark.parametrize("derivation", DERIVATIONS, ids=lambda derivation: derivation.label)
def test_the_assumptions_carry_weight_in_balls_too(derivation):
    for step in derivation.steps:
        for used in step.uses:
            without = replace(step, uses=tuple(other for other in step.uses if other is not used))
            # 'simple' licenses a derivative; there is no equation to be without.
            assert reject(without) == (bool(used.rules), bool(used.rules)), used.name


def test_without_depth_scaling_gradient_flow_dynamics_is_not_accepted():
    derivation = general.gradient_flow()
    (part,) = derivation.calculations
    steps = tuple(
        replace(step, uses=tuple(used for used in step.uses if not used.name.startswith("depth-scaling")))
        for step in part.steps
    )
    check = check_derivation(replace(derivation, calculations=(replace(part, steps=steps),), rests_on=()))
    assert not check.holds
    named = [rejection.split("'")[1] for rejection in check.rejections]
    assert named == [
        "two layers hold one intercept, $N-2$ hold two",
        "eliminate $γ_k$ in favour of $s_k$",
    ]


def test_a_derivation_is_checked_with_what_it_rests_on():
    wrong = Derivation("wrong", "Wrong", (Calculation("s", s(k)).equals(gamma(k), "wishful"),))
    good = Calculation("rate", s(k)).equals(gamma(k), "shown elsewhere", wrong.as_lemma())
    check = check_derivation(Derivation("good", "Good", (good,)))
    assert len(check.steps) == 2
    assert not check.holds
    assert len(check.rejections) == 1
    (rejection,) = check.rejections
    # The file and the line, what is left of the difference, and a point with both values.
    assert rejection.startswith("'wishful' (test_check.py:")
    assert "the normal forms of the two sides differ, by γ_k - s_k; at N=2, n=2, " in rejection
    assert " it reads " in rejection.split("seed=")[1]


def test_what_two_lemmas_rest_on_is_checked_once():
    first = Derivation("first", "First", (Calculation("s", s(k)).equals(gamma(k), "wishful"),))
    left, right = (
        Derivation(
            label, label, (Calculation(label, head(k)).equals(gamma(k), "shown elsewhere", first.as_lemma()),)
        )
        for label, head in (("left", s), ("right", s))
    )
    part = (
        Calculation("both", s(k))
        .equals(gamma(k), "left", left.as_lemma())
        .equals(s(k), "right", right.as_lemma())
    )
    both = Derivation("both", "Both", (part,))
    assert both.lemmas == (first, left, right)
    assert len(check_derivation(both).steps) == 5


def test_a_step_that_names_an_assumption_it_does_not_need_is_reported_unless_it_is_explained():
    part = Calculation("length", UNIT).equals(Integer(1), "unit vectors", ORTHONORMAL, STRONG_ALIGNMENT)
    needed = Calculation("length", UNIT).equals(Integer(1), "unit vectors", ORTHONORMAL)
    assert check_derivation(Derivation("good", "Good", (needed,))).holds
    # Each of the two says that the u's are orthonormal.
    check = check_derivation(Derivation("unneeded", "Idle", (part,)))
    assert not check.holds
    assert check.rejections == (
        "'unit vectors': it names 'orthonormal singular vectors', which it does not need",
        "'unit vectors': it names 'strong alignment (SA)', which it does not need",
    )
    reasons = (("orthonormal", "either will do"), ("strong-alignment", "either will do"))
    assert check_derivation(Derivation("unneeded", "Idle", (part,), explained=reasons)).holds
    stale = check_derivation(Derivation("stale", "Stale", (needed,), explained=reasons[:1]))
    assert stale.rejections == ("'orthonormal' is explained, but no step names it without need",)


def test_a_true_step_that_the_normal_form_cannot_see_is_not_accepted():
    # Without its equations an assumption still says at which points to evaluate.
    step = Step(s(k) - s(k) * UNIT, Relation.EQUAL, Integer(0), "unit vectors", (ORTHONORMAL,))
    blind = replace(step, uses=(replace(ORTHONORMAL, rules=()),))
    assert reject(step) == (False, False)
    assert reject(blind) == (True, False)
    assert check_step(blind).rejection == (
        "'unit vectors': the normal forms of the two sides differ, by s_k ⟨u_k, u_k⟩ - s_k"
    )


def test_a_false_step_that_the_normal_form_accepts_is_found_by_evaluation():
    lie = replace(ORTHONORMAL, rules=(Rule(u(k), v(k), (k,)),))
    step = Step(u(k), Relation.EQUAL, v(k), "a false equation", (lie,))
    assert reject(step) == (False, True)
    rejection = check_step(step).rejection
    assert rejection.startswith("'a false equation': ball evaluation says that it fails; at N=2, n=2, ")


def test_a_limit_is_evaluated_close_to_it():
    limit = Step(uA(k, l), Relation.LIMIT, u(k), "alignment", (STRONG_ALIGNMENT,))
    at = {l: Integer(2)}
    limit = replace(limit, before=limit.before.xreplace(at))
    assert reject(limit) == (False, False)
    assert reject(replace(limit, relation=Relation.EQUAL)) == (True, True)
    assert reject(replace(limit, after=u(k) * (1 + epsilon))) == (False, False)
    assert reject(replace(limit, after=2 * u(k))) == (True, True)


def test_a_step_without_a_mutant_that_can_fail_is_not_accepted():
    check = replace(check_step(next(general.general().steps)), mutants=Mutants(equivalent=3))
    assert not check.holds
    assert check.rejection.endswith("no mutant of it can fail")


def test_a_step_with_a_surviving_mutant_is_not_accepted():
    check = replace(check_step(next(general.general().steps)), mutants=Mutants(3, 2, ("sign changed",)))
    assert not check.holds
    assert "a wrong variant passes (sign changed)" in check.rejection


def test_scalars_and_multiples_of_the_identity_are_compared_as_matrices():
    assert reject(Step(J * 0 + Integer(1), Relation.EQUAL, Integer(1), "one")) == (False, False)
    assert reject(Step(J, Relation.EQUAL, Integer(1), "wishful")) == (True, True)
