"""A derivation as HTML: what it assumes, and its chains of steps, each with its rule, in MathML."""

from __future__ import annotations

from collections.abc import Mapping

from jacspec.documents import html
from jacspec.theory import Derivation
from jacspec.theory.derivations.derivation_blocks import result_block

__all__ = ["derivation_html", "result_html"]


def result_html(derivation: Derivation) -> str:
    """The first and the last expression of the last part, and how they are related."""
    return html.write([result_block(derivation.calculations[-1])])


def derivation_html(derivation: Derivation, anchors: Mapping[str, str]) -> str:
    """The whole derivation; derivations it rests on are links where they have an anchor."""
    return html.write(derivation.blocks(level=4, anchors=anchors))
