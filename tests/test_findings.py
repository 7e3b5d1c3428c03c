"""The pages of what was measured: question, answer, picture, command, and numbers as the command wrote."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

FINDINGS = Path(__file__).parent.parent / "docs" / "findings"
PAGES = sorted(FINDINGS.glob("*.md"))
DATA = sorted(FINDINGS.rglob("*.json"))
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
