"""Claims and reports as HTML: well formed, whole, all text escaped."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from flint import arb, fmpq_mat
from hypothesis import strategies as st

from jacspec.proofs_check import Claim, Expectation, at_most, verify
from jacspec.proofs_check.claims.verdict import Verdict
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.strategies import square

FALSE = Claim(
    "commute",
    "AB = BA, <b>always</b>",
    {"A": square(2), "pair": st.tuples(square(2), st.integers(1, 3))},
    conclusion=lambda A, pair: 1 if A * pair[0] == pair[0] * A else -1,
    expected=Expectation.REFUTED,
    remark="1 < 2 & 2 > 1",
)
BOUND = Claim(
    "bound",
    "x ≤ 2x, x > 0",
    {"x": st.integers(-3, 20)},
    conclusion=lambda x: at_most(arb(x), arb(2 * x)),
    hypotheses={"x > 0": lambda x: x, "x < 15": lambda x: 15 - x},
    mutants={"2x ≤ x": lambda x: -x},
)


class Page(HTMLParser):
    """The text of a page, the rows of its outermost tables, and a check that every tag is closed."""

    def __init__(self, page):
        super().__init__()
        self.open, self.text = [], ""
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):  # noqa: ARG002
        if tag != "br":
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data + " "


def words(page):
    return " ".join(Page(page).text.split())


def test_a_report_shows_the_verdict_and_the_counterexample_with_its_matrices():
    report = verify(FALSE, effort="quick")
    page = report._repr_html_()
    text = words(page)
    for part in ("commute", "AB = BA, <b>always</b>", "refuted", "expected: refuted ✓", "1 < 2 & 2 > 1"):
        assert part in text
    A, (B, count) = report.counterexample.values["A"], report.counterexample.values["pair"]
    for name, matrix in (("A", A), ("pair_1", B)):
        assert f"{name} = {' '.join(str(entry) for row in matrix for entry in row)}" in text
    assert f"pair_2 = {count}" in text
    assert f"margin {report.counterexample.margin}" in text


def test_a_report_shows_hypotheses_and_sharpness():
    text = words(verify(BOUND, effort="quick")._repr_html_())
    assert "x > 0: needed ✓" in text
    assert "x < 15: superfluous?" in text
    assert "sharpness 0.500000, looks improvable" in text
    assert "1 of 1 caught" in text


def test_what_was_not_tried_says_so():
    report = verify(replace(FALSE, hypotheses={"A ≠ 0": lambda A, pair: fmpq_mat(2, 2) != A}), effort="quick")
    assert "A ≠ 0: not tried" in words(report._repr_html_())


def test_a_long_counterexample_is_text():
    report = verify(FALSE, effort="quick")
    found = replace(report.counterexample, text="A = " + "[[1, 2], [3, 4]], " * 60)
    assert " ".join(found.text.split()) in words(replace(report, counterexample=found)._repr_html_())


def test_a_report_as_markdown_is_its_section_of_the_report():
    section = verify(BOUND, effort="quick")._repr_markdown_()
    assert section.startswith("## bound\n")
    assert "| x > 0 | needed ✓ | a certified counterexample violates nothing else |" in section
    assert "| x < 15 | superfluous? |" in section
    assert "Sharpness: 0.500000 of the bound is reached (looks improvable), at\n" in section


@pytest.mark.parametrize("claim", [FALSE, BOUND, *LEDGER.values()], ids=lambda claim: claim.label)
def test_a_claim_shows_what_it_says(claim):
    text = words(claim._repr_html_())
    shown = (claim.label, claim.statement, claim.expected.value, *claim.hypotheses, *claim.mutants)
    assert all(" ".join(part.split()) in text for part in shown)


@pytest.mark.parametrize("verdict", Verdict)
def test_a_verdict_shows_its_word(verdict):
    assert words(verdict._repr_html_()) == verdict.value
