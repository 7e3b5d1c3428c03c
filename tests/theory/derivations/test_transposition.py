"""The words of a derivation on the transposed chain are about that chain, as its formulas are."""

from __future__ import annotations

import pytest
from sympy import Integer

from jacspec.theory import Assumption, Calculation, Condition, Derivation, Relation, Rule
from jacspec.theory.derivations.assumption import by_definition
from jacspec.theory.derivations.induction import Induction
from jacspec.theory.derivations.transposition import reworded, transposed, transposed_assumption
from jacspec.theory.notation.printing import text
from jacspec.theory.notation.symbols import BT, A, N, k, l, sA, sB
from jacspec.theory.results.assumptions import EMPTY_SPECTRUM
from jacspec.theory.results.catalogue import catalogue

CATALOGUE = catalogue()


@pytest.mark.parametrize(
    ("words", "turned"),
    [
        ("$J = A_l B_l$", "$J = A_l B_l$"),
        ("$‖AB‖ ≤ ‖A‖ ‖B‖$", "$‖AB‖ ≤ ‖B‖ ‖A‖$"),
        ("$v_i(A_l)$ and $v_k$ have length 1", "$u_i(B_l)$ and $u_k$ have length 1"),
        (
            "its left singular vectors, with orthonormal v's",
            "its right singular vectors, with orthonormal u's",
        ),
        ("$w_k$ in the span of $u_1, …$", "$w̃_k$ in the span of $v_1, …$"),
        ("half of $(x_j y_m - x_m y_j)²$; is left out", "half of $(x_j y_m - x_m y_j)²$; is left out"),
        ("B nonsingular, s_k(A) not zero", "A nonsingular, s_k(B) not zero"),
    ],
)
def test_words_are_turned_as_formulas_are(words: str, turned: str) -> None:
    assert reworded(words) == turned


@pytest.mark.parametrize("label", [label for label in CATALOGUE if label.endswith("transposed")])
def test_the_partial_products_are_still_those_of_j(label: str) -> None:
    said = [each for used in CATALOGUE[label].definitions for each in used.says]
    assert said
    assert not [each for each in said for side in (each.left, each.right) if "B_l A_l" in text(side)]


def test_the_hypothesis_of_an_induction_is_not_turned_into_what_holds_anyway() -> None:
    false = Induction("false", Rule(A(l), 2 * A(l + 1), (l,), ((l, 1, N),)), N, l + 1, l, ())
    base = Calculation("base", A(N)).equals(2 * A(N + 1), "no")
    step = Calculation("step", A(l)).equals(2 * A(l + 1), "no", false.hypothesis)
    with pytest.raises(ValueError, match="cannot be transposed"):
        transposed(Derivation("false", "False", (base, step)), "turned", "Turned", "")
    turned = Rule(BT(l + 1), 2 * BT(l + 2))
    assert not Assumption("turned", "turned", rules=(turned,), definition=True).defines


@pytest.mark.parametrize(
    "used",
    [
        EMPTY_SPECTRUM,
        by_definition(Assumption("at", "at one", conditions=(Condition(sB(k, 1), Relation.EQUAL, 1),))),
        by_definition(Assumption("in", "within", rules=(Rule(sA(k, l), sA(k, l), (k, l), ((l, 1, N),)),))),
    ],
)
def test_what_is_taken_of_some_layers_is_not_turned_into_what_holds_of_others(used: Assumption) -> None:
    """A_{N+1} is an empty product; B_{N+1}, which takes its place, is J."""
    assert used.defines
    with pytest.raises(ValueError, match="cannot be transposed: it is about some layers only"):
        transposed_assumption(used)
    empty = Calculation("empty", sA(k, N + 1)).equals(Integer(1), "empty product", EMPTY_SPECTRUM)
    with pytest.raises(ValueError, match="cannot be transposed"):
        transposed(Derivation("empty", "Empty", (empty,)), "whole", "J is the identity", "")
