"""Chains, and what is measured on them, as HTML for notebooks; plain tables that need no scripts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flint import arb

    from jacspec.numerics.chains.chain import Chain
    from jacspec.numerics.measures.angles import PrincipalAngles
    from jacspec.numerics.measures.depth_scaling import DepthScaling
    from jacspec.numerics.measures.overlap_matrix import Overlap
    from jacspec.numerics.measures.strong_alignment import StrongAlignment
    from jacspec.numerics.measures.velocities import Velocities
    from jacspec.numerics.spectra.partial_spectra import PartialSpectra
    from jacspec.numerics.spectra.spectrum import Spectrum
    from jacspec.numerics.support.factors import Factor

__all__ = [
    "angles_html",
    "chain_html",
    "depth_scaling_html",
    "html_matrix",
    "html_table",
    "overlap_html",
    "partial_spectra_html",
    "spectrum_html",
    "strong_alignment_html",
    "velocities_html",
]

_MOST_ROWS = 24
"""Longer tables leave out their middle."""
_MOST_FACTORS, _MOST_ENTRIES = 4, 36
"""Chains beyond this are described, not shown."""
_MOST_MODES = 32
"""Of a larger overlap, the upper-left part is drawn."""
_FAINT = 0.004
"""Entries below this would be invisible."""

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
    title = (
        f"<caption style='text-align:left;white-space:nowrap'>{escape(caption)}</caption>" if caption else ""
    )
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
    certified = "certified" if spectrum.enclosures is not None else "right"
    note = f"<p>{escape(spectrum.shortfall)}</p>" if spectrum.shortfall else ""
    column = f"log s_k, {certified} to {spectrum.digits} digits of s_k"
    return html_table(["k", column], _shortened(values), caption=head) + note


def depth_scaling_html(fit: DepthScaling) -> str:
    """γ_k, δ_k and what they miss, a mode to a row."""
    head, *_ = str(fit).partition("\n")
    columns = zip(fit.gamma, fit.delta, fit.rms, fit.largest, strict=True)
    rows = [
        [str(mode), "no exponent: s_k(J) = 0", "", "", ""]
        if mode - 1 in fit.zero_modes
        else [
            str(mode),
            _code(f"{gamma:.8f}"),
            _code(f"{delta:.8f}"),
            _code(f"{rms:.3g}"),
            _code(f"{most:.3g}"),
        ]
        for mode, (gamma, delta, rms, most) in enumerate(columns, 1)
    ]
    return html_table(["k", "γ_k", "δ_k", "rms residual", "largest"], _shortened(rows), caption=head)


def strong_alignment_html(found: StrongAlignment) -> str:
    """ε, and how far each layer's overlaps are from the identity."""
    head, *_ = str(found).partition("\n")
    rows = [
        [str(layer), *(_code("not determined" if x.is_nan() else f"{float(x.mid()):.6g}") for x in pair)]
        for layer, pair in enumerate(zip(found.left, found.right, strict=True), 1)
    ]
    headings = ["l", "max|U_{A_l}ᵀU_J - I|", "max|V_Jᵀ V_{B_l} - I|"]
    return html_table(headings, _shortened(rows), caption=head)


def velocities_html(found: Velocities) -> str:
    """The exact and the decoupled velocity of each mode, and their quotient."""
    columns = zip(found.log_singular_values, found.exact, found.decoupled, found.ratios, strict=True)
    rows = [
        [str(mode), _code(f"{log:.4f}"), _ball(exact), _ball(decoupled), _code(f"{ratio:.4g}")]
        for mode, (log, exact, decoupled, ratio) in enumerate(columns, 1)
    ]
    return html_table(["k", "log s_k", "exact ṡ_k", "decoupled", "decoupled/exact"], _shortened(rows))


def partial_spectra_html(found: PartialSpectra) -> str:
    """The largest and the smallest non-zero singular value of every A_l and B_l."""
    rows = [
        [str(layer), *(_code(each) for part in parts for each in _ends(part))]
        for layer, parts in enumerate(zip(found.left, found.right, strict=True), 1)
    ]
    headings = ["l", "log s_1(A_l)", "log s_r(A_l)", "log s_1(B_l)", "log s_r(B_l)"]
    return html_table(headings, _shortened(rows), caption="r: the rank of each product")


def angles_html(found: PrincipalAngles) -> str:
    """The principal angles and their sines."""
    pairs = enumerate(zip(found.angles, found.sines, strict=True), 1)
    rows = [[str(k), _ball(angle), _ball(sine)] for k, (angle, sine) in pairs]
    return html_table(["k", "θ_k (radians)", "sin θ_k"], _shortened(rows))


def overlap_html(overlap: Overlap) -> str:
    """What the overlap is, and a picture: the darker, the nearer |R_ik| to 1; a box, if not determined."""
    rows, columns = (min(size, _MOST_MODES) for size in overlap.shape)
    part = "" if (rows, columns) == overlap.shape else f"; the first {rows}×{columns} entries are drawn"
    values = overlap.values[:rows, :columns]
    cells = []
    for i in range(rows):
        for k in range(columns):
            place = f"M{k} {i}h1v1h-1z"
            if not overlap.determined[i, k]:
                cells.append(f"<path d='{place}' fill='none' stroke='currentColor' stroke-width='.08'/>")
            elif abs(values[i, k]) > _FAINT:
                cells.append(f"<path d='{place}' fill-opacity='{abs(values[i, k]):.2g}'/>")
    side = max(3, min(24, 256 // max(rows, columns)))
    frame = (
        f"<path d='M0 0h{columns}v{rows}h-{columns}z' fill='none' stroke='currentColor' stroke-width='.05'/>"
    )
    return (
        f"<p>{escape(str(overlap) + part)}</p>"
        f"<svg viewBox='-.1 -.1 {columns + 0.2} {rows + 0.2}' width='{side * columns}' "
        f"height='{side * rows}' fill='currentColor' "
        f"role='img' aria-label='|R_ik|, i downwards, k to the right'>"
        f"{frame}{''.join(cells)}</svg>"
    )


def _shortened(rows: list[list[str]]) -> list[list[str]]:
    """The rows, or those at both ends."""
    if len(rows) <= _MOST_ROWS:
        return rows
    half = _MOST_ROWS // 2
    rest = ["…", f"({len(rows) - 2 * half} more)"]
    return [*rows[:half], rest, *rows[-half:]]


def _code(text: str) -> str:
    return f"<code>{escape(text)}</code>"


def _ball(value: arb) -> str:
    """Twelve digits of a ball, or that it is not determined."""
    return _code("not determined" if value.is_nan() else value.str(12, radius=False))


def _ends(spectrum: Spectrum) -> tuple[str, str]:
    """The largest and the smallest non-zero singular value, as logarithms."""
    finite = [f"{value:.6f}" for value in spectrum.log_singular_values[: spectrum.rank]] or ["-inf"]
    return finite[0], finite[-1]


def _factor(factor: Factor) -> str:
    """A factor: rationals exactly, floats to six digits."""
    rows = factor.tolist()
    return html_matrix([[f"{x:.6g}" if isinstance(x, float) else x for x in row] for row in rows])
