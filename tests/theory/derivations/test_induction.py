"""Induction over layers believes nothing that base and step do not show."""

from __future__ import annotations

import pytest
from sympy import Integer

from jacspec.theory import Calculation, Derivation
from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.induction import Induction
from jacspec.theory.notation.symbols import A, C, M, N, P, l
from jacspec.theory.results.dynamics.balanced import BALANCED, PRODUCTS


@pytest.fixture
def carried() -> Induction:
    statement = Rule(A(l) * C(l), P(1) * A(l), (l,))
    return Induction("carried", statement, N + 1, l + 1, l, (BALANCED, PRODUCTS))


def test_the_hypothesis_is_the_statement_at_the_known_layer_only(carried: Induction) -> None:
    (rule,) = carried.hypothesis.rules
    assert (rule.lhs, rule.rhs) == (A(l + 1) * C(l + 1), P(1) * A(l + 1))
    assert rule.indices == ()


def test_a_base_at_another_layer_is_refused(carried: Induction) -> None:
    base = Calculation("base", A(N) * C(N)).equals(P(1) * A(N), "anything")
    step = Calculation("step", A(l) * C(l)).equals(P(1) * A(l), "anything")
    with pytest.raises(ValueError, match="does not show carried at layer"):
        carried.concluded(base, step)


def test_a_step_that_ends_elsewhere_is_refused(carried: Induction) -> None:
    base = Calculation("base", A(N + 1) * C(N + 1)).equals(P(1) * A(N + 1), "anything")
    step = Calculation("step", A(l) * C(l)).equals(Integer(2) * P(1) * A(l), "anything")
    with pytest.raises(ValueError, match="'step'"):
        carried.concluded(base, step)


def test_the_conclusion_is_for_every_layer(carried: Induction) -> None:
    base = Calculation("base", A(N + 1) * C(N + 1)).equals(P(1) * A(N + 1), "anything")
    step = Calculation("step", A(l) * C(l)).equals(P(1) * A(l), "anything")
    assert carried.concluded(base, step).rules == (carried.statement,)


def test_an_induction_in_the_limit_is_refused(carried: Induction) -> None:
    base = Calculation("base", A(N + 1) * C(N + 1)).tends_to(P(1) * A(N + 1), "anything")
    step = Calculation("step", A(l) * C(l)).equals(P(1) * A(l), "anything")
    with pytest.raises(ValueError, match="'base' is no equality"):
        carried.concluded(base, step)


def test_a_step_that_leaves_out_layers_is_refused() -> None:
    with pytest.raises(ValueError, match="expected neighbours of l"):
        Induction("skipping", Rule(A(l), C(l), (l,)), N + 1, l + 2, l, ())


def test_the_hypothesis_is_for_the_step_of_an_induction_with_its_base(carried: Induction) -> None:
    base = Calculation("base", A(N + 1) * C(N + 1)).equals(P(1) * A(N + 1), "anything")
    step = Calculation("step", A(l) * C(l)).equals(A(l + 1) * C(l + 1) * M(l), "balance", BALANCED)
    step = step.equals(P(1) * A(l + 1) * M(l), "induction", carried.hypothesis)
    finished = step.equals(P(1) * A(l), "absorb the factor", PRODUCTS)
    assert carried.concluded(base, finished).proof.calculations == (base, finished)
    Derivation("whole", "Whole", (base, finished))
    for parts in ((finished,), (base, step)):
        with pytest.raises(ValueError, match="uses the hypothesis of the induction carried"):
            Derivation("smuggled", "Smuggled", parts)
    with pytest.raises(ValueError, match="still under the hypothesis"):
        finished.as_lemma("early", "early", Rule(A(l) * C(l), P(1) * A(l), (l,)))
