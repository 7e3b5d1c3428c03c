"""Blocks as fragments of HTML, with mathematics in MathML; whatever comes from outside is escaped.

On a page, classes say what a thing is, and a style sheet how it looks. A notebook has no style sheet of ours:
there, the few styles that matter stand with the elements.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from itertools import groupby
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
from jacspec.documents.mathematics import latex_of
from jacspec.documents.mathml import mathml, matrix_mathml
from jacspec.documents.prose import Code, Link, Mathematics, Span, Strong, Words, plain, spans

Links = Callable[[str], str]
"""Where a link to an anchor leads."""

_LONG = 30
"""Characters of LaTeX from which on a formula may be wider than a phone."""
_LONGER = 120
"""Those from which on it may be wider than a column of a table."""

_NOTEBOOK = {
    "left": "text-align:left;vertical-align:top",
    "right": "text-align:right;vertical-align:top",
    "caption": "text-align:left;white-space:nowrap",
    "columns": "display:flex;flex-wrap:wrap;gap:.5em 1.5em;align-items:center",
    "formula": "display:flex;padding:.2em 0;overflow:auto hidden",
    "formula more": "display:flex;padding:.2em 0 .2em 2em;overflow:auto hidden",
    "steps": "list-style:none;padding-left:.6em",
    "reason": "margin:0 0 .5em 1.2em;font-size:90%;opacity:.8",
    "note": "border-left:4px solid #8888;padding:.2em .8em",
    "warning": "border-left:4px solid #b3261e;padding:.2em .8em",
}


def _within(anchor: str) -> str:
    """To the same page."""
    return f"#{anchor}"


def write(blocks: Sequence[Block], links: Links = _within) -> str:
    """The blocks for a page with a style sheet."""
    return _Writer({}, classes=True, links=links).all(blocks)


def notebook(blocks: Sequence[Block]) -> str:
    """The blocks for the output of a notebook's cell."""
    return f"<div>{_Writer(_NOTEBOOK, classes=False, links=_within).all(blocks)}</div>"


def prose(text: str, links: Links = _within) -> str:
    """Prose within a line of HTML."""
    return _spans(spans(text), links)


def _spans(several: Iterable[Span], links: Links) -> str:
    return "".join(_span(each, links) for each in several)


def _span(span: Span, links: Links) -> str:
    match span:
        case Words():
            return escape(span.text)
        case Mathematics():
            return _inline(latex_of(span.text, unknown=str))
        case Code():
            return f"<code>{escape(span.text)}</code>"
        case Strong():
            return f"<strong>{_spans(span.inside, links)}</strong>"
        case Link():
            return f'<a href="{escape(links(span.anchor))}">{_spans(span.inside, links)}</a>'
        case _:
            assert_never(span)


def _inline(latex: str) -> str:
    """Browsers do not break formulas over lines: where it is narrow, a long one scrolls, with keys too."""
    if len(latex) < _LONG:
        return mathml(latex)
    kind = "long" if len(latex) < _LONGER else "long longer"
    return f'<span class="{kind}" tabindex="0">{mathml(latex)}</span>'


