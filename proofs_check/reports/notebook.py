"""Claims and reports as HTML, for notebooks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from jacspec.proofs_check.claims.verdict import Verdict

if TYPE_CHECKING:
    from jacspec.proofs_check.claims.claim import Claim
    from jacspec.proofs_check.claims.evidence import Counterexample
    from jacspec.proofs_check.claims.report import Report

__all__ = ["claim_html", "report_html", "value_html", "verdict_html"]

MatrixRenderer = Callable[[Sequence[Sequence[object]]], str]

_COLOURS = {
    Verdict.PROVED: "#1e8449",
    Verdict.SUPPORTED: "#1e8449",
    Verdict.REFUTED: "#884ea0",
    Verdict.UNDECIDED: "#b9770e",
    Verdict.VACUOUS: "#b9770e",
    Verdict.ERROR: "#b03a2e",
}
_BRIEF = 800
"""Characters beyond which an example is shown as text, and not as matrices."""


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


def verdict_html(verdict: Verdict) -> str:
    """The verdict in its colour."""
    return f"<b style='color:{_COLOURS[verdict]}'>{verdict.value}</b>"


def claim_html(claim: Claim) -> str:
    """What a claim asserts, of what, and how it could be wrong."""
    rows = [
        ["statement", escape(claim.statement)],
        ["of", escape(", ".join(claim.given)) or "–"],
        ["hypotheses", "<br>".join(map(escape, claim.hypotheses)) or "–"],
        ["wrong variants", "<br>".join(map(escape, claim.mutants)) or "–"],
        ["derivation", "yes" if claim.derivation is not None else "–"],
        ["expected", escape(claim.expected.value)],
        ["source", escape(claim.source) or "–"],
    ]
    return html_table(["claim", claim.label], rows)


def report_html(report: Report) -> str:
    """The verdict, the evidence, what was weighed, and the counterexample with its matrices."""
    return html_table(["claim", report.label], list(_rows(report)))


def _rows(report: Report) -> Iterator[list[str]]:
    mark = "✓" if report.as_expected else "✗"
    yield ["statement", escape(report.statement)]
    yield [
        "verdict",
        f"{verdict_html(report.verdict)}, expected: {report.expected.value} {mark}",
    ]
    for each in report.evidence:
        yield [escape(each.kind), f"{escape(each.status.value)} the claim: {escape(each.summary)}"]
    if report.mutants.total:
        yield ["wrong variants", f"{report.mutants.killed} of {report.mutants.total} caught"]
    for weighed in (*report.hypotheses, *report.pairs):
        why = f" ({escape(weighed.why)})" if weighed.why else ""
        yield ["hypothesis", f"{escape(weighed.name)}: <b>{weighed.state}</b>{why}"]
    if report.sharpness is not None:
        found = report.sharpness
        yield ["sharpness", f"{found.ratio:.6f}, {escape(found.reading)}, at {_pre(found.example)}"]
    if report.counterexample is not None:
        yield ["counterexample", _counterexample(report.counterexample)]
    for name, note in (("note", report.remark), ("error", report.error)):
        if note:
            yield [name, escape(note)]
    yield ["time", f"{report.seconds:.1f} s"]


def _counterexample(found: Counterexample) -> str:
    small = len(found.text) <= _BRIEF and found.types.keys() == found.values.keys()
    shown = (
        "<br>".join(
            line for name, data in found.values.items() for line in value_html(name, data, found.types[name])
        )
        if small
        else _pre(found.text)
    )
    notes = [
        f"margin {found.margin}, re-verified at {found.precision_bits} bits",
        found.witness,
        found.certificate,
    ]
    return shown + "".join(f"<br>{escape(note)}" for note in notes if note)


def _indexed(name: str) -> str:
    stem, bar, index = name.partition("_")
    return f"{escape(stem)}<sub>{escape(index)}</sub>" if bar and len(stem) == 1 else escape(name)


def value_html(
    name: str,
    data: Any,
    kind: Any,
    matrix: MatrixRenderer = html_matrix,
    named: Callable[[str], str] = _indexed,
) -> Iterator[str]:
    """One value of an example, its matrices as matrices; parts of a tuple one by one.

    ``matrix`` turns the rows of a matrix into HTML, ``named`` the name of one, such as ``M_1``.
    """
    if kind == "Chain":
        for layer, factor in enumerate(data, 1):
            yield f"{named(f'M_{layer}')} = {matrix(factor)}"
    elif kind == "fmpq_mat":
        yield f"{named(name)} = {matrix(data)}"
    elif isinstance(kind, list) and any(part in ("Chain", "fmpq_mat") for part in kind[1:]):
        for position, (part, each) in enumerate(zip(data, kind[1:], strict=True), 1):
            yield from value_html(f"{name}_{position}", part, each, matrix, named)
    else:
        yield escape(f"{name} = {data}".replace("'", ""))


def _pre(text: str) -> str:
    return f"<pre>{escape(text)}</pre>"
