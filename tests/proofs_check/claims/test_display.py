"""Claims, reports and verdicts as text and for notebooks: whole, well formed, all text escaped."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from flint import arb, fmpq_mat
from hypothesis import strategies as st

from jacspec.documents import html
from jacspec.documents.prose import plain
from jacspec.documents.text import COLUMNS
from jacspec.proofs_check import Claim, Expectation, at_most, verify
from jacspec.proofs_check.claims.evidence import Hypothesis, Sharpness
from jacspec.proofs_check.claims.report_blocks import as_prose
from jacspec.proofs_check.claims.verdict import Verdict
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.strategies import square

FALSE = Claim(
    "commute",
    "AB = BA, <b>always</b>",
    {"A": square(2), "pair": st.tuples(square(2), st.integers(1, 3))},
    conclusion=lambda A, pair: 1 if A * pair[0] == pair[0] * A else -1,
    expected=Expectation.REFUTED,
    remark="this & that",
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
    text = words(report._repr_html_())
    for part in ("commute ✗ refuted", "AB = BA, <b>always</b>", "this & that"):
        assert part in text
    A, (B, count) = report.counterexample.values["A"], report.counterexample.values["pair"]
    for name, matrix in (("A", A), ("pair 1", B)):
        entries = " ".join(str(entry).replace("-", "− ") for row in matrix for entry in row)
        assert f"{name} = [ {entries} ]" in text
    assert f"pair_2 = {count}" in text
    assert f"margin {report.counterexample.margin}" in text


def test_an_unexpected_verdict_is_said_to_be_one():
    report = verify(FALSE, effort="quick")
    assert "Not as expected" not in str(report)
    wrong = replace(report, expected=Expectation.HOLDS, error="a reason")
    assert "Warning: Not as expected: the verdict expected is holds." in str(wrong)
    assert "Warning: a reason" in str(wrong)


def test_a_report_shows_hypotheses_and_sharpness():
    text = words(verify(BOUND, effort="quick")._repr_html_())
    assert "x > 0 needed ✓ a certified counterexample violates nothing else" in text
    assert "x < 15 superfluous?" in text
    assert "the bound hardly looked for 0.5000 of it is reached, at x = " in text
    assert "1 of 1 wrong variants were caught" in text


def test_what_was_not_tried_says_so():
    report = verify(replace(FALSE, hypotheses={"A ≠ 0": lambda A, pair: fmpq_mat(2, 2) != A}), effort="quick")
    assert "A ≠ 0 never weighed" in words(report._repr_html_())


def test_a_long_counterexample_is_text():
    report = verify(FALSE, effort="quick")
    found = replace(report.counterexample, text="A = " + "[[1, 2], [3, 4]], " * 150)
    assert " ".join(found.text.split()) in words(replace(report, counterexample=found)._repr_html_())


def test_the_certificate_of_a_counterexample_is_not_said_twice():
    report = verify(LEDGER["alignment-as-stated"], effort="quick")
    certificate = plain(as_prose(report.counterexample.certificate))
    text = " ".join(str(report).split())
    assert text.count(f"in the words of the claim's author: {certificate}") == text.count(certificate) == 1
    assert "limit, against the claim: see the counterexample" in text


def test_a_report_as_markdown_is_its_section_of_the_report():
    section = verify(BOUND, effort="quick")._repr_markdown_()
    assert section.startswith("## `bound` **≈ supported**\n\nx ≤ 2x, x > 0\n")
    assert "| x > 0 | needed ✓ | a certified counterexample violates nothing else |" in section
    assert "| x \\< 15 | superfluous? |" in section
    assert "| the bound | hardly looked for | 0.5000 of it is reached, at x = " in section


@pytest.mark.parametrize("claim", [FALSE, BOUND, *LEDGER.values()], ids=lambda claim: claim.label)
def test_a_claim_shows_what_it_says(claim):
    page = claim._repr_html_()
    assert claim.label in words(page)
    shown = (claim.statement, claim.expected.value, *claim.hypotheses, *claim.mutants)
    assert all(html.prose(as_prose(part)) in page for part in shown)


def test_a_claim_is_named_by_its_statement_without_marks():
    claim = replace(BOUND, statement="the bound $x_1 ≤ 2$")
    assert str(claim) == "bound: the bound x_1 ≤ 2"


def test_what_holds_no_formula_is_shown_letter_for_letter():
    assert plain(as_prose("`a` **b** [c](#d) \\$5")) == "`a` **b** [c](#d) \\$5"
    assert as_prose("a formula $x$") == "a formula $x$"


@pytest.mark.parametrize("verdict", Verdict)
def test_a_verdict_shows_its_word_and_its_mark(verdict):
    assert words(verdict._repr_html_()) == f"{verdict.mark} {verdict.value}"
    assert len({each.mark for each in Verdict}) == len(Verdict)


# --- what carries weight ------------------------------------------------------------------------

WEIGHED = replace(
    verify(BOUND, effort="quick"),
    hypotheses=(
        Hypothesis("B nonsingular", True, "a certified counterexample violates nothing else", "B = [[0]]"),
        Hypothesis("[bold]i ≠ k[/bold]", False, "none found"),
        Hypothesis("depth scaling", None, ""),
    ),
    pairs=(Hypothesis("both", True, "together"),),
    sharpness=Sharpness(0.60791, "M_1 = [[1, -1], [2, 0]]\nM_2 = [[1, -2], [2, 0]]"),
)


def test_what_was_weighed_stands_in_one_table():
    lines = str(WEIGHED).splitlines()
    assert max(map(len, lines)) <= COLUMNS
    names = ("B non", "[bold]i ≠ k[/bold]", "depth scaling", "both", "the bound")
    states = ("needed ✓", "superfluous?", "never weighed", "needed ✓", "looks improvable")
    rows = [next(line for line in lines if line.startswith(name)) for name in names]
    assert len({row.index(state) for row, state in zip(rows, states, strict=True)}) == 1
    assert "at M_1 = [[1, -1], [2, 0]];" in " ".join(str(WEIGHED).split())
    assert "A counterexample without: B nonsingular\n    B = [[0]]" in str(WEIGHED)


def test_nothing_weighed_is_no_table():
    nothing = replace(WEIGHED, hypotheses=(), pairs=(), sharpness=None)
    assert "Hypotheses" not in str(nothing)
