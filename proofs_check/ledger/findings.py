"""Pages of what was found out about claims, docs/findings/derived: verdicts are put in as they were written.

A page has a question and its answer, the claims that these rest on, and words. Its data are what its command
wrote::

    jacspec verify LABEL… --json docs/findings/derived/data/PAGE.json
    python -m jacspec.proofs_check.ledger.findings docs/findings/derived
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from jacspec.documents import markdown
from jacspec.documents.blocks import Block, Bullets, Paragraph
from jacspec.documents.prose import code, literal
from jacspec.numerics.files.writing import write_text
from jacspec.proofs_check.claims.report import Report
from jacspec.proofs_check.ledger import LEDGER

_PAGE: Final = re.compile(
    r"(?P<opening># [^\n]*\?\n\n\*\*[^\n]*\.\*\*\n\n(?:!\[[^\n]*\n\n)?"
    r"`jacspec verify (?P<labels>[^`\n]*)` wrote \[these verdicts\]\((?P<data>data/[^)\n]*)\):\n\n)"
    r"(?:(?:\* | {2})[^\n]*\n|\n(?=\* | {2}))*(?P<words>.*)",
    re.DOTALL,
)
"""A question, its answer, a picture if there is one, the command, what it wrote, and words."""


def labels_of(page: str) -> tuple[str, ...]:
    """The claims that a page is about."""
    return tuple(_parts(page)["labels"].split())


def data_of(page: str) -> str:
    """Where its data stand, beside the page."""
    return _parts(page)["data"]


def words_of(page: str) -> str:
    """What it says beside what the command wrote."""
    return _parts(page)["words"]


def page_with(page: str, data: Mapping[str, Any]) -> str:
    """A page with the claims as its data say; one that has them stays as it is."""
    parts = _parts(page)
    shown = markdown.write([found_blocks(map(Report.from_json, data["claims"]))])
    return f"{parts['opening']}{shown}\n\n{parts['words'].lstrip()}"


def _parts(page: str) -> Mapping[str, str]:
    found = _PAGE.fullmatch(page)
    if found is None:
        message = "a page of findings has a question, an answer in bold and `jacspec verify …` with its data"
        raise ValueError(message)
    return found.groupdict()


def found_blocks(reports: Iterable[Report]) -> Bullets:
    """What is said, whose it is, the verdict, and what that rests on, claim by claim."""
    return Bullets(tuple(tuple(_found(report)) for report in reports))


def _found(report: Report) -> Iterator[Block]:
    yield Paragraph(f"{code(report.label)} ({report.author}): **{report.verdict.value}**")
    assumed = ""
    for proposition in LEDGER[report.label].propositions:
        if proposition.premises != assumed:
            assumed = proposition.premises
            yield Paragraph(f"Assumed: {assumed or 'nothing more'}.")
        yield proposition.formula
    yield Paragraph(literal("; ".join(_evidence(report))))


def _evidence(report: Report) -> Iterator[str]:
    for each in report.evidence:
        yield f"{each.kind} ({each.status.value} it): {each.summary}"
    if report.counterexample is not None:
        yield "counterexample: " + ", ".join(report.counterexample.text.splitlines())
    if report.sharpness is not None:
        yield f"of its bound, {report.sharpness.ratio:.2f} is reached"
    yield from (f"{each.name}: {each.state}" for each in report.hypotheses if each.needed is not None)


if __name__ == "__main__":
    for path in sorted(Path(sys.argv[1]).glob("*.md")):
        before = path.read_text(encoding="utf-8")
        kept = json.loads((path.parent / data_of(before)).read_text(encoding="utf-8"))
        write_text(path, page_with(before, kept))
