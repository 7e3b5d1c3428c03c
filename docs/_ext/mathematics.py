"""Formulas of the documents as MathML, which browsers show without scripts and without a network."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from jacspec.documents.mathematics import latex_of
from jacspec.documents.mathml import mathml


def _write(translator: HTML5Translator, source: str, *, block: bool) -> None:
    """LaTeX as it stands, and the notation of Unicode (``M_{l+1}ᵀ``) as the LaTeX that it means."""
    latex = source if "\\" in source else latex_of(source, unknown=str)
    translator.body.append(mathml(latex, block=block))
    raise nodes.SkipNode


def _inline(translator: HTML5Translator, node: nodes.math) -> None:
    _write(translator, node.astext(), block=False)


def _display(translator: HTML5Translator, node: nodes.math_block) -> None:
    translator.body.append('<div class="formula" tabindex="0">')
    try:
        _write(translator, node.astext(), block=True)
    finally:
        translator.body.append("</div>")


def setup(app: Sphinx) -> ExtensionMetadata:
    """What Sphinx calls."""
    app.add_html_math_renderer("mathml", (_inline, None), (_display, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
