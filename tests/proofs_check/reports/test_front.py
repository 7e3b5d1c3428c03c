"""The front of a report: its story, what verdicts mean, statements that are seen whole."""

import re
from pathlib import Path

import pytest

from jacspec.proofs_check.claims.report import Report
from jacspec.proofs_check.claims.verdict import Verdict
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.reports import Run, write_report
from jacspec.proofs_check.reports.page import report_pages
from jacspec.proofs_check.reports.story import STORY
from tests.proofs_check.reports.browser import INSTALLED, browser

DOCS = Path(__file__).parents[3] / "docs"
VERSIONS = {"python": "3.11", "jacspec": "0.1.0"}


def undecided(label):
    claim = LEDGER[label]
    verdict = Verdict.UNDECIDED
    return claim, Report(label, claim.statement, claim.expected, verdict=verdict, whose=claim.whose)


def test_the_story_is_told_of_the_ledger_with_the_verdicts_of_the_run_and_of_nothing_less():
    labels = [label for arrow in STORY for label, _, _ in arrow.claims]
    assert len(set(labels)) == len(labels)
    assert set(labels) <= set(LEDGER)
    shown = [undecided(label) for label in labels]
    front = report_pages(Run(shown, VERSIONS, 0, "quick"))["index.html"]
    assert front.count('<li class="undecided"><span class="role">') == len(labels)
    assert 'id="story"' not in report_pages(Run(shown[1:], VERSIONS, 0, "quick"))["index.html"]


def test_a_report_says_what_its_verdicts_mean_as_the_documentation_does():
    shown = (DOCS / "proved.md").read_text()
    for verdict in Verdict:
        assert f"| **{verdict.value}** | {verdict.meaning} |" in shown
    front = report_pages(Run([undecided("alignment")], VERSIONS, 0, "quick"))["index.html"]
    assert re.findall(r"<dd>(.*)\.</dd>", front) == [Verdict.UNDECIDED.meaning]


def test_a_page_says_what_its_symbols_stand_for_and_whose_steps_were_checked():
    pages = report_pages(Run([*map(undecided, ("alignment-as-stated", "alignment"))], VERSIONS, 0, "quick"))
    assert "the partial products" in pages["claims/alignment-as-stated.html"]
    derivation = LEDGER["alignment"].derived
    lent = sum(len(list(lemma.steps)) for lemma in derivation.lemmas)
    own = len(list(derivation.steps))
    assert f"Derivation, {own} steps, and {lent} of its lemmas" in pages["claims/alignment.html"]
    assert own + lent == 49  # what the evidence counts


@pytest.mark.skipif(not INSTALLED, reason="needs chromium and chromedriver")
def test_a_browser_shows_long_statements_whole_on_a_desk_and_on_paper(tmp_path):
    long = ("depth-scaling-boundary", "separation-dynamics", "separation-rate", "alignment-budget")
    index, *_ = write_report(tmp_path / "report", Run([*map(undecided, long)], VERSIONS, 0, "quick"))
    statements = "[...document.querySelectorAll('.summary .longer')]"
    with browser(tmp_path / "profile") as shown:
        shown.size(1280)
        shown.open(index)
        assert shown.evaluate(f"return {statements}.length") >= len(long)
        assert (
            shown.evaluate(f"return {statements}.filter(e => e.scrollWidth > e.clientWidth + 1).length") == 0
        )
        shown.media("light", "print")
        shown.size(720)  # A4 between its margins
        hidden = f"return {statements}.filter(e => getComputedStyle(e).overflowX !== 'visible').length"
        assert shown.evaluate(hidden) == 0
        widths = "[...document.querySelectorAll('.summary .brief')].map(e => e.clientWidth)"
        assert min(shown.evaluate(f"return {widths}")) > 500
