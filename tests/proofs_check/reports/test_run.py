"""The derivations that a report shows are those that were checked."""

from dataclasses import replace
from itertools import count

from jacspec.proofs_check import verify
from jacspec.proofs_check.claims.verdict import Verdict
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.reports import Run, report_markdown

KNOWN = LEDGER["velocity-identity"]


def test_no_page_shows_another_derivation_than_the_one_that_was_checked():
    """A function may return what it likes at each call."""
    calls, own = count(), KNOWN.derivation()
    claims = {
        "the same": replace(KNOWN),
        "another remark": replace(
            KNOWN, derivation=lambda: own if next(calls) == 0 else replace(own, remark="Nothing of this.")
        ),
    }
    for name, claim in claims.items():
        report = verify(claim, effort="quick")
        assert report.verdict is Verdict.PROVED
        run = Run([(claim, report)], {}, 0, "quick")
        assert list(run.derivations) == ([claim.label] if name == "the same" else [])
        shown = report_markdown(run)
        assert ("Derived:" in shown) is (name == "the same")
        assert "Nothing of this" not in shown
