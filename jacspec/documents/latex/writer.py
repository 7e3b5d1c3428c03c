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
from jacspec.documents.latex.running import letters, running
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
_END = r"\end{steps}"
_THEOREMS = ("theorem", "lemma")
_MANY, _SHORT = 12, 60
"""A list of that many items stands in two columns if few of them are longer."""


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
        for together, group in groupby(_titled(blocks), lambda pair: isinstance(pair[1], Formula)):
            if together:
                yield from _before_formulas(previous)
                yield from self._formulas([block for _, block in group if isinstance(block, Formula)])
                previous = None
                continue
            for title, block in group:
                yield from [""] * isinstance(previous, Paragraph)
                if isinstance(block, Section) and block.kind in _THEOREMS:
                    yield from self._theorem(title, block)
                else:
                    yield from self._block(block)
                previous = block
        yield from [""] * isinstance(previous, Paragraph)

    def _block(self, block: Block) -> Iterator[str]:
        match block:
            case Heading():
                yield from self._heading(block)
            case Paragraph():
                yield self._inline(block)
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
                yield rf"\textbf{{{_ended(self._prose(block.summary))}}}"
                yield from self.all(block.blocks)
            case Section():
                yield from self._target(block.anchor)
                yield from self._proof(block) if block.kind == "proof" else self.all(block.blocks)
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
                return self._link(span, _name(span.anchor))
            case _:
                assert_never(span)

    def _link(self, link: Link, anchor: str) -> str:
        """To what stands in this document; on paper, the number of a section or of a theorem says where."""
        words = "".join(map(self._span, link.inside))
        if anchor not in self._anchors:
            return words
        kind = self._anchors[anchor]
        if kind in _THEOREMS:
            number = rf"{kind.capitalize()}~\ref{{{anchor}}}"
            return number if all(isinstance(each, Code) for each in link.inside) else f"{words} ({number})"
        if self._numbered and kind == "section":
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
            yield r"\contents"
        if heading.level > 3:
            yield rf"\textbf{{{_ended(title)}}}"
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

    def _theorem(self, title: Heading | None, stated: Section) -> Iterator[str]:
        """Under its title, which is no heading of its own."""
        called = rf"[{{{self._prose(title.text)}}}]" if title else ""
        label = rf"\label{{{_name(title.anchor)}}}" if title and title.anchor else ""
        yield rf"\begin{{{stated.kind}}}{called}{label}"
        yield from self.all(stated.blocks)
        yield rf"\end{{{stated.kind}}}"

    def _proof(self, proof: Section) -> Iterator[str]:
        """The sign at its end stands on its last line."""
        *lines, last = self.all(proof.blocks)
        yield from (r"\begin{proof}", *lines, *[r"\qedhere"] * (last == _END), *[last] * bool(last))
        yield r"\end{proof}"

    # --- formulas, lists, tables ----------------------------------------------------------------------

    def _formulas(self, formulas: Sequence[Formula]) -> Iterator[str]:
        """Formulas that follow on one another, as many to a line as fit; letters lead to their reasons."""
        reasons = dict.fromkeys(each.reason for each in formulas if each.reason)
        alone = len(reasons) == 1 and len(plain(*reasons)) <= FEW
        lettered = {} if alone else dict(zip(reasons, letters(), strict=False))
        yield r"\begin{steps}"
        for formula, following in zip(formulas, [*formulas[1:], None], strict=True):
            # What holds for the same indices says so once.
            alike = following is not None and following.where == formula.where
            apart = "" if following is None or following.continues else (r",\quad" if alike else r";\quad")
            where = "" if alike or not formula.where[0] else rf"\ \ (${formula.where[0]}$)"
            yield running(formula, lettered.get(formula.reason, "")) + where + apart
        if lettered:
            yield r"\reasons"
            yield ";\n".join(f"({letter})~{self._prose(reason)}" for reason, letter in lettered.items())
        else:
            yield from (rf"\quad\mbox{{\footnotesize {self._prose(reason)}}}" for reason in reasons)
        yield _END

    def _bullets(self, bullets: Bullets) -> Iterator[str]:
        if not bullets.items:  # LaTeX refuses a list without an item
            return
        kind = "enumerate" if bullets.ordered else "itemize"
        short = [each for each in bullets.items if isinstance(each, str) and len(each) <= _SHORT]
        columns = ["multicols"] * (len(short) >= max(_MANY, len(bullets.items) / 2))
        yield from (rf"\begin{{{each}}}{{2}}" for each in columns)
        yield rf"\begin{{{kind}}}"
        for item in bullets.items:
            yield r"\item"
            yield from self.all([Paragraph(item)] if isinstance(item, str) else item)
        yield rf"\end{{{kind}}}"
        yield from (rf"\end{{{each}}}" for each in columns)

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


def _titled(blocks: Iterable[Block]) -> Iterator[tuple[Heading | None, Block]]:
    """The blocks, a theorem with the heading before it."""
    title: Heading | None = None
    for block in blocks:
        if isinstance(block, Section) and block.kind in _THEOREMS:
            yield title, block
            title = None
            continue
        if title:
            yield None, title
        title = block if isinstance(block, Heading) else None
        if title is None:
            yield None, block
    if title:
        yield None, title


def _anchors(blocks: Iterable[Block]) -> Iterator[tuple[str, str]]:
    """Where links can lead, and the kind of what has a number there: section, theorem or lemma."""
    for title, block in _titled(blocks):
        if title and title.anchor and isinstance(block, Section):
            yield _name(title.anchor), block.kind
        if isinstance(block, Heading | Section) and block.anchor:
            numbered = isinstance(block, Heading) and block.level in (2, 3)
            yield _name(block.anchor), "section" if numbered else ""
        if isinstance(block, Section | Folded | Columns):
            yield from _anchors(block.blocks)
        if isinstance(block, Bullets):
            for item in block.items:
                yield from () if isinstance(item, str) else _anchors(item)


def _before_formulas(previous: Block | None) -> Iterator[str]:
    """They go on in the line of a title; behind a sentence they stand on lines of their own."""
    if isinstance(previous, Paragraph):
        yield "" if previous.text.endswith(".") else r"\unskip: "


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
