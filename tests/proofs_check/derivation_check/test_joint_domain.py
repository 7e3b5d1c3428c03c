"""All assumptions and definitions of a proof hold at once, of the same symbols; or it proves nothing."""

from dataclasses import replace

import pytest
from flint import arb
from sympy import Integer, Symbol

from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.claims.margin import Truth
from jacspec.proofs_check.derivation_check.check import check_step
from jacspec.proofs_check.derivation_check.joint_domain import joint_domain
from jacspec.proofs_check.interpretation import difference, evaluate, norm
from jacspec.proofs_check.interpretation.points.joint import joint_points
from jacspec.theory import Calculation, Derivation
from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.assumption import Assumption
from jacspec.theory.derivations.domain import Domain, Parameter
from jacspec.theory.derivations.proposition import Proposition, proof_of
from jacspec.theory.derivations.scalars.steps import Given, ScalarCalculation
from jacspec.theory.notation.symbols import (
    A,
    B,
    J,
    Jdot,
    M,
    N,
    delta,
    i,
    j,
    k,
    l,
    n,
    s,
    sA,
    sdot,
    u,
    udot,
    uT,
    v,
    vdot,
)
from jacspec.theory.notation.words import D, inner
from jacspec.theory.results.alignment.facts import NONSINGULAR, SPLIT
from jacspec.theory.results.assumptions import DEPTH_SCALING, ORTHONORMAL
from jacspec.theory.results.catalogue import catalogue
from jacspec.theory.results.propositions import alignment, dynamics, initialisation, loop, separation
from tests.proofs_check.derivation_check.absurd import absurd

PROPOSITIONS = {
    label: propositions
    for chapter in (dynamics, alignment, initialisation, separation, loop)
    for label, propositions in chapter.PROPOSITIONS.items()
}


def joint(label, number=0):
    proposition = PROPOSITIONS[label][number]
    return joint_domain(proposition, proof_of(proposition, catalogue()[label]).calculation)


def proved(part):
    proposition = Proposition(part.start, part.relation, part.end, part.premises)
    shown = proof_of(proposition, Derivation("attack", "Attack", (part,)))
    assert shown.lacking == ""
    return joint_domain(proposition, shown.calculation)


def test_two_definitions_of_one_symbol_prove_nothing_and_are_both_named():
    """Every step holds where its own definition does; together, every partial product would vanish."""
    part = absurd()
    for step in part.steps:
        found = check_step(step, most_mutants=2)
        assert found.normal_form
        assert found.evaluation is Truth.HOLDS
    lacking = proved(part).lacking
    assert lacking.startswith("no point was found at which all its assumptions hold at once: ")
    assert "'residual products' and 'partial products' give it different values" in lacking


def test_an_assumption_that_nothing_satisfies_proves_nothing():
    never = Assumption("never", "never", rules=(Rule(s(k), 2 * s(k + 1), (k,)), Rule(s(k), sdot(k), (k,))))
    part = Calculation("s", s(1)).equals(2 * s(2), "never", never)
    assert "no point was found" in proved(part).lacking


@pytest.mark.parametrize("label", ["general-dynamics", "gradient-flow-dynamics"])
def test_limits_at_fixed_spectra_find_by_themselves_that_no_intercept_survives(label):
    found = joint(label)
    assert found.lacking == ""
    assert found.trivial == ("δ_k = 0",)
    assert all("aligned" in point for point in found.points)


def test_without_depth_scaling_or_alignment_generic_chains_are_points_and_nothing_is_trivial():
    found = joint("velocity-identity")
    assert (found.lacking, found.trivial) == ("", ())
    assert any("generic" in point for point in found.points)


def test_depth_scaling_on_non_empty_products_leaves_an_intercept():
    assert joint("depth-scaling-boundary", 0).trivial == ("δ_k = 0",)
    assert joint("depth-scaling-boundary", 1).trivial == ()


