"""Chains and spectra as HTML, for notebooks; plain tables that need neither scripts nor styles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numerics.chain import Chain
    from numerics.factors import Factor
    from numerics.spectrum import Spectrum

__all__ = ["chain_html", "html_matrix", "html_table", "spectrum_html"]

_MOST_ROWS = 24
"""Longer tables leave out their middle."""
_MOST_FACTORS, _MOST_ENTRIES = 4, 36
"""Chains beyond this are described, not shown."""

_BRACKETS = "border-left:1px solid;border-right:1px solid;border-collapse:collapse;display:inline-table"


def html_table(headings: Sequence[str], rows: Iterable[Sequence[str]], caption: str = "") -> str:
    """A table; headings and caption are text, cells are HTML."""
    head = "".join(f"<th style='text-align:left'>{escape(each)}</th>" for each in headings)
    body = "".join(
        "<tr>"
        + "".join(f"<td style='text-align:left;vertical-align:top'>{cell}</td>" for cell in row)
        + "</tr>"
        for row in rows
    )
    title = f"<caption style='text-align:left'>{escape(caption)}</caption>" if caption else ""
    return f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def html_matrix(rows: Sequence[Sequence[object]]) -> str:
    """A matrix between vertical bars."""
    cells = "".join(
        "<tr>" + "".join(f"<td style='text-align:right'>{escape(str(entry))}</td>" for entry in row) + "</tr>"
        for row in rows
    )
    return f"<table style='{_BRACKETS}'>{cells}</table>"


def chain_html(chain: Chain) -> str:
    """What a chain is, and its factors where they are few and small; M_1, applied first, comes first."""
    head = f"<p>{escape(repr(chain))}</p>"
    if chain.depth > _MOST_FACTORS or any(factor.size > _MOST_ENTRIES for factor in chain.factors):
        return head
    factors = (f"M<sub>{layer}</sub> = {_factor(factor)}" for layer, factor in enumerate(chain.factors, 1))
    return head + "<div>" + " &nbsp; ".join(factors) + "</div>"


def spectrum_html(spectrum: Spectrum) -> str:
    """The log singular values, as text prints them, and how they were obtained."""
    head, *_ = str(spectrum).partition("\n")
    values = [
        [str(position), f"<code>{escape(text)}</code>"]
        for position, text in enumerate(spectrum.decimal_strings(), 1)
    ]
    if len(values) > _MOST_ROWS:
        half = _MOST_ROWS // 2
        values[half:-half] = [["…", f"({len(values) - 2 * half} more)"]]
    certified = "certified" if spectrum.enclosures is not None else "right"
    note = f"<p>{escape(spectrum.shortfall)}</p>" if spectrum.shortfall else ""
    column = f"log s_k, {certified} to {spectrum.digits} digits of s_k"
    return html_table(["k", column], values, caption=head) + note


def _factor(factor: Factor) -> str:
    """A factor: rationals exactly, floats to six digits."""
    rows = factor.tolist()
    return html_matrix([[f"{x:.6g}" if isinstance(x, float) else x for x in row] for row in rows])
