r"""What writes blocks as LaTeX: the lines of a document's body."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import assert_never
from unicodedata import normalize

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
from jacspec.documents.latex.tables import FEW, columns
from jacspec.documents.mathematics import latex_of, matrix_latex
from jacspec.documents.prose import Code, Link, Mathematics, Span, Strong, Words, plain, spans
from jacspec.documents.signs import SIGNS

_SPECIAL = {each: f"\\{each}" for each in "#$%&_{}"} | {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "–": "--", "—": "---",
    "“": "``", "”": "''", "’": "'", "‘": "`", "\u00a0": "~",
}  # fmt: skip
_PLAIN = re.compile(r"[\x20-\x7e\u00a1-\u00ff]")
"""What the standard fonts have in words; mathematical signs among it come first."""
_CHARACTER = re.compile(r"-+|.[\u0300-\u036f]*", re.DOTALL)
"""A character with its accents; hyphens that follow one another, of which TeX makes a dash."""
_IN_MATHEMATICS = set(SIGNS) - set("=+-/*()[]{}")
_ENVIRONMENTS = ("theorem", "lemma", "proof")
"""Kinds of sections that LaTeX has environments for."""


class Writer:
    """One document, of which it is known what its links can lead to."""

    def __init__(self, blocks: Sequence[Block], *, numbered: bool = False, contents: bool = False) -> None:
        self._blocks = blocks
        self._numbered = numbered
        self._contents = contents
        self._anchors = dict(_anchors(blocks))

    def lines(self) -> Iterator[str]:
        """All blocks."""
        yield from self.all(self._blocks)

    def all(self, blocks: Iterable[Block]) -> Iterator[str]:
        """Some of the blocks, which follow on one another."""
        previous: Block | None = None
        for together, group in groupby(blocks, lambda block: isinstance(block, Formula)):
            if together:
                yield from self._formulas([block for block in group if isinstance(block, Formula)])
                previous = None
                continue
            for block in group:
                # A formula belongs to the paragraph before it: an empty line would set it apart.
                yield from [""] * isinstance(previous, Paragraph)
                yield from self._block(block)
                previous = block
        yield from [""] * isinstance(previous, Paragraph)

    def _block(self, block: Block) -> Iterator[str]:
        match block:
            case Heading():
                yield from self._heading(block)
            case Paragraph():
                lead = rf"\paragraph{{{self._prose(block.lead)}.}} " if block.lead else ""
                yield lead + self._prose(block.text)
            case Formula():
                yield from self._formulas([block])
            case Bullets():
                yield from self._bullets(block)
            case Table():
                yield from self._table(block)
            case Matrix():
                yield rf"\[ {matrix_latex(block.name, block.rows, 'tfrac')} \]"
            case Columns():
                yield r"\begin{flushleft}"
                yield "\\quad\n".join(map(self._inline, block.blocks))
                yield r"\end{flushleft}"
            case Figure():
                yield from self._figure(block)
            case Preformatted():
                yield r"\begin{flushleft}\ttfamily\footnotesize"
                yield "\\\\\n".join(map(_typed, block.text.splitlines()))
                yield r"\end{flushleft}"
            case Note():
                yield rf"\begin{{quote}}\textbf{{{block.kind.capitalize()}.}} {self._prose(block.text)}"
                yield r"\end{quote}"
            case Folded():
                yield rf"\paragraph{{{_ended(self._prose(block.summary))}}}"
                yield from self.all(block.blocks)
            case Section():
                yield from self._target(block.anchor)
                named = block.kind in _ENVIRONMENTS
                # A heading may follow, which stands on a line of its own.
                yield from [rf"\begin{{{block.kind}}}\leavevmode"] * named
                yield from self.all(block.blocks)
                yield from [rf"\end{{{block.kind}}}"] * named
            case _:
                assert_never(block)

    # --- words ----------------------------------------------------------------------------------------

    def _prose(self, text: str) -> str:
        return "".join(map(self._span, spans(" ".join(text.split()))))

    def _span(self, span: Span) -> str:
        match span:
            case Words():
                return _words(span.text)
            case Mathematics():
                # Factors may stand on two lines.
                return f"${latex_of(span.text)}$".replace(r" \, ", r" \, \allowbreak ")
            case Code():
                return _code(span.text)
            case Strong():
                return rf"\textbf{{{''.join(map(self._span, span.inside))}}}"
            case Link():
                return self._link("".join(map(self._span, span.inside)), _name(span.anchor))
            case _:
                assert_never(span)

    def _link(self, words: str, anchor: str) -> str:
        """To what stands in this document; on paper, the number of a section says where."""
        if anchor not in self._anchors:
            return words
        if self._numbered and self._anchors[anchor]:
            return rf"{words} (\ref{{{anchor}}})"
        return rf"\hyperlink{{{anchor}}}{{{words}}}"

    def _target(self, anchor: str) -> Iterator[str]:
        if anchor:
            yield rf"\hypertarget{{{_name(anchor)}}}{{}}"

    def _heading(self, heading: Heading) -> Iterator[str]:
        title = self._prose(heading.text)
        if heading.level == 1:
            yield rf"{{\LARGE\bfseries {title}\par}}\bigskip"
            return
        if self._contents:
            self._contents = False
            yield r"\tableofcontents"
        if heading.level > 3:
            yield rf"\paragraph{{{_ended(title)}}}"
            yield from self._target(heading.anchor)
            return
        command = "section" if heading.level == 2 else "subsection"
        if not self._numbered:
            yield rf"\{command}*{{{title}}}"
            yield from self._target(heading.anchor)
            return
        bookmark = re.sub(r"[$\\_^{}]", "", title)
        named = title if "$" not in title else rf"\texorpdfstring{{{title}}}{{{bookmark}}}"
        label = rf"\label{{{_name(heading.anchor)}}}" if heading.anchor else ""
        yield rf"\{command}{{{named}}}{label}"

    # --- formulas, lists, tables ----------------------------------------------------------------------

    def _formulas(self, formulas: Sequence[Formula]) -> Iterator[str]:
        """Formulas that follow on one another, as one display."""
        yield r"\begin{align*}"
        yield "\\\\\n".join(map(self._formula, formulas))
        yield r"\end{align*}"

    def _formula(self, formula: Formula) -> str:
        first, *others = formula.latex
        # What continues begins with the sign of its relation, behind which its other lines stand.
        indent, further = (r"&\quad ", r"&\qquad\quad ") if formula.continues else ("& ", r"&\quad ")
        where = rf" \qquad ({formula.where[0]})" if formula.where[0] else ""
        lines = [f"{indent}{first}{where}", *(further + piece for piece in others)]
        written = "\\\\*\n".join(lines)  # no page ends within a formula
        return written + self._reason(formula.reason)

    def _reason(self, reason: str) -> str:
        """Beside the formula, as its tag, which goes below it where both do not fit; a long one in a box."""
        said = self._prose(reason)
        if len(plain(reason)) <= FEW:
            return rf" \tag*{{\footnotesize\itshape {said}}}" if said else ""
        box = r"\parbox[t]{0.85\linewidth}{\footnotesize\raggedright\itshape "
        return f"\n\\\\*[-2pt] &\\qquad\\qquad {box}{said}\\strut}}"

    def _bullets(self, bullets: Bullets) -> Iterator[str]:
        if not bullets.items:  # LaTeX refuses a list without an item
            return
        kind = "enumerate" if bullets.ordered else "itemize"
        yield rf"\begin{{{kind}}}"
        for item in bullets.items:
            first, *others = [Paragraph(item)] if isinstance(item, str) else item
            yield rf"\item {self._inline(first)}"
            yield from self.all(others)
        yield rf"\end{{{kind}}}"

    def _inline(self, block: Block) -> str:
        """A block that goes on on the same line."""
        if isinstance(block, Matrix):
            return f"${matrix_latex(block.name, block.rows, 'tfrac')}$"
        if isinstance(block, Paragraph):
            lead = rf"\textbf{{{self._prose(block.lead)}.}} " if block.lead else ""
            return lead + self._prose(block.text)
        return "\n".join(self._block(block))

    def _table(self, table: Table) -> Iterator[str]:
        if table.caption:
            yield f"{self._prose(table.caption)}\n"
        yield rf"\begin{{longtable}}{{@{{}}{columns(table)}@{{}}}}"
        if any(table.headings):
            yield rf"{' & '.join(map(self._prose, table.headings))} \\ \hline \endhead"
        for row in table.rows:
            yield rf"{' & '.join(map(self._prose, row))} \\"
        yield r"\end{longtable}"

    def _figure(self, figure: Figure) -> Iterator[str]:
        yield r"\begin{center}"
        if figure.file.endswith((".png", ".pdf", ".jpg")):
            yield rf"\includegraphics[width=\linewidth]{{{figure.file}}}\par"
        else:
            yield rf"[{self._prose(figure.alternative)}]\par"
        if figure.caption:
            yield rf"{{\footnotesize {self._prose(figure.caption)}\par}}"
        yield r"\end{center}"


def _anchors(blocks: Iterable[Block]) -> Iterator[tuple[str, bool]]:
    """Where links can lead, and whether it is a section, which may have a number."""
    for block in blocks:
        if isinstance(block, Heading | Section) and block.anchor:
            yield _name(block.anchor), isinstance(block, Heading) and block.level in (2, 3)
        if isinstance(block, Section | Folded | Columns):
            yield from _anchors(block.blocks)
        if isinstance(block, Bullets):
            for item in block.items:
                yield from () if isinstance(item, str) else _anchors(item)


def _name(anchor: str) -> str:
    return re.sub(r"[^\w:.-]", "-", anchor, flags=re.ASCII)


def _ended(title: str) -> str:
    return title if title.endswith((".", ":", "?", "!")) else f"{title}."


def _words(text: str) -> str:
    """Words, ASCII or what the standard fonts have; everything special escaped."""
    return "".join(map(_character, _CHARACTER.findall(normalize("NFC", text))))


def _character(character: str) -> str:
    if character.startswith("-"):
        return "{}".join(character)
    if character in _SPECIAL:
        return _SPECIAL[character]
    if character in _IN_MATHEMATICS:
        return rf"\ensuremath{{{{}}{SIGNS[character]}}}"
    return character if _PLAIN.fullmatch(character) else rf"\ensuremath{{{latex_of(character)}}}"


def _code(text: str) -> str:
    """As it is typed; it may be broken behind a hyphen."""
    return rf"\texttt{{{_words(text).replace('-', '-' + chr(92) + 'allowbreak{}')}}}"


def _typed(line: str) -> str:
    return _words(line).replace(" ", r"\ ").replace(",", r",\allowbreak{}") or r"\ "
