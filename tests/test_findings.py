"""The pages of what was found: question, answer, command, and numbers as the command wrote."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from jacspec.documents.prose import plain
from jacspec.proofs_check.claims.report import Report
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.ledger.findings import data_of, labels_of, page_with, words_of

FINDINGS = Path(__file__).parent.parent / "docs" / "findings"
PAGES = sorted(FINDINGS.glob("*.md"))
DATA = sorted((FINDINGS / "data").rglob("*.json"))
DERIVED = sorted((FINDINGS / "derived").glob("*.md"))
_NUMBER = re.compile(r"(?<![\w.^_{])\d+(?:\.\d+)?(?:e[+-]?\d+)?%?")


def _data(page: str) -> dict[str, dict[str, Any]]:
    """The data to which a page links."""
    return {
        file: json.loads((FINDINGS / file).read_text()) for file in re.findall(r"\]\((data/[^)]*)\)", page)
    }


def _numbers(shown: object) -> set[str]:
    return set(_NUMBER.findall(str(shown)))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_has_a_question_an_answer_a_picture_and_the_command(page: Path) -> None:
    said = page.read_text()
    question, answer, picture, *_ = said.split("\n\n")
    assert re.fullmatch(r"# .*\?", question)
    assert re.fullmatch(r"\*\*[^.]*\.\*\*", answer)  # one sentence
    shown = re.fullmatch(r"!\[[^]]+\]\(\.\./(.*\.png)\)", picture)
    assert shown is not None
    assert (FINDINGS.parent / shown[1]).exists()
    assert len(said.split()) < 600
    data = _data(said)
    assert data
    for each in data.values():
        command = f"jacspec reproduce {each['experiment']}" + (
            f" --seed {each['seed']}" if each["seed"] else ""
        )
        assert f"`{command}`" in said


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_number_of_a_page_is_one_that_a_command_wrote(page: Path) -> None:
    said = page.read_text()
    data = _data(said).values()
    listed = re.findall(r"^\* (.*)$", said, re.MULTILINE)
    assert listed
    assert set(listed) <= {finding for each in data for finding in each["findings"]}
    prose = re.sub(r"^\* .*$|`[^`]*`|\]\([^)]*\)", "", said, flags=re.MULTILINE)
    written = _numbers(listed) | _numbers([each["parameters"] for each in data])
    assert _numbers(prose) - written <= {"1", "2", "3"}  # of modes, and in formulas


@pytest.mark.parametrize("file", DATA, ids=lambda file: file.relative_to(FINDINGS / "data").as_posix())
def test_data_are_whole_and_belong_to_a_page(file: Path) -> None:
    data = json.loads(file.read_text())
    assert data["complete"]
    assert file.stem == data["experiment"]
    linked = file.relative_to(FINDINGS).as_posix()
    assert any(linked in _data(page.read_text()) for page in PAGES)


# --- claims of the ledger -----------------------------------------------------------------------


def _verdicts(page: Path) -> dict[str, Any]:
    return json.loads((page.parent / data_of(page.read_text())).read_text())


@pytest.mark.parametrize("page", DERIVED, ids=lambda page: page.stem)
def test_a_page_about_claims_shows_what_the_command_wrote(page: Path) -> None:
    said = page.read_text()
    reports = [Report.from_json(each) for each in _verdicts(page)["claims"]]
    assert tuple(report.label for report in reports) == labels_of(said)
    for report in reports:
        assert report.as_expected
        assert report.statement == plain(LEDGER[report.label].statement)
    assert page_with(said, _verdicts(page)) == said
    for picture in re.findall(r"^!\[[^]]+\]\((.*)\)$", said, re.MULTILINE):
        assert (page.parent / picture).exists()


def test_another_verdict_would_be_shown() -> None:
    page = DERIVED[0]
    said, data = page.read_text(), _verdicts(page)
    others = [{**each, "verdict": "error"} for each in data["claims"]]
    shown = page_with(said, {**data, "claims": others})
    assert shown.count("**error**") == len(others)
    assert shown.endswith(words_of(said))


@pytest.mark.parametrize("page", DERIVED, ids=lambda page: page.stem)
def test_every_number_in_words_about_claims_is_one_that_the_command_wrote(page: Path) -> None:
    said = page.read_text()
    answer, words = re.findall(r"^\*\*.*", said, re.MULTILINE)[0], words_of(said)
    prose = f"{answer}\n{words}"
    outside = _numbers(re.sub(r"\$[^$]*\$|`[^`]*`", "", prose))
    inside = {
        each for each in _numbers(re.findall(r"\$([^$]*)\$", prose)) if "." in each
    }  # others are of formulas
    assert (outside | inside) - _numbers(said.removesuffix(words)) <= {"1", "2", "3"}


def test_every_page_is_in_the_table_with_its_question_and_its_answer() -> None:
    table = (FINDINGS.parent / "findings.md").read_text()
    for page in (*PAGES, *DERIVED):
        question, answer = page.read_text().split("\n\n")[:2]
        row = f"| [{question[2:]}]({page.relative_to(FINDINGS.parent).as_posix()}) | {answer.strip('*')} |"
        assert row in table


def test_the_readme_gives_the_numbers_of_these_pages() -> None:
    readme = (FINDINGS.parents[1] / "README.md").read_text()
    front, _, rows = readme.partition("| claim | whose |")
    pages = {label: page.read_text() for page in DERIVED for label in labels_of(page.read_text())}
    everywhere = _numbers([page.read_text() for page in PAGES])
    found = {each for each in _numbers(front.partition("* **Proved.**")[2]) if "." in each or "e" in each}
    assert len(found) > 2
    assert found <= everywhere
    for label, row in re.findall(r"^\| `([\w-]+)` (\|.*\|)$", rows, re.MULTILINE):
        measured = {each for each in _numbers(row) if "." in each}
        assert not measured or measured <= _numbers(pages[label]), label
