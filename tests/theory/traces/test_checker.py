"""The checker of traces: it accepts every step of every derivation, and nothing that was tampered with."""

import ast
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from sympy import Integer, KroneckerDelta, Sum, Symbol, exp, log

import jacspec.theory.traces
from jacspec.theory import Relation, Step, mutants
from jacspec.theory.algebra.normal_form import reached
from jacspec.theory.algebra.rules import Rule
from jacspec.theory.algebra.trace import Contracted, Counted, Inside, Reindexed, Rewritten, Trace, WrittenOut
from jacspec.theory.derivations.scalars.steps import ScalarStep
from jacspec.theory.notation.symbols import A, M, N, epsilon, i, k, l, n, s, sA, sB, sdot, u, uT, v
from jacspec.theory.results.assumptions import DEPTH_SCALING, ORTHONORMAL, PARTIAL_PRODUCTS
from jacspec.theory.results.catalogue import catalogue
from jacspec.theory.traces.checker import Claim, fault

LABELS = tuple(catalogue())
DIRECTIONS = tuple((each, Integer(1), n) for each in (i, k))
REAL = Symbol("x", real=True)
LAYERS = ((N, Integer(2), None), (l, Integer(1), N + 1))


@cache
def steps(label):
    """The steps of a derivation that rewrite, without those between scalar formulas."""
    return tuple(each for each in catalogue()[label].steps if not isinstance(each, ScalarStep))


def claim(step):
    asked = step.question
    return Claim(*step.compared, asked.rules, asked.vanishing, asked.distinct, asked.free)


# --- what is accepted -----------------------------------------------------------------------------


@pytest.mark.parametrize("label", LABELS)
def test_every_step_of_every_derivation_is_accepted(label):
    assert {step.rule: step.fault_of_trace for step in steps(label) if step.fault_of_trace} == {}


def test_the_traces_use_every_law():
    moves = Counter(
        type(move)
        for label in LABELS
        for step in steps(label)
        for trace in step.traces
        for move in (*trace.moves, *(each for _, before in trace.before_derivatives for each in before))
    )
    assert set(moves) == {Rewritten, Contracted, Counted, Reindexed, Inside, WrittenOut}
    assert moves.total() >= 400


# --- what is not ----------------------------------------------------------------------------------


def test_no_wrong_step_is_accepted_with_the_trace_of_the_right_one():
    rejected, kinds = 0, Counter()
    for label in LABELS:
        for place, step in enumerate(steps(label)):
            found = mutants(step.after)
            mutant = found[(7 * place + 3) % len(found)]  # of every kind, over all steps
            wrong = replace(step, after=mutant.expression)
            if fault(claim(wrong), *step.traces):
                rejected += 1
                kinds[mutant.kind.value] += 1
            else:
                left, right = (reached(side, wrong.question).form for side in wrong.compared)
                assert left == right, (label, step.rule, mutant.change)
    assert rejected >= 200
    assert {"sign", "factor", "term", "exponent", "index", "range"} <= set(kinds)


def tampered(move):
    """A move with one of its fields changed."""
    yield "sign", replace(move, scalar=-move.scalar)
    yield "factor", replace(move, scalar=move.scalar * N)
    if isinstance(move, Rewritten):
        for place, (symbol, value) in enumerate(move.values):
            slip = (*move.values[:place], (symbol, value + 1), *move.values[place + 1 :])
            yield "index", replace(move, values=slip)
        if move.rule.rhs != 0:
            yield "rule", replace(move, rule=replace(move.rule, rhs=2 * move.rule.rhs))
        if move.position is not None:
            yield "place", replace(move, position=move.position + 1)
            yield "place", replace(move, position=None)
    if isinstance(move, Contracted):
        yield "index", replace(move, value=move.value + 1)
    if isinstance(move, Reindexed):
        yield "end", replace(move, last=move.last + Symbol("q", integer=True))
    if isinstance(move, Inside):
        yield "factor", replace(move, factor=log(2 * N))


