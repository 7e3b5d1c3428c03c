"""Inequality steps: the lemma with its factor must be the whole difference of the two sides."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import Expr, Integer, Rational, Sum, Symbol, sympify

from jacspec.theory import Calculation, Relation
from jacspec.theory.derivations.assumption import Assumption, Condition
from jacspec.theory.derivations.lemma import Lemma, square
from jacspec.theory.derivations.transposition import transposed_lemma
from jacspec.theory.notation.heads import HEADS
from jacspec.theory.notation.symbols import delta, i, k, l, n, s, sA, sB, u, uA, v, vB
from jacspec.theory.notation.words import inner
from jacspec.theory.results.alignment import bounds, full_rank
from jacspec.theory.results.alignment.full_rank import LEMMAS
from jacspec.theory.results.alignment.product_inequalities import SUBMULTIPLICATIVE
from jacspec.theory.results.dynamics.general import general

FACTOR = sA(1, l) ** 2
PART = Calculation("squares", FACTOR * s(k) ** 2)
BOUND = FACTOR * SUBMULTIPLICATIVE.large


def test_a_lemma_times_a_positive_factor() -> None:
    part = PART.at_most(BOUND, "lemma", lemmas=((FACTOR, SUBMULTIPLICATIVE),))
    assert part.steps[0].holds()
    assert "submultiplicativity" in part.steps[0].reason


@pytest.mark.parametrize("after", [2 * BOUND, BOUND / 2, -BOUND, BOUND * sB(1, l)])
def test_neither_more_nor_less_than_the_lemma(after: object) -> None:
    assert not PART.at_most(after, "lemma", lemmas=((FACTOR, SUBMULTIPLICATIVE),)).steps[0].holds()


def test_a_factor_of_unknown_sign_is_refused() -> None:
    delta = HEADS["delta"](k)
    part = Calculation("no sign", delta * s(k) ** 2)
    step = part.at_most(delta * SUBMULTIPLICATIVE.large, "lemma", lemmas=((delta, SUBMULTIPLICATIVE),)).steps[
        0
    ]
    assert not step.holds()


@pytest.mark.parametrize(("first", "holds"), [(0, True), (-1, False)])
def test_no_term_of_a_sum_of_lemmas_has_a_negative_factor(first: int, holds: bool) -> None:
    """The symbol i is declared positive; where a sum over it begins below 0, it is not."""
    factor = Sum(i, (i, first, n))
    after = 1 + Sum(i * s(k) ** 2, (i, first, n))
    part = Calculation("sum", Integer(1)).at_most(after, "squares", lemmas=((factor, square(s(k))),))
    assert part.steps[0].holds() is holds


def test_the_reverse_does_not_hold() -> None:
    step = PART.at_most(BOUND, "lemma", lemmas=((FACTOR, SUBMULTIPLICATIVE),)).steps[0]
    assert not replace(step, relation=Relation.AT_LEAST).holds()
    turned = replace(step, before=step.after, after=step.before, relation=Relation.AT_LEAST)
    assert turned.holds()


def test_the_result_of_a_part_with_an_inequality_is_one() -> None:
    assert full_rank.alignment().result.relation is Relation.AT_MOST


@pytest.mark.parametrize(("position", "s_i", "s_k"), [(0, 7, 3), (1, 3, 7)])
def test_the_derived_constant_is_that_of_the_formula(position: int, s_i: int, s_k: int) -> None:
    formula = bounds.overlap_bound()
    end = full_rank.alignment().calculations[position].end
    spectrum = {sB(Integer(1), l): 10, sB(n, l): 2, sA(i, l): s_i, sA(k, l): s_k}
    kappa = Rational(spectrum[sB(Integer(1), l)], spectrum[sB(n, l)])
    values = dict(zip(formula.parameters, (kappa, s_i, s_k), strict=True))
    assert (
        end.xreplace({atom: Integer(v) for atom, v in spectrum.items()})
        == formula.expression.subs(values) ** 2
    )


def test_transposing_twice_changes_nothing() -> None:
    for lemma in LEMMAS:
        twice = transposed_lemma(transposed_lemma(lemma))
        assert (twice.small, twice.large, twice.hypotheses) == (lemma.small, lemma.large, lemma.hypotheses)


def test_the_mirror_exchanges_the_sides() -> None:
    left, right = full_rank.alignment(), full_rank.right_alignment()
    assert left.result.before == inner(uA(i, l), u(k)) ** 2
    assert right.result.before == inner(vB(i, l), v(k)) ** 2
    assert len(list(left.steps)) == len(list(right.steps))
    assert all(step.holds() for step in right.steps)


def test_what_is_taken_without_proof_is_shown_with_its_relation() -> None:
    (lemma,) = [each for each in LEMMAS if each.label == "cauchy-schwarz"]
    derivation = lemma.derivation()
    assert [each.title for each in derivation.unproved_lemmas] == [
        "squares are not negative",
        "descending order",
    ]
    shown = str(derivation)
    assert "Taken without proof" in shown
    assert "s_j(B_l)^2 ⟨v_j(B_l), v_k⟩^2 ≤ s_1(B_l)^2 ⟨v_j(B_l), v_k⟩^2" in shown
    assert "Taken without proof" not in str(general())


@pytest.mark.parametrize(
    ("rest", "at", "fault"),
    [
        (s(k + 2), 1, "where s_3 is defined for 1 … n only"),
        (s(k + 2), n, "where s_{n+2} is defined"),
        ((k - 1) * s(k + 1), 1, "at 1, where it may not be claimed"),  # nothing is left of s_2
        (s(k), 1, ""),
    ],
)
def test_what_a_premise_says_is_used_where_it_says_it(rest: Expr, at: Expr, fault: str) -> None:
    """A premise on s_{k+2} says nothing of matrices that are 1×1, whatever cancels of it."""
    said = Condition(s(1) + rest, Relation.AT_MOST, 100 + rest, (k,))
    premise = Assumption("bounded", "bounded", conditions=(said,))
    lemma = Lemma.assumed("bounded by it", premise, said, {k: sympify(at)})
    part = Calculation("bound", s(1)).at_most(Integer(100), "by it", premise, lemmas=((Integer(1), lemma),))
    assert part.steps[0].holds()
    assert (fault in next(part.steps[0].faults)) if fault else not [*part.steps[0].faults]


@pytest.mark.parametrize(("indices", "faults"), [((i,), 0), ((), 1)])
def test_what_a_premise_says_of_one_index_is_not_summed_over_all(
    indices: tuple[Symbol, ...], faults: int
) -> None:
    said = Condition(s(i), Relation.AT_MOST, 1000, indices)
    premise = Assumption("bounded", "bounded", conditions=(said,), on_chains=True)
    lemma = Lemma.assumed("bounded by it", premise, said, {i: i} if indices else {})
    part = Calculation("total", Sum(s(i), (i, 1, n))).at_most(
        1000 * n, "each", premise, lemmas=((Sum(Integer(1), (i, 1, n)), lemma),)
    )
    expected = "it uses 'bounded by it' at every $i$, and 'bounded' is about one"
    assert part.steps[0].holds()
    assert [*part.steps[0].faults] == [expected] * faults


def test_what_multiplies_a_lemma_has_a_value() -> None:
    """1/s_1 times 0 ≤ δ_1 s_1 is 0 ≤ δ_1, which does not follow where s_1 is 0; no line holds a quotient."""
    said = Condition(Integer(0), Relation.AT_MOST, delta(1) * s(1))
    premise = Assumption("product", "product", conditions=(said,), positive=(sA(1, l),))
    lemma = Lemma.assumed("product", premise, said, {})
    for factor, missing in ((1 / s(1), 1), (1 / sA(1, l), 0)):
        end = lemma.large * factor
        part = Calculation("factor", Integer(0)).at_most(end, "times", premise, lemmas=((factor, lemma),))
        assert part.steps[0].holds()
        expected = "it divides by s_1, and names no assumption by which that is not 0"
        assert [*part.without_value] == [expected] * missing
