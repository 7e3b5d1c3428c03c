"""What the theme leaves out for readers with a keyboard or a screen reader, as axe-core finds it, put in."""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

_REPAIRS = (
    # Headings have a level, two landmarks a name each; keys reach what scrolls; no heading is empty,
    # and no page without one.
    ('<p class="caption" role="heading">', '<p class="caption" role="heading" aria-level="2">'),
    ('<aside class="sidebar-drawer">', '<aside class="sidebar-drawer" aria-label="All pages">'),
    ('<aside class="toc-drawer', '<aside aria-label="This page" class="toc-drawer'),
    ("<pre>", '<pre tabindex="0">'),
    ('<div class="table-wrapper', '<div tabindex="0" class="table-wrapper'),
    ('<th class="head"><p></p></th>', "<td></td>"),
    ('</noscript>\n\n<div id="search-results">', '</noscript>\n<h1>Search</h1>\n<div id="search-results">'),
)


def repaired(page: str) -> str:
    """A page with what is missing; one that has it stays as it is."""
    for found, written in _REPAIRS:
        page = page.replace(found, written)
    return page


def _repair(app: Sphinx, failure: Exception | None) -> None:
    if failure is None and app.builder.format == "html":
        for file in Path(app.outdir).rglob("*.html"):
            source = file.read_text(encoding="utf-8")
            if (page := repaired(source)) != source:
                file.write_text(page, encoding="utf-8")


def setup(app: Sphinx) -> ExtensionMetadata:
    """What Sphinx calls."""
    app.connect("build-finished", _repair)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
