"""An inequality is between numbers."""

import pytest
from sympy import Integer

from jacspec.theory import Assumption, Calculation, Condition, Proposition, Relation
from jacspec.theory.algebra.rules import Rule
from jacspec.theory.notation.symbols import M, epsilon, i, k, l, s, u, uA, uAT, uT
from jacspec.theory.notation.words import inner
from jacspec.theory.results.assumptions import STRONG_ALIGNMENT

WHY = r"compares u_kᵀ u_k, which is no number; aᵀ b is one as inner\(a, b\)"


@pytest.mark.parametrize("relation", [Relation.AT_MOST, Relation.AT_LEAST])
def test_matrices_and_words_have_no_order(relation):
    for stated in (Proposition, Condition):
        with pytest.raises(ValueError, match=WHY):
            stated(uT(k) * u(k), relation, Integer(2))
        with pytest.raises(ValueError, match="compares M_l, which is no number"):
            stated(s(k), relation, M(l))
        assert stated(inner(u(k), u(k)), relation, 2).right == Integer(2)
        assert stated(uT(k) * u(k), Relation.EQUAL, 1).right == Integer(1)
    with pytest.raises(ValueError, match=WHY):
        Calculation("part", uT(k) * u(k)).at_most(Integer(2), "length", lemmas=())


def test_a_condition_reads_whole_numbers():
    said = Condition(s(k), Relation.AT_MOST, 1, (k,))
    assert said == Condition(s(k), Relation.AT_MOST, Integer(1), (k,))


def test_what_holds_in_the_limit_only_is_multiplied_by_nothing_that_grows():
    """⟨u_k(A_l), u_i⟩/ε was said to tend to 0; by strong alignment it is ⟨e_k(A_l), u_i⟩."""
    apart = Assumption("apart", "apart", distinct=(i, k))
    off = inner(uA(k, l), u(i))
    aligned = Calculation("aligned", off).tends_to(Integer(0), "in the limit", STRONG_ALIGNMENT, apart)
    lemma = aligned.as_lemma("aligned", "aligned in the limit", Rule(uAT(k, l) * u(i), Integer(0), (l,)))
    assert Calculation("twice", 2 * off).tends_to(Integer(0), "put in", lemma).steps[0].holds()
    with pytest.raises(ValueError, match="is not continuous at ε = 0"):
        Calculation("quotient", off / epsilon).tends_to(Integer(0), "put in", lemma).steps[0].holds()
