"""An inequality is between numbers."""

import pytest
from sympy import Integer

from jacspec.theory import Calculation, Condition, Proposition, Relation
from jacspec.theory.notation.symbols import M, k, l, s, u, uT
from jacspec.theory.notation.words import inner

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