def test_no_tampered_trace_of_a_right_step_is_accepted():
    rejected = Counter()
    for label in LABELS:
        for number, step in enumerate(steps(label)):
            asked, (left, right) = claim(step), step.traces
            # In the limit a term with ε is 0, whatever is done to it.
            places = [
                place
                for place, move in enumerate(left.moves)
                if asked.vanishing is None or not move.scalar.has(asked.vanishing)
            ]
            if not places:
                continue
            place = places[number % len(places)]
            found = [*tampered(left.moves[place])]
            for how, wrong in (("dropped", None), found[number % len(found)]):
                kept = () if wrong is None else (wrong,)
                moves = (*left.moves[:place], *kept, *left.moves[place + 1 :])
                assert fault(asked, replace(left, moves=moves), right), (label, step.rule, how, place)
                rejected[how] += 1
    assert rejected.total() >= 200
    assert {"dropped", "sign", "factor", "index", "rule", "place", "end"} <= set(rejected)


def product_at(layer):
    """A_{l+1} M_l = A_l at a layer, by one use of the rule for partial products."""
    (rule,) = (each for each in PARTIAL_PRODUCTS.rules if each.lhs == A(l + 1) * M(l))
    word = (A(layer + 1), M(layer))
    used = Trace((Rewritten(Integer(1), word, (), rule, ((l, layer),), 0),))
    return Claim(word[0] * word[1], A(layer), (rule,), free=LAYERS), used, Trace()


def test_a_rule_is_not_used_beyond_its_range():
    assert fault(*product_at(N)) == ""
    assert fault(*product_at(N + 1)) == (
        "the rule for A_{l+1} M_l is used at N + 2 as the layer at which a partial product begins or ends, "
        "which may lie outside of its range"
    )
    assert "may lie outside" in fault(*product_at(l))  # l reaches N + 1 here
    (rule, _) = ORTHONORMAL.rules
    for last, accepted in ((n, True), (n + 1, False)):
        used = Rewritten(
            Integer(1), (uT(last), u(k)), (), rule, ((rule.indices[0], last), (rule.indices[1], k)), 0
        )
        asked = Claim(uT(last) * u(k), KroneckerDelta(last, k), (rule,), free=DIRECTIONS)
        assert (fault(asked, Trace((used,)), Trace()) == "") is accepted


def test_a_narrower_range_of_a_rule_is_kept():
    wide, at_end = DEPTH_SCALING.rules[0], N + 1
    narrow = replace(wide, ranges=((l, Integer(1), N),))
    for rule, accepted in ((wide, True), (narrow, False)):
        used = Rewritten(sA(k, at_end), (), (), rule, ((k, k), (l, at_end)))
        asked = Claim(sA(k, at_end), rule.rhs.subs(l, at_end), (rule,), free=(*LAYERS, *DIRECTIONS))
        assert (fault(asked, Trace((used,)), Trace()) == "") is accepted


def test_a_delta_is_not_contracted_where_its_index_may_lie_outside_of_the_sum():
    for last, accepted in ((n, True), (n - 1, False)):
        start = Sum(s(i) * KroneckerDelta(i, k), (i, 1, last))
        used = Contracted(s(i) * KroneckerDelta(i, k), (), ((i, Integer(1), last),), i, k)
        asked = Claim(start, s(k), free=DIRECTIONS)
        assert (fault(asked, Trace((used,)), Trace()) == "") is accepted


def test_a_constant_is_not_counted_in_a_sum_that_holds_the_index():
    start = Sum(s(i), (i, 1, n))
    used = Counted(s(i), (), ((i, Integer(1), n),), i)
    assert "holds" in fault(Claim(start, n * s(i), free=DIRECTIONS), Trace((used,)), Trace())


def test_a_sum_is_written_out_only_between_numbers():
    start = Sum(s(i), (i, 1, n))
    used = WrittenOut(s(i), (), ((i, Integer(1), n),), i)
    two = ((n, Integer(2), Integer(2)), *DIRECTIONS)
    assert fault(Claim(start, s(1) + s(2), free=two), Trace((used,)), Trace()) == ""
    assert fault(Claim(start, s(1) + s(2) + s(3), free=two), Trace((used,)), Trace())
    assert "whole number" in fault(Claim(start, s(1) + s(2), free=DIRECTIONS), Trace((used,)), Trace())


def test_a_term_is_not_dropped_but_in_the_limit():
    asked = Claim(u(k) + epsilon * v(k), u(k), free=DIRECTIONS)
    assert fault(asked, Trace(), Trace())
    assert fault(replace(asked, vanishing=epsilon), Trace(), Trace()) == ""
    assert fault(replace(asked, left=u(k) + v(k) / epsilon, vanishing=epsilon), Trace(), Trace())


