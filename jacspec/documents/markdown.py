"""Blocks as Markdown, with LaTeX between dollar signs, as GitHub and notebooks read it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from textwrap import indent
from typing import assert_never

from jacspec.documents.blocks import (
    Block,
    Bullets,
    Columns,
    Figure,
    Folded,
    Formula,
    Heading,
    Matrix,
    Note,
    Paragraph,
    Preformatted,
    Section,
    Table,
)
from jacspec.documents.mathematics import latex_of, matrix_latex
from jacspec.documents.prose import Code, Link, Mathematics, Span, Strong, Words, spans

_SPECIAL = re.compile(r"[\\`*<$~]|\](?=[(\[:])|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
"""What would be read as a mark; an underscore within a word is none."""
_MARKED, _NUMBERED = re.compile(r"^(?=#|>|[+-](?:\s|$)|---)"), re.compile(r"^(\d+)(?=[.)](?:\s|$))")
"""What would begin a heading, a quotation, a list or a line across the page."""


def write(blocks: Sequence[Block]) -> str:
    """The document as Markdown."""
    return "\n\n".join(filter(None, map(_block, blocks)))


def prose(text: str) -> str:
    """Prose on one line of Markdown."""
    return "".join(map(_span, spans(" ".join(text.split()))))


def _begun(text: str) -> str:
    """Prose at the beginning of a line, which begins nothing else."""
    return _NUMBERED.sub(r"\1\\", _MARKED.sub(r"\\", prose(text)))


def _span(span: Span) -> str:
    match span:
        case Words():
            return _SPECIAL.sub(r"\\\g<0>", span.text)
        case Mathematics():
            return f"${latex_of(span.text, unknown=str)}$"
        case Code():
            return f"`{span.text}`"
        case Strong():
            return f"**{''.join(map(_span, span.inside))}**"
        case Link():
            return f"[{''.join(map(_span, span.inside))}](#{span.anchor})"
        case _:
            assert_never(span)


def _block(block: Block) -> str:
    match block:
        case Heading():
            return _anchor(block.anchor) + f"{'#' * min(block.level, 6)} {prose(block.text)}"
        case Paragraph():
            lead = f"**{prose(block.lead)}.** " if block.lead else ""
            return lead + prose(block.text) if lead else _begun(block.text)
        case Formula():
            return _formula(block)
        case Bullets():
            return "\n".join(_items(block))
        case Table():
            return _table(block)
        case Matrix():
            return f"$$ {matrix_latex(block.name, block.rows)} $$"
        case Columns():
            return write(block.blocks)
        case Figure():
            shown = f"![{prose(block.alternative)}]({block.file})" if block.file else prose(block.alternative)
            return f"{shown}\n\n*{prose(block.caption)}*" if block.caption else shown
        case Preformatted():
            return _fenced(block.text)
        case Note():
            return f"> **{block.kind.capitalize()}.** {prose(block.text)}"
        case Folded():
            # A blank line behind the summary: what follows is read as Markdown.
            summary = escape(prose(block.summary), quote=False)
            return f"<details><summary>{summary}</summary>\n\n{write(block.blocks)}\n\n</details>"
        case Section():
            return _anchor(block.anchor) + write(block.blocks)
        case _:
            assert_never(block)


def _anchor(anchor: str) -> str:
    return f'<a id="{escape(anchor)}"></a>\n\n' if anchor else ""


def _formula(formula: Formula) -> str:
    """A formula on a line of its own, or on several, and what it follows by."""
    first, *others = formula.latex
    if formula.where[0]:
        first += rf" \qquad ({formula.where[0]})"
    shown = f"$$ {first} $$"
    if others:
        broken = r" \\ ".join([rf"& {first}", *(rf"& \qquad {piece}" for piece in others)])
        shown = rf"$$ \begin{{aligned}} {broken} \end{{aligned}} $$"
    return f"{shown}\n\nby {prose(formula.reason)}" if formula.reason else shown


def _items(bullets: Bullets) -> Iterator[str]:
    for number, item in enumerate(bullets.items, 1):
        mark = f"{number}. " if bullets.ordered else "* "
        written = _begun(item) if isinstance(item, str) else write(item)
        yield mark + indent(written, " " * len(mark)).lstrip()


def _table(table: Table) -> str:
    rule = ["--:" if place in table.right else "---" for place in range(len(table.headings))]
    rows = [[prose(cell).replace("|", r"\|") for cell in row] for row in (table.headings, *table.rows)]
    lines = [f"| {' | '.join(row)} |" for row in (rows[0], rule, *rows[1:])]
    return "\n".join([*([f"{prose(table.caption)}\n"] if table.caption else []), *lines])


def _fenced(text: str) -> str:
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"
