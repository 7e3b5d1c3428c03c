"""The site as ``make docs`` has built it, with the report of the whole ledger in it."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.proofs_check.reports.browser import INSTALLED, LINTED, browser

SITE = Path(__file__).parent.parent / "build" / "site"
PAGES = sorted(SITE.rglob("*.html"))
FRONTS = ("index.html", "report/index.html")
KINDS = (
    *FRONTS,
    *(f"{page}.html" for page in ("start", "tutorial", "statements", "gallery", "command-line", "search")),
    *(f"{page}.html" for page in ("reference/vocabulary", "findings/overlap", "findings/derived/loop")),
    "report/claims/alignment.html",
)
"""A page of each kind: colours are those of its kind."""
built = pytest.mark.skipif(
    not all((SITE / page).exists() for page in FRONTS), reason="needs the site: make docs"
)
shown = pytest.mark.skipif(not INSTALLED, reason="needs chromium and chromedriver")


def _name(page: Path) -> str:
    return page.relative_to(SITE).as_posix()


@cache
def _ids(page: Path) -> frozenset[str]:
    return frozenset(re.findall(r'\bid="([^"]*)"', page.read_text(encoding="utf-8")))


@built
@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_link_leads_to_a_file_and_to_a_place_in_it(page: Path) -> None:
    links = re.findall(r'\b(?:href|src)="([^"]*)"', page.read_text(encoding="utf-8"))
    assert links
    for link in map(unescape, links):
        if link.startswith(("data:", "https://")):
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / unquote(file.partition("?")[0])).resolve() if file else page
        assert target.is_file(), link
        assert not anchor or unquote(anchor) in _ids(target), link


@built
def test_options_are_shown_as_they_are_typed() -> None:
    page = (SITE / "command-line.html").read_text(encoding="utf-8")
    assert page.count(" --checked") > 1
    assert " –checked" not in page


@built
@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_no_sign_of_latex_is_left_in_a_formula(page: Path) -> None:
    formulas = re.findall(r"<math.*?</math>", page.read_text(encoding="utf-8"), re.DOTALL)
    assert [each for each in formulas if re.search(r"&amp;|&(?![#\w]+;)|\\", each)] == []


@built
@pytest.mark.skipif(not LINTED, reason="needs chromium, chromedriver and axe-core (make extras)")
@pytest.mark.parametrize(
    ("page", "scheme", "width"),
    [
        # All in one file, the ledger takes minutes: a smaller one is linted with the report's tests.
        *(pytest.param(page, "light", 1280, id=_name(page)) for page in PAGES if page.name != "single.html"),
        *(pytest.param(SITE / page, "dark", 390, id=f"{page}, dark") for page in KINDS),
    ],
)
def test_an_accessibility_linter_has_no_findings(page: Path, scheme: str, width: int, tmp_path: Path) -> None:
    with browser(tmp_path / "profile") as opened:
        opened.size(width)
        opened.media(scheme)
        opened.open(page)
        assert opened.violations() == []


@built
@shown
def test_pages_fit_a_phone_and_say_nothing_to_the_console(tmp_path: Path) -> None:
    with browser(tmp_path / "profile") as opened:
        opened.size(390)
        for page in PAGES:
            opened.open(page)
            assert opened.evaluate("return document.documentElement.scrollWidth") <= 390, page
            assert opened.console() == [], page
