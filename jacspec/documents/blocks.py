"""The blocks of a document, as frozen data: what is said, not how it is set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Heading:
    """A heading in prose; ``level`` 1 is the document's title; ``anchor`` is where links lead."""

    text: str
    level: int = 2
    anchor: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Prose; ``lead`` is a word or two set in bold before it, such as "Remark"."""

    text: str
    lead: str = ""


@dataclass(frozen=True)
class Formula:
    """A displayed formula: one line of Unicode, and its lines in LaTeX, broken where a reader would.

    ``reason`` is prose that says by what it follows, ``where`` LaTeX and Unicode for which indices it holds.
    ``continues`` marks a formula that begins with a relation, to the formula before it.
    """

    text: str
    latex: tuple[str, ...]
    reason: str = ""
    where: tuple[str, str] = ("", "")
    continues: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list; each item is prose, or a sequence of blocks. ``ordered`` numbers them."""

    items: tuple[str | Sequence[Block], ...]
    ordered: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of prose under headings; ``right`` are the columns (from 0) set flush right."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    right: tuple[int, ...] = ()


@dataclass(frozen=True)
class Matrix:
    """A matrix of exact numbers as text (``-1/2``), with its name in the Unicode notation: ``M_1``."""

    name: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Columns:
    """Blocks side by side where there is room, such as the matrices of an example."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Figure:
    """A picture, as SVG source or as a file; its caption in prose, and words for who cannot see it."""

    caption: str
    alternative: str
    svg: str = ""
    file: str = ""


@dataclass(frozen=True)
class Preformatted:
    """Text kept as it is, letter for letter."""

    text: str


@dataclass(frozen=True)
class Note:
    """Blocks or prose apart from the rest; ``kind`` is ``note`` or ``warning``."""

    text: str
    kind: str = "note"


@dataclass(frozen=True)
class Folded:
    """Blocks behind a line that opens them, where a reader can open something; in full elsewhere."""

    summary: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Section:
    """Blocks that belong together under an anchor; ``kind`` is a class for the page, such as a verdict."""

    blocks: tuple[Block, ...]
    anchor: str = ""
    kind: str = ""


Block = (
    Heading
    | Paragraph
    | Formula
    | Bullets
    | Table
    | Matrix
    | Columns
    | Figure
    | Preformatted
    | Note
    | Folded
    | Section
)
