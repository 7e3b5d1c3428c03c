"""What is taken without proof is an instance of what it is called."""

import pytest
from sympy import I, Integer

from jacspec.theory.derivations.lemma import squared_length
from jacspec.theory.notation.symbols import J, N, i, j, k, l, n, s, sA, sdot, u, uA, v, w
from jacspec.theory.notation.words import inner
from jacspec.theory.results.alignment.facts import in_order
from jacspec.theory.results.alignment.product_inequalities import common_vector

_one = Integer(1)
_chosen = common_vector(w(k), u, lambda direction: uA(direction, l))
_along = inner(w(k), u(i)) * inner(u(i), w(k))


@pytest.mark.parametrize(
    ("of", "small", "large", "needed"),
    [
        (2, s(n), s(k), ()),
        (_one, s(k) ** -1, s(n) ** -1, ()),
        (_along, s(k) ** 2, s(i) ** 2, (_chosen,)),
        (_one, sA(j, l) ** ((N - l + 1) / N), sA(1, l) ** ((N - l + 1) / N), ()),
    ],
)
def test_the_order_of_singular_values_is_descending(of, small, large, needed):
    lemma = in_order(of, small, large, *needed)
    assert (lemma.small, lemma.large, lemma.hypotheses) == (small * of, large * of, needed)
    assert lemma.by_definition


@pytest.mark.parametrize(
    ("of", "small", "large", "needed"),
    [
        (_one, s(1), s(k), ()),
        (_one, s(k), s(i), ()),
        (_along, s(k) ** 2, s(i) ** 2, ()),
        (_along, s(i) ** 2, s(k) ** 2, (_chosen,)),
        (_along * inner(w(k), v(k)), s(k) ** 2, s(i) ** 2, (_chosen,)),
        (-_one, s(k), s(1), ()),
        (inner(u(k), I * u(i)) ** 2, s(k), s(1), ()),
        (_one, s(k) ** -1, s(1) ** -1, ()),
        (_one, s(k) ** (N - l), s(1) ** (N - l), ()),
        (_one, s(k), s(1) ** 2, ()),
        (_one, s(k), 2 * s(1), ()),
        (_one, s(k), sA(1, l), ()),
        (_one, sA(k, l), sA(1, l + 1), ()),
        (_one, sdot(k), sdot(1), ()),
        (_one, 1, 2, ()),
    ],
)
def test_nothing_else_is_taken_from_that_order(of, small, large, needed):
    with pytest.raises(ValueError, match="does not follow from the descending order of singular values"):
        in_order(of, small, large, *needed)


@pytest.mark.parametrize("vector", [I * u(k), J, s(k), u(k) + I * v(k), u(k) * inner(u(k), I * v(k))])
def test_a_squared_length_is_that_of_a_real_column(vector):
    assert squared_length(J * v(k) - s(k) * u(k)).by_definition
    with pytest.raises(TypeError, match="is not seen to be a real column"):
        squared_length(vector)
