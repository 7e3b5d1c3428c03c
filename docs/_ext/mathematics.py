"""Formulas of the documents as MathML, which browsers show without scripts and without a network."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from jacspec.documents.mathematics import latex_of
from jacspec.documents.mathml import mathml

_ALIGNED = re.compile(r"\s*\\begin\{aligned\}(.*)\\end\{aligned\}\s*", re.DOTALL)
"""Lines that begin where they are aligned, the first apart: what Markdown is given of a long formula."""


def lines(latex: str) -> list[str]:
    """A formula line by line."""
    found = _ALIGNED.fullmatch(latex)
    parts = [latex] if found is None else re.split(r"\\\\\s", found[1])
    return [part.strip().removeprefix("&").strip().removeprefix(r"\qquad").strip() for part in parts]


def _mathml(source: str, *, block: bool) -> str:
    """LaTeX as it stands, and the notation of Unicode (``M_{l+1}ᵀ``) as the LaTeX that it means."""
    return mathml(source if "\\" in source else latex_of(source, unknown=str), block=block)


def _inline(translator: HTML5Translator, node: nodes.math) -> None:
    translator.body.append(_mathml(node.astext(), block=False))
    raise nodes.SkipNode


def _display(translator: HTML5Translator, node: nodes.math_block) -> None:
    first, *others = lines(node.astext())
    for kind, line in (("formula", first), *(("formula more", each) for each in others)):
        translator.body.append(f'<div class="{kind}" tabindex="0">{_mathml(line, block=True)}</div>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> ExtensionMetadata:
    """What Sphinx calls."""
    app.add_html_math_renderer("mathml", (_inline, None), (_display, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