def test_an_index_of_a_rule_is_not_bound_by_a_sum():
    """That s_k = 1 for one k was used of every term of a sum over k."""
    one = Rule(s(k), Integer(1))
    for move, total in (
        (Rewritten(s(k), (), ((k, Integer(1), n),), one, ()), Sum(s(k), (k, 1, n))),
        (Rewritten(s(k), (), ((i, Integer(1), n),), one, ()), Sum(s(k), (i, 1, n))),
    ):
        stated = replace(claim_of(total, Sum(Integer(1), (i, 1, n))), rules=(one,))
        said = fault(stated, Trace((move,)), Trace())
        assert (said == "") is (move.limits[0][0] == i)


def test_indices_that_differ_have_equal_multiples():
    apart = (frozenset({i, k}),)
    for delta, zero in ((KroneckerDelta(i, k), True), (KroneckerDelta(2 * i, k), False)):
        stated = replace(claim_of(delta * s(1), Integer(0)), distinct=apart)
        assert (fault(stated, Trace(), Trace()) == "") is zero


def test_a_logarithm_is_rewritten_where_it_stands_by_itself():
    """log e^{2x} is 2x, and x was put for 2x."""
    doubled = log(exp(2 * sdot(1)), evaluate=False)
    move = Inside(sdot(1), (), (), doubled, Trace())
    assert "no logarithm" in fault(claim_of(sdot(1), 2 * sdot(1)), Trace((move,)), Trace())


@pytest.mark.parametrize(("factor", "accepted"), [(REAL, False), (REAL**2, True), (epsilon, True)])
def test_a_number_without_a_sign_multiplies_no_lemma(factor, accepted):
    for own in (factor, Sum(factor, (i, 1, n))):
        stated = replace(claim_of(Integer(0), Integer(0)), factors=(own,))
        assert (fault(stated, Trace(), Trace()) == "") is accepted


def claim_of(left, right):
    return Claim(left, right, free=DIRECTIONS)


def test_a_lemma_is_not_multiplied_by_what_may_be_negative():
    asked = Claim(s(k), s(k), free=DIRECTIONS)
    for factor in (s(k), s(k) ** -2, 1 - KroneckerDelta(i, k), epsilon):
        assert fault(replace(asked, factors=(factor,)), Trace(), Trace()) == ""
    for factor in (-s(k), s(k) - s(i), KroneckerDelta(i, k) - 1, log(s(k))):
        assert "not seen to be ≥ 0" in fault(replace(asked, factors=(factor,)), Trace(), Trace())


def test_a_step_is_accepted_only_with_its_trace(monkeypatch):
    step = Step(A(l + 1) * M(l), Relation.EQUAL, A(l), "absorb", (PARTIAL_PRODUCTS,))
    assert step.holds()
    monkeypatch.setattr("jacspec.theory.derivations.step.fault", lambda *_: "no")
    assert not step.holds()


def test_a_step_that_needs_a_rule_beyond_its_range_is_refused_by_name():
    inside = Rule(sA(k, l), sB(k, l), (k, l), ((l, Integer(2), N),))
    step = Step(sA(k, l), Relation.EQUAL, sB(k, l), "beyond", (replace(DEPTH_SCALING, rules=(inside,)),))
    assert not step.holds()
    assert step.out_of_range == ("'s_k(A_l) = s_k(B_l)' holds for l in 2 … N, not for l = l",)


# --- independence -----------------------------------------------------------------------------------


def test_the_checker_shares_no_code_with_the_normal_form_but_the_record():
    classes = {
        "Abs",
        "Add",
        "Derivative",
        "Dummy",
        "Expr",
        "Integer",
        "Integral",
        "KroneckerDelta",
        "Mul",
        "Pow",
        "Rational",
        "Subs",
        "Sum",
        "Symbol",
    }
    functions = {"bernoulli", "binomial", "exp", "gamma", "log", "oo", "polygamma", "sinh"}
    files = sorted(Path(jacspec.theory.traces.__file__).parent.glob("*.py"))
    assert len(files) >= 7
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ImportFrom):
                continue
            if node.module.startswith("sympy"):
                assert {each.name for each in node.names} <= classes | functions, file
            elif node.module.startswith("jacspec.theory.algebra"):
                assert node.module.rpartition(".")[2] in ("trace", "rules"), file
                assert node.module.endswith("trace") or [each.name for each in node.names] == ["Rule"], file
            elif node.module.startswith("jacspec"):
                assert node.module.startswith(("jacspec.theory.traces", "jacspec.theory.notation")), file