class _Writer:
    """Elements with the class of what they are, or with its style."""

    def __init__(self, styles: Mapping[str, str], *, classes: bool, links: Links) -> None:
        self._styles = styles
        self._classes = classes
        self._links = links

    def _prose(self, text: str) -> str:
        return prose(text, self._links)

    def all(self, blocks: Iterable[Block]) -> str:
        written = ""
        for together, group in groupby(blocks, lambda block: isinstance(block, Formula)):
            if together:
                written += self._formulas([block for block in group if isinstance(block, Formula)])
            else:
                written += "".join(map(self._block, group))
        return written

    def _element(self, name: str, kind: str, inside: str, **attributes: str) -> str:
        if self._classes and kind:
            attributes["class"] = kind
        elif kind in self._styles:
            attributes["style"] = self._styles[kind]
        given = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items() if value)
        return f"<{name}{given}>{inside}</{name}>"

    def _block(self, block: Block) -> str:
        match block:
            case Heading():
                return self._element(f"h{min(block.level, 6)}", "", self._prose(block.text), id=block.anchor)
            case Paragraph():
                lead = f"<strong>{self._prose(block.lead)}.</strong> " if block.lead else ""
                return f"<p>{lead}{self._prose(block.text)}</p>"
            case Formula():
                return self._formulas([block])
            case Bullets():
                return self._bullets(block)
            case Table():
                return self._table(block)
            case Matrix():
                return self._element("span", "matrix", matrix_mathml(block.name, block.rows))
            case Columns():
                return self._element("div", "columns", "".join(map(self._block, block.blocks)))
            case Figure():
                return self._figure(block)
            case Preformatted():
                return f"<pre>{escape(block.text)}</pre>"
            case Note():
                return self._element("p", block.kind, self._prose(block.text))
            case Folded():
                summary = f"<summary>{self._prose(block.summary)}</summary>"
                return f"<details>{summary}{self.all(block.blocks)}</details>"
            case Section():
                return self._element("section", block.kind, self.all(block.blocks), id=block.anchor)
            case _:
                assert_never(block)

    def _formulas(self, formulas: Sequence[Formula]) -> str:
        """Formulas that follow on one another; those of a calculation are the steps of a list."""
        if not any(formula.continues for formula in formulas):
            return "".join(map(self._formula, formulas))
        steps = "".join(f"<li>{self._formula(formula)}</li>" for formula in formulas)
        return self._element("ol", "steps", steps)

    def _formula(self, formula: Formula) -> str:
        first, *others = formula.latex
        where = rf" \qquad ({formula.where[0]})" if formula.where[0] else ""
        written = self._element("div", "formula", mathml(first + where, block=True), tabindex="0")
        for line in others:
            written += self._element("div", "formula more", mathml(line, block=True), tabindex="0")
        if formula.reason:
            written += self._element("p", "reason", self._prose(formula.reason))
        return written

    def _bullets(self, bullets: Bullets) -> str:
        items = (self._prose(each) if isinstance(each, str) else self._item(each) for each in bullets.items)
        return self._element(
            "ol" if bullets.ordered else "ul", "", "".join(f"<li>{item}</li>" for item in items)
        )

    def _item(self, blocks: Sequence[Block]) -> str:
        """Blocks in a list; a paragraph that comes first stands beside the mark."""
        first, *others = blocks
        if not isinstance(first, Paragraph):
            return self.all(blocks)
        lead = f"<strong>{self._prose(first.lead)}.</strong> " if first.lead else ""
        return f"{lead}{self._prose(first.text)}{self.all(others)}"

    def _table(self, table: Table) -> str:
        caption = self._element("caption", "caption", self._prose(table.caption)) if table.caption else ""
        head = ""
        if any(table.headings):
            names = enumerate(table.headings)
            cells = (self._cell("th", place in table.right, name, scope="col") for place, name in names)
            head = f"<thead><tr>{''.join(cells)}</tr></thead>"
        rows = (
            "".join(self._body_cell(table, place, cell) for place, cell in enumerate(row))
            for row in table.rows
        )
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        return self._element("div", "scroll", f"<table>{caption}{head}<tbody>{body}</tbody></table>")

    def _body_cell(self, table: Table, place: int, text: str) -> str:
        """A cell; the first says of a page's table what its row is about."""
        if place == 0 and self._classes and any(table.headings):
            return self._cell("th", 0 in table.right, text, scope="row")
        return self._cell("td", place in table.right, text)

    def _cell(self, name: str, right: bool, text: str, **attributes: str) -> str:
        side, inside = "right" if right else "left", self._prose(text)
        if name == "th" and all(isinstance(each, Mathematics) for each in spans(text)):
            # Readers of screens, and what checks for them, take a heading of MathML alone for an empty one.
            inside = inside.replace("<math", f'<math aria-label="{escape(plain(text))}"', 1)
        return self._element(name, side if right or not self._classes else "", inside, **attributes)

    def _figure(self, figure: Figure) -> str:
        shown = figure.svg or f'<img src="{escape(figure.file)}" alt="{escape(figure.alternative)}">'
        caption = f"<figcaption>{self._prose(figure.caption)}</figcaption>" if figure.caption else ""
        return f"<figure>{shown}{caption}</figure>"
