"""Blocks as plain text for the terminal, at most 100 columns wide."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import assert_never
from unicodedata import combining

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
from jacspec.documents.prose import plain

COLUMNS = 100
_OUTSIDE_BRACKETS = r"(?![^{⟨(]*[}⟩)])"
_GAP = "  "
"""Between the columns of a table."""


def write(blocks: Sequence[Block], columns: int = COLUMNS) -> str:
    """The document as text; what is preformatted keeps its width, everything else fits into the columns."""
    return "\n".join(line.rstrip() for line in _stacked(blocks, columns))


def _stacked(blocks: Sequence[Block], room: int, *, tight: bool = False) -> list[str]:
    """Blocks below one another, with a line between those that do not belong together."""
    lines: list[str] = []
    previous: Block | None = None
    for block in blocks:
        written = _lines(block, room)
        if not written:
            continue
        if previous is not None and not tight and not _together(previous, block):
            lines.append("")
        lines += written
        previous = block
    return lines


def _together(first: Block, second: Block) -> bool:
    if isinstance(first, Heading):
        return first.level > 1 and not isinstance(second, Heading)
    return isinstance(first, Formula) and isinstance(second, Formula)


def _lines(block: Block, room: int) -> list[str]:
    match block:
        case Heading():
            return _heading(block, room)
        case Paragraph():
            return _wrapped(f"{block.lead}. {block.text}" if block.lead else block.text, room)
        case Formula():
            return list(_formula(block, room))
        case Bullets():
            return list(_bullets(block, room))
        case Table():
            return _table(block, room)
        case Matrix():
            return _matrix(block, room)
        case Columns():
            return _beside([_lines(each, room) for each in block.blocks], room)
        case Figure():
            return _wrapped(f"[picture: {block.caption or block.alternative}]", room) + (
                [block.file] if block.file else []
            )
        case Preformatted():
            return [f"{_GAP}{line}" for line in block.text.splitlines()]
        case Note():
            return _wrapped(f"{block.kind.capitalize()}: {block.text}", room)
        case Folded():
            return [*_wrapped(block.summary, room), *_indented(_stacked(block.blocks, room - 2))]
        case Section():
            return _stacked(block.blocks, room)
        case _:
            assert_never(block)


def _wrapped(prose: str, room: int, first: str = "", then: str = "") -> list[str]:
    words = " ".join(plain(prose).split())
    return textwrap.wrap(
        words, max(room, 20), initial_indent=first, subsequent_indent=then, break_on_hyphens=False
    )


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"{_GAP}{line}" if line else "" for line in lines]


def _heading(heading: Heading, room: int) -> list[str]:
    lines = _wrapped(heading.text, room)
    rule = {1: "=", 2: "-"}.get(heading.level, "") * max(map(_width, lines), default=0)
    return [*lines, rule] if rule else lines


# --- formulas ---------------------------------------------------------------------------------------


def _formula(formula: Formula, room: int) -> Iterator[str]:
    # The sign of a relation stands left of where formulas begin.
    where = f"{_GAP}({formula.where[1]})" if formula.where[1] else ""
    yield from _broken(formula.text + where, "   " if formula.continues else "     ", room)
    if formula.reason:
        yield from _wrapped(f"by: {formula.reason}", room, " " * 9, " " * 11)


def _broken(formula: str, indent: str, room: int) -> Iterator[str]:
    """Break a long formula before a + or - between two terms, or else between two factors."""
    pieces = re.split(rf"(?<=\S)(?= [+-] {_OUTSIDE_BRACKETS})", formula)
    if max(map(len, pieces)) + len(indent) + 3 > room:
        pieces = re.split(rf"(?<=\S)(?= {_OUTSIDE_BRACKETS})", formula)
    if max(map(len, pieces)) + len(indent) + 3 > room:
        pieces = re.split(r"(?<=\S)(?= )", formula)
    line = indent
    for piece in pieces:
        if len(line) + len(piece) > room and line.strip():
            yield line
            line = indent + "   " + piece
        else:
            line += piece
    yield line


# --- lists, tables and matrices ---------------------------------------------------------------------


def _bullets(bullets: Bullets, room: int) -> Iterator[str]:
    for number, item in enumerate(bullets.items, 1):
        mark = f"{number:>2}. " if bullets.ordered else "  * "
        inside = [Paragraph(item)] if isinstance(item, str) else item
        first, *others = _stacked(inside, room - len(mark), tight=True) or [""]
        yield mark + first
        yield from (" " * len(mark) + line for line in others)


def _width(text: str) -> int:
    """Columns that a text takes: an accent takes none."""
    return sum(not combining(character) for character in text)


def _padded(text: str, width: int, *, right: bool = False) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space


def _table(table: Table, room: int) -> list[str]:
    rows = [[plain(cell) for cell in row] for row in (table.headings, *table.rows)]
    widths = _widths([max(_width(row[place]) for row in rows) for place in range(len(table.headings))], room)
    right = set(table.right)
    head, *body = (
        [textwrap.wrap(cell, width) for cell, width in zip(row, widths, strict=True)] for row in rows
    )

    def written(cells: Sequence[Sequence[str]]) -> Iterator[str]:
        for line in zip_longest(*cells, fillvalue=""):
            pairs = enumerate(zip(line, widths, strict=True))
            yield _GAP.join(_padded(cell, width, right=place in right) for place, (cell, width) in pairs)

    rule = _GAP.join("-" * width for width in widths)
    caption = _wrapped(table.caption, room) if table.caption else []
    heading = [*written(head), rule] if any(table.headings) else []
    return [*caption, *heading, *(line for cells in body for line in written(cells))]


def _widths(wanted: Sequence[int], room: int) -> list[int]:
    """The widths of columns: those that are narrow as they are, the others share what is left."""
    left = room - len(_GAP) * (len(wanted) - 1)
    widths = [1] * len(wanted)
    for done, (width, place) in enumerate(sorted((width, place) for place, width in enumerate(wanted))):
        widths[place] = max(1, min(width, left // (len(wanted) - done)))
        left -= widths[place]
    return widths


def _matrix(matrix: Matrix, room: int) -> list[str]:
    widths = [max(map(_width, column)) for column in zip(*matrix.rows, strict=True)]
    head = f"{matrix.name} = " if matrix.name else ""
    if not matrix.rows or len(head) + sum(widths) + 2 * len(widths) + 2 > room:
        rows = ", ".join(f"[{', '.join(row)}]" for row in matrix.rows)
        return textwrap.wrap(f"{head}[{rows}]", room, subsequent_indent=" " * len(head))
    lines = []
    for number, row in enumerate(matrix.rows):
        cells = _GAP.join(_padded(entry, width, right=True) for entry, width in zip(row, widths, strict=True))
        lines.append(f"{head if number == 0 else ' ' * _width(head)}[{cells}]")
    return lines


def _beside(parts: Sequence[list[str]], room: int) -> list[str]:
    """Parts side by side as far as there is room, the rest below."""
    lines: list[str] = []
    row: list[str] = []
    for part in parts:
        width = max(map(_width, row), default=0)
        if row and width + 3 + max(map(_width, part), default=0) <= room:
            row = [
                f"{_padded(left, width)}   {right}" for left, right in zip_longest(row, part, fillvalue="")
            ]
        else:
            lines += row
            row = part
    return lines + row
