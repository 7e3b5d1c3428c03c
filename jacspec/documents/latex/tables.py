r"""How wide the columns of a table are in LaTeX."""

from __future__ import annotations

import re

from jacspec.documents.blocks import Table
from jacspec.documents.prose import plain

FEW = 80
"""Characters that fit on a line: a reason, or a row of a table without columns of a fixed width."""
_LINE = 0.0235
"""The space between two columns, in widths of a line."""


def columns(table: Table) -> str:
    """Columns as wide as they are, or where that is too much, sharing the line."""
    rows = [[plain(cell) for cell in row] for row in (table.headings, *table.rows)]
    widths = [min(max(len(row[place]) for row in rows), FEW) for place in range(len(table.headings))]
    if sum(widths) + 3 * len(widths) <= FEW:
        return "".join("r" if place in table.right else "l" for place in range(len(widths)))
    words = [
        max(len(word) for row in rows for word in re.split(r"[\s-]", row[place]))
        for place in range(len(widths))
    ]
    room = 1 - _LINE * len(widths)
    # Each has room for its longest word, where that is possible; what is left goes to the long ones.
    spare = max(room - sum(words) / FEW, 0)
    longer = [max(width - word, 0) ** 0.5 for width, word in zip(widths, words, strict=True)]
    shares = [
        word / FEW + spare * more / (sum(longer) or 1) for word, more in zip(words, longer, strict=True)
    ]
    sides = [r"\raggedleft" if place in table.right else r"\raggedright" for place in range(len(widths))]
    return "".join(
        rf">{{{side}\arraybackslash}}p{{{room * share / sum(shares):.3f}\linewidth}}"
        for side, share in zip(sides, shares, strict=True)
    )
