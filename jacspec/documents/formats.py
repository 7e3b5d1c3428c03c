"""The formats in which a document can be had from the command line, by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from jacspec.documents import latex, markdown, text
from jacspec.documents.blocks import Block

FORMATS: dict[str, Callable[[Sequence[Block]], str]] = {
    "text": text.write,
    "latex": latex.document,
    "markdown": markdown.write,
}
"""Writers of documents; LaTeX compiles by itself."""
