"""The pages of the documentation: each is reached, and the reference has every public name once."""

from __future__ import annotations

import re
import runpy
from collections import Counter
from pathlib import Path

import pytest

import jacspec
from jacspec.documents import markdown
from jacspec.documents.blocks import Formula
from jacspec.numerics.files.results import Result
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.reports.story import STORY
from tests.proofs_check.reports.browser import INSTALLED, browser

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


def test_every_page_is_in_the_contents() -> None:
    pages = {
        page.relative_to(DOCS).with_suffix("").as_posix()
        for kind in ("md", "rst", "ipynb")
        for page in DOCS.rglob(f"*.{kind}")
    }
    contents = re.findall(r"```\{toctree\}\n(.*?)```", (DOCS / "index.md").read_text(), re.DOTALL)
    listed = [line for each in contents for line in each.splitlines() if line and not line.startswith(":")]
    assert Counter(listed) == Counter(pages - {"index"})


def test_the_citation_is_of_this_version() -> None:
    cited = re.search(r"^version: (.*)$", (ROOT / "CITATION.cff").read_text(), re.MULTILINE)
    assert cited is not None
    assert jacspec.__version__.split(".dev")[0] == cited[1]


def test_the_reference_has_what_every_result_can_do() -> None:
    page = (DOCS / "reference" / "numerics.rst").read_text()
    inheriting = re.findall(r":: jacspec\.(\w+)\n   :members:\n   :inherited-members:", page)
    results = [name for name in jacspec.__all__ if isinstance(getattr(jacspec, name), type)
               and issubclass(getattr(jacspec, name), Result)]  # fmt: skip
    assert sorted(inheriting) == sorted(results)


def test_the_reference_has_every_public_name_once() -> None:
    pages = (page.read_text() for page in (DOCS / "reference").glob("*.rst"))
    named = Counter(
        name for page in pages for name in re.findall(r"^\.\. auto\w+:: jacspec\.(\w+)$", page, re.MULTILINE)
    )
    rooms = {"theory", "numerics", "proofs_check", "strategies"}
    assert named == Counter(set(jacspec.__all__) - rooms - {"__version__"})


def test_what_the_theme_leaves_out_is_put_in_once() -> None:
    repaired = runpy.run_path(str(DOCS / "_ext" / "accessible.py"))["repaired"]
    page = repaired(
        '<aside class="sidebar-drawer"><p class="caption" role="heading">Start</p></aside><pre>1</pre>'
        '<div class="table-wrapper docutils container"></div>'
    )
    assert 'aria-label="All pages"' in page
    assert 'role="heading" aria-level="2"' in page
    assert '<pre tabindex="0">' in page
    assert '<div tabindex="0" class="table-wrapper docutils container">' in page
    assert repaired(page) == page


def test_a_formula_over_several_lines_is_shown_line_by_line() -> None:
    lines = runpy.run_path(str(DOCS / "_ext" / "mathematics.py"))["lines"]
    long = Formula("x = y z", (r"\frac{x}{2}", r"= y", r"z"), where=("i > 0", "i > 0"))
    written = markdown.write([long]).strip("$")
    assert r"\begin{aligned}" in written
    assert lines(written) == [r"\frac{x}{2} \qquad (i > 0)", "= y", "z"]
    assert lines(" x = 1 ") == ["x = 1"]


def test_a_minute_is_spent_on_claims_of_the_story() -> None:
    quick = re.search(r"^QUICK := (.*\\\n.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert quick is not None
    told = {label for arrow in STORY for label, _, _ in arrow.claims}
    labels = quick[1].replace("\\", " ").split()
    assert set(labels) <= told & set(LEDGER)
    assert {LEDGER[label].expected.value for label in labels} == {"holds", "refuted"}


@pytest.mark.skipif(not INSTALLED, reason="needs chromium and chromedriver")
def test_what_leads_keys_to_the_content_is_not_printed(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    style = (DOCS / "_static" / "site.css").read_text()
    page.write_text(f'<style>{style}</style><a class="skip-to-content">Skip to content</a>')
    with browser(tmp_path / "profile") as shown:
        shown.open(page)
        displayed = "return getComputedStyle(document.querySelector('a')).display"
        assert shown.evaluate(displayed) != "none"
        shown.media("light", "print")
        assert shown.evaluate(displayed) == "none"
