"""The Markdown report."""

from dataclasses import replace

import pytest
from hypothesis import strategies as st

from numerics import InputError
from proofs_check import Claim, verify
from proofs_check.ledger import LEDGER
from proofs_check.report import report_markdown, write_report

VERSIONS = {"python": "3.11", "jacspec": "0.1.0"}


@pytest.fixture(scope="module")
def reports():
    claims = [
        LEDGER["alignment-as-stated"],
        LEDGER["velocity-identity"],
        Claim("broken", "1/x exists", {"x": st.integers(0, 3)}, lambda x: 1 // x),
    ]
    # The derivation is checked elsewhere; here it is only to be printed.
    return [(claim, verify(replace(claim, derivation=None), effort="quick")) for claim in claims]


def test_the_report_holds_verdicts_counterexamples_and_derivations(reports):
    text = report_markdown(reports, VERSIONS, 5, "quick")
    assert text.startswith("# jacspec: verdicts\n")
    assert "2 of 3 verdicts are as expected. Effort quick, seed 5." in text
    assert "python 3.11, jacspec 0.1.0" in text
    for _, report in reports:
        assert f"| [`{report.label}`](#{report.label}) | {report.verdict.value} |" in text
        assert f"## {report.label}" in text
    counterexample = reports[0][1].counterexample
    assert f"```\n{counterexample.text}\n```" in text
    assert "### The velocity of a simple singular value" in text
    assert reports[2][1].trouble in text


def test_code_and_mathematics_are_closed(reports):
    text = report_markdown(reports, VERSIONS, 0, "quick")
    assert text.count("```") % 2 == 0
    assert text.count("$$") % 2 == 0


def test_the_folder_is_made(reports, tmp_path):
    file = write_report(tmp_path / "new" / "folder", reports, VERSIONS, 0, "quick")
    assert file == tmp_path / "new" / "folder" / "report.md"
    assert file.read_text(encoding="utf-8") == report_markdown(reports, VERSIONS, 0, "quick")


def test_a_folder_that_cannot_be_made_is_named(reports, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"cannot make the folder .*file.*choose another"):
        write_report(tmp_path / "file", reports, VERSIONS, 0, "quick")
