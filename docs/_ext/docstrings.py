"""Docstrings as they are written: a bar is an absolute value, not a substitution of reStructuredText."""

from __future__ import annotations

import re

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

_LITERAL = re.compile(r"(``.*?``)")


def _escape(app: Sphinx, what: str, name: str, subject: object, options: object, lines: list[str]) -> None:
    """Bars, asterisks that open nothing and trailing underscores stand for themselves, outside literals."""
    for place, line in enumerate(lines):
        parts = _LITERAL.split(line)
        parts[::2] = (re.sub(r"([|*]|(?<=\w)_(?!\w))", r"\\\1", part) for part in parts[::2])
        lines[place] = "".join(parts)


def setup(app: Sphinx) -> ExtensionMetadata:
    """What Sphinx calls."""
    app.connect("autodoc-process-docstring", _escape)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
