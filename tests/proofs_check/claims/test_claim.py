"""Claims as data: what is refused before anything is computed."""

import pytest
from hypothesis import strategies as st

from jacspec.numerics import InputError
from jacspec.proofs_check import Claim, Expectation, Verdict


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
