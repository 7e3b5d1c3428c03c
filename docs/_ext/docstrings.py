"""Docstrings and help as they are written: a bar is an absolute value, an address no link."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

_LITERAL = re.compile(r"(``.*?``)")


def _escape(app: Sphinx, what: str, name: str, subject: object, options: object, lines: list[str]) -> None:
    """Bars, asterisks that open nothing and trailing underscores stand for themselves, outside literals."""
    for place, line in enumerate(lines):
        parts = _LITERAL.split(line)
        parts[::2] = (re.sub(r"([|*]|(?<=\w)_(?!\w))", r"\\\1", part) for part in parts[::2])
        lines[place] = "".join(parts)


def _no_page(app: Sphinx, page: nodes.document) -> None:
    """The address of a cluster is no link."""
    for link in list(page.findall(nodes.reference)):
        if link.get("refuri", "").startswith("tcp:"):
            link.replace_self(link.children)


def setup(app: Sphinx) -> ExtensionMetadata:
    """What Sphinx calls."""
    app.connect("autodoc-process-docstring", _escape)
    app.connect("doctree-read", _no_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
