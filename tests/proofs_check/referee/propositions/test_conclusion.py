"""What a proposition says of an example: for which indices, and under which premises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flint import arb, fmpq_mat
from hypothesis import strategies as st
from sympy import Integer, Rational, Symbol, oo

from jacspec.numerics import Chain
from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.claims.claim import Claim
from jacspec.proofs_check.claims.margin import Truth, judge
from jacspec.proofs_check.interpretation.points.chain import ChainPoint
from jacspec.proofs_check.interpretation.points.numbers import NumbersPoint
from jacspec.proofs_check.referee.propositions.conclusion import searched
from jacspec.proofs_check.referee.search import search
from jacspec.proofs_check.referee.search_result import SearchResult
from jacspec.proofs_check.referee.weighing.hypotheses import weigh
from jacspec.proofs_check.strategies import chains
from jacspec.theory import Assumption, Relation
from jacspec.theory.derivations.assumption import Condition
from jacspec.theory.derivations.domain import Domain, Parameter
from jacspec.theory.derivations.proposition import Proposition
from jacspec.theory.notation.symbols import M, N, epsilon, k, l, n, s, sA, sB, u
from jacspec.theory.notation.words import inner
from jacspec.theory.results.alignment.facts import NONSINGULAR
from jacspec.theory.results.assumptions import SIMPLE, STRONG_ALIGNMENT

MODES = Domain((Parameter(N, Integer(1)), Parameter(n, Integer(1)), Parameter(k, Integer(1), n)))
UNIT = Proposition(inner(u(k), u(k)), Relation.EQUAL, Integer(1), (SIMPLE,), MODES)
DIAGONAL = Chain([[[3, 0, 0], [0, 2, 0], [0, 0, 1]]])
REPEATED = Chain([[[3, 0, 0], [0, 2, 0], [0, 0, 2]]])


def at_rest(chain: Chain) -> ChainPoint:
    return ChainPoint(chain, [factor * 0 for factor in chain.exact], 1)


def names(proposition: Proposition, chain: Chain) -> list[str]:
    with balls(192):
        return [name for name, _ in searched([proposition], at_rest)["conclusion"](chain=chain)]


def test_it_is_evaluated_for_every_value_of_its_indices() -> None:
    assert [name.rsplit(" at ", 1)[1] for name in names(UNIT, DIAGONAL)] == [
        f"$N = 1$, $n = 3$, $k = {mode}$" for mode in (1, 2, 3)
    ]


def test_between_ends_that_are_no_whole_numbers_lie_the_whole_numbers() -> None:
    upper = Domain((*MODES.parameters[:2], Parameter(k, n / 2, n - Rational(1, 2))))
    shown = names(replace(UNIT, given=(), domain=upper), DIAGONAL)
    assert [name.rsplit(" at ", 1)[1] for name in shown] == ["$N = 1$, $n = 3$, $k = 2$"]


def test_where_a_symbol_has_no_value_nothing_is_said() -> None:
    without_premise = replace(UNIT, given=())
    for proposition in (UNIT, without_premise):
        assert len(names(proposition, REPEATED)) == 1
    shifted = replace(without_premise, left=inner(u(k + 1), u(k + 1)))
    assert len(names(shifted, DIAGONAL)) == 2


def test_layers_outside_of_the_chain_do_not_wrap_around() -> None:
    layers = Domain((Parameter(N, Integer(1)), Parameter(n, Integer(1)), Parameter(l, Integer(1), N)))
    before = Proposition(M(l - 1), Relation.EQUAL, M(l - 1), (), layers)
    assert len(names(before, Chain([DIAGONAL.exact[0]] * 3))) == 2


def test_sizes_outside_of_the_domain_give_no_example() -> None:
    deep = replace(UNIT, domain=Domain((Parameter(N, Integer(2)), *MODES.parameters[1:])))
    claim = Claim(label="deep", given={"chain": st.just(DIAGONAL)}, **searched([deep], at_rest))
    assert claim.conclusion is not None
    found = search(claim.given, {}, claim.conclusion, examples=5, seed=0)
    assert (found.accepted, found.undefined > 0) == (0, True)


def test_a_limit_is_searched_where_it_is_reached() -> None:
    fields = searched([Proposition(s(k), Relation.LIMIT, s(k), (STRONG_ALIGNMENT,), replace(MODES))], at_rest)
    assert list(fields["hypotheses"]) == ["strong alignment (SA), $ε = 0$"]
    assert fields["propositions"][0].relation is Relation.LIMIT
    (aligned,) = fields["hypotheses"].values()
    twisted = Chain([DIAGONAL.exact[0], fmpq_mat(3, 3, [1, 1, 0, 0, 1, 0, 0, 0, 1])])
    for chain, truth in ((Chain(DIAGONAL.exact * 2), Truth.HOLDS), (twisted, Truth.FAILS)):
        assert judge(lambda chain=chain: aligned(chain=chain), cap=800).truth is truth


def test_what_a_premise_says_to_hold_in_the_limit_is_asked_for_without_error() -> None:
    near = Assumption("near", "near", conditions=(Condition(s(k) + epsilon, Relation.LIMIT, Integer(2)),))
    fields = searched([Proposition(s(k), Relation.LIMIT, s(k), (near,), MODES)], at_rest)
    assert list(fields["hypotheses"]) == ["near, $ε = 0$"]
    (premise,) = fields["hypotheses"].values()
    for chain, truth in ((DIAGONAL, Truth.HOLDS), (Chain([[[3]]]), Truth.FAILS)):
        assert judge(lambda chain=chain: premise(chain=chain), cap=400).truth is truth


def test_premises_are_weighed_without_being_asked_for() -> None:
    every = Domain((*MODES.parameters, Parameter(l, Integer(1), N + 1)))
    ratio = Proposition(sB(n, l), Relation.AT_LEAST, Integer(0), (NONSINGULAR,), every)
    false = replace(ratio, left=sB(n, l) * sA(n, l), right=Integer(0))
    claim = Claim(
        label="ratio", given={"chain": chains(2, 2)}, mutants={}, **searched([false, ratio], at_rest)
    )
    (weighed,) = weigh(claim, SearchResult(0), examples=60, seed=0)
    assert weighed.name == NONSINGULAR.title
    assert weighed.needed is not True


def test_a_second_witness_must_agree() -> None:
    def witness(chain: Chain) -> Iterator[tuple[str, arb]]:
        yield "by hand", arb(chain.depth - 2)

    conclusion = searched([UNIT], at_rest, beside=witness)["conclusion"]
    for depth, truth in ((1, Truth.FAILS), (3, Truth.HOLDS)):
        chain = Chain(DIAGONAL.exact * depth)
        assert judge(lambda chain=chain: conclusion(chain=chain), cap=400).truth is truth


@pytest.mark.parametrize(("left", "truth"), [(2 * s(k), Truth.FAILS), (s(k), Truth.HOLDS)])
def test_an_inequality_has_a_quotient(left: object, truth: Truth) -> None:
    bound = Proposition(left, Relation.AT_MOST, sA(1, 1), (), MODES)  # type: ignore[arg-type]
    conclusion = searched([bound], at_rest)["conclusion"]
    judged = judge(lambda: conclusion(chain=Chain([[[3, 0], [0, 2]]])), cap=200)
    if truth is Truth.FAILS:
        assert judged.truth is truth
    assert judged.ratio is not None


def test_nothing_is_said_of_numbers_outside_of_their_ranges() -> None:
    x, y = Symbol("x", positive=True), Symbol("y", real=True)
    ranges = Domain((Parameter(x, 1), Parameter(y, -oo, x)))
    apart = Proposition(y, Relation.AT_MOST, 2 * x - 1, domain=ranges)

    def at(first: int, second: int) -> NumbersPoint:
        return NumbersPoint({}, {"x": arb(first), "y": arb(second)})

    conclusion = searched([apart], at)["conclusion"]
    for first, second, said in ((3, 2, 1), (3, 4, 0), (1, 0, 0), (0, -1, 0)):
        assert len(list(conclusion(first=first, second=second))) == said