def test_on_chains_too_all_that_is_assumed_holds_at_once():
    twice = replace(SPLIT, name="twice", title="twice", rules=(Rule(A(l) * B(l), 2 * J),))
    part = Calculation("J", A(l) * B(l)).equals(J, "split", SPLIT)
    part = part.equals(A(l) * B(l) / 2, "split again", twice)
    assert proved(part).lacking.endswith(
        "all its assumptions hold at once: 'twice' fails where those before it hold"
    )


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"positive": (-sA(k, l),)}, "'changed' fails where those before it hold"),
        ({"restricts": (Parameter(k, Integer(3), n), Parameter(n, Integer(9)))}, "lies in its domain"),
        ({"restricts": (Parameter(N, Integer(9)),)}, "lies in its domain"),
        ({"distinct": (k, k)}, "'changed' fails where those before it hold"),
    ],
    ids=str,
)
def test_signs_ranges_and_distinct_directions_are_tested_at_the_points(change, why):
    whole = Calculation("J", J).equals(A(l) * B(l), "split", SPLIT, NONSINGULAR)
    assert proved(whole).lacking == ""
    changed = replace(NONSINGULAR, name="changed", title="changed", **change)
    part = Calculation("J", J).equals(A(l) * B(l), "split", SPLIT, changed)
    assert why in proved(part).lacking


@pytest.mark.parametrize("apart", [(i, k), (j, k), (i, j), (i, j, k)], ids=str)
def test_directions_that_differ_by_an_assumption_do_so_at_the_points(apart):
    distinct = Assumption("apart", "distinct directions", distinct=apart)
    first, second, *_ = apart
    part = Calculation("part", uT(first) * u(second)).equals(Integer(0), "they differ", ORTHONORMAL, distinct)
    assert proved(part).lacking == ""


def test_a_variant_that_a_fixed_size_makes_the_same_is_no_wrong_one():
    two = Assumption("two", "two factors", rules=(Rule(J, M(2) * M(1)),), model=(Rule(J, M(2) * M(1)),),
        restricts=(Parameter(N, 2, 2),))  # fmt: skip
    (step,) = Calculation("part", J).equals(M(2) * M(1), "both of them", two).steps
    assert check_step(step).holds


def test_a_layer_that_a_chain_has_not_gives_a_variant_no_value():
    last = Assumption("last", "two factors", rules=(Rule(J, M(N) * M(1)),), on_chains=True,
        restricts=(Parameter(N, 2, 2),))  # fmt: skip
    (step,) = Calculation("part", J).equals(M(N) * M(1), "both of them", last).steps
    assert check_step(step).holds


x, t = Symbol("x", positive=True), Symbol("t", positive=True)


def scalar(*uses, step=x + t):
    part = ScalarCalculation("sum", t + x, domain=Domain((Parameter(x, Integer(0)),)))
    part = part.equals(step, "as given", *uses)
    return joint_domain(Proposition(part.start, part.relation, part.end), part)


def given(title, value):
    return Assumption(title, title, rules=(Given(t, value),), definition=True)


def test_scalar_formulas_have_joint_points_too():
    assert len(scalar(given("here", 1 + x)).points) == 6
    found = scalar(given("here", 1 + x), given("there", 2 + x)).lacking
    assert found.endswith("'here' and 'there' give t different values")
    assert scalar(given("negative", -x)).lacking.endswith("another sign than its symbol")
    assert "'as given' is not seen to hold there" in scalar(given("here", 1 + x), step=x + 2 * t).lacking


def test_a_step_that_is_false_at_joint_points_is_named():
    part = Calculation("δ", delta(k)).equals(delta(k) + 1, "wishful thinking", DEPTH_SCALING)
    assert proved(part).lacking == "where all assumptions hold, the step 'wishful thinking' is not seen to"


def test_joint_points_move_as_their_symbols_say():
    """ṡ_k = d⟨u_k, J v_k⟩/dt by the product rule, with u̇_k and v̇_k of unit length."""
    with balls(320):
        for point in joint_points(3):
            pairs = (
                (sdot(k), inner(u(k), Jdot * v(k))),
                (inner(udot(k), J * v(k)) + inner(u(k), Jdot * v(k)) + inner(u(k), J * vdot(k)), sdot(k)),
                (inner(u(k), udot(k)), Integer(0)),
                (D(J * v(k)), Jdot * v(k) + J * vdot(k)),
                (Jdot * v(k) + J * vdot(k), sdot(k) * u(k) + s(k) * udot(k)),
            )
            for left, right in pairs:
                assert norm(difference(evaluate(left, point), evaluate(right, point))) < arb(2) ** -200
