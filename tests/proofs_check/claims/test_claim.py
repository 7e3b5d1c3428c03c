"""Claims as data: what is refused before anything is computed."""

import re
from dataclasses import replace

import pytest
from hypothesis import strategies as st
from sympy import Integer, Symbol

from jacspec.numerics import InputError
from jacspec.proofs_check import Claim, Expectation, Verdict
from jacspec.theory import Assumption, Relation
from jacspec.theory.derivations.assumption import Condition
from jacspec.theory.derivations.proposition import Proposition
from jacspec.theory.notation.symbols import k, s


def claim(**changes):
    given = {
        "label": "my-claim",
        "statement": "x is positive",
        "given": {"x": st.integers(1, 5)},
        "conclusion": lambda x: x,
    }
    return Claim(**{**given, **changes})


def test_a_claim_reads_as_its_label_and_statement():
    assert str(claim()) == "my-claim: x is positive"


@pytest.mark.parametrize("label", ["", "My-Claim", "my claim", " my-claim", "my-claim\n"])
def test_a_label_is_lower_case_without_spaces(label):
    with pytest.raises(InputError, match="expected lower case without spaces"):
        claim(label=label)


def test_something_must_be_drawn():
    with pytest.raises(InputError, match="'given' is empty"):
        claim(given={})


@pytest.mark.parametrize("strategy", [3, [1, 2], st.integers])
def test_what_is_drawn_must_be_a_strategy(strategy):
    with pytest.raises(InputError, match=r"given\['x'\] is .* expected a Hypothesis strategy"):
        claim(given={"x": strategy})


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"conclusion": 3}, "conclusion"),
        ({"hypotheses": {"positive": True}}, "positive"),
        ({"mutants": {"factor 2": "2x"}}, "factor 2"),
    ],
)
def test_statements_must_be_functions(changes, name):
    with pytest.raises(InputError, match=f"'{name}' is .* expected a function of x"):
        claim(**changes)


def test_the_expectation_must_be_one():
    with pytest.raises(InputError, match="expected='holds' is none of"):
        claim(expected="holds")


@pytest.mark.parametrize("verdict", Verdict)
def test_an_expectation_is_met_by_the_verdicts_that_say_so(verdict):
    established = verdict in (Verdict.PROVED, Verdict.SUPPORTED)
    assert Expectation.HOLDS.met_by(verdict) is established
    assert Expectation.SUPPORTED.met_by(verdict) is established
    assert Expectation.REFUTED.met_by(verdict) is (verdict is Verdict.REFUTED)


@pytest.mark.parametrize(
    "changes",
    [
        {"conclusion": lambda y: y},
        {"hypotheses": {"positive": lambda: 1}},
        {"mutants": {"factor 2": lambda x, y: x}},
        {"certify": lambda y: None},
    ],
)
def test_functions_must_take_the_values_by_name(changes):
    with pytest.raises(
        InputError, match=r"\(.*test_claim\.py:\d+\) takes \(.*\), and cannot be given x by name"
    ):
        claim(**changes)


def test_functions_may_take_whatever_is_given():
    claim(conclusion=lambda **values: 1, mutants={"more": lambda x, y=2: -x})


@pytest.mark.parametrize("letter", ["\x1b", "\0", "\x7f", "\x9b", "\u202e", "\ud800", "\r"])
@pytest.mark.parametrize("where", ["statement", "remark", "hypotheses", "mutants"])
def test_what_a_terminal_obeys_is_no_text(letter, where):
    said = {
        "label": "plain",
        "statement": "x > 0",
        "given": {"x": st.integers(1, 5)},
        "conclusion": lambda x: x,
    }
    text = f"a{letter}b"
    said[where] = {text: lambda x: x} if where in ("hypotheses", "mutants") else text
    with pytest.raises(InputError, match=r"'plain' with the control character .*leave it out") as caught:
        Claim(**said)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("label", ["", " ", "a b", "a\tb", "a\u00a0b", "a\n", "A"])
def test_a_label_is_one_lower_case_word(label):
    with pytest.raises(InputError, match="expected lower case without spaces"):
        Claim(label, "x > 0", {"x": st.integers(1, 5)}, lambda x: x)


@pytest.mark.parametrize(
    ("remark", "said"),
    [
        ("for $k > 1$ the bound is $s_k ≤ 2$", "$k > 1$"),
        ("it is at most two", "'at most'"),
        ("always s_1 ≤ 2", "'≤'"),
    ],
)
def test_a_remark_explains_and_does_not_claim(remark, said):
    message = f"claim c: its remark claims {said}; state it in the claim or one of its own, or leave it out"
    with pytest.raises(InputError, match=re.escape(message)):
        Claim("c", "x is small", given={"x": st.integers(1, 5)}, conclusion=lambda x: 6 - x, remark=remark)


def test_the_words_of_a_premise_of_a_claim_claim_nothing():
    """Of any claim: no derivation is needed for them to be read."""
    premise = Assumption(
        "w", "$s_k = 0$ for every k", conditions=(Condition(s(1), Relation.AT_LEAST, Integer(0)),)
    )
    fault = "claim c: the words of the premise '$s_k = 0$ for every k' claim $s_k = 0$: state it as"
    says = Proposition(s(k), Relation.AT_LEAST, 0, given=(premise,))
    with pytest.raises(InputError, match=re.escape(fault)):
        Claim("c", propositions=(says,), given={"x": st.integers(1, 5)}, conclusion=lambda x: 6 - x)


def test_a_remark_may_say_of_which_case_it_speaks():
    remark = "for $n = 2$ see `alignment`; $ε = 0$"
    claim = Claim(
        "c", "x is small", given={"x": st.integers(1, 5)}, conclusion=lambda x: 6 - x, remark=remark
    )
    assert claim.remark == remark


def test_two_premises_of_a_claim_have_two_titles():
    one, two = (
        Assumption("b", "bounded", conditions=(Condition(s(1), Relation.AT_MOST, c),)) for c in (1, 2)
    )
    says = [Proposition(s(1), Relation.AT_MOST, 4, given=(each,)) for each in (one, two)]
    with pytest.raises(InputError, match="two premises are called 'bounded'"):
        claim(propositions=says, statement="")


def test_what_one_proposition_names_is_nothing_else_in_another():
    """S_1 ≥ w and s_2 ≥ w, where w = s_2, w = s_1, was a statement."""
    w = Symbol("w")
    one = Proposition(s(1), Relation.AT_LEAST, s(2), named=(s(2), w))
    for other in (replace(one, right=s(1), named=(s(1), w)), replace(one, right=w, named=None)):
        fault = f"w names s_2, and is something else in '{other.conclusion}'"
        with pytest.raises(InputError, match=re.escape(fault)):
            claim(propositions=[one, other], statement="")
