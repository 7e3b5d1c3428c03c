"""The verdicts and the derivations behind them as an appendix in LaTeX that a stock installation compiles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from unicodedata import normalize

from jacspec.documents import latex
from jacspec.documents.mathematics import latex_of
from jacspec.proofs_check.claims.report import Report
from jacspec.proofs_check.claims.verdict import Verdict
from jacspec.proofs_check.reports.mathematics import scripts
from jacspec.proofs_check.reports.run import Run
from jacspec.proofs_check.reports.sentences import is_readable, pieces

__all__ = ["line_latex", "report_appendix"]

_OPENING = r"""\renewcommand{\arraystretch}{1.2}
\newcolumntype{P}[1]{>{\raggedright\arraybackslash}p{#1\textwidth}}
\begin{document}
\appendix
"""
_QUOTE = "'"
"""Around fractions in lists."""
_MOST_CHARACTERS = 800
"""Longer examples are in their files only."""
_SPECIAL = {each: "\\" + each for each in "#$%&_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_ACCENTS = {"\u0307": r"\dot", "\u0304": r"\bar", "\u0302": r"\hat"}
_SIGNS = {
    "¼": r"\tfrac14", "⁻": "^{-}", "¹": "^1", "³": "^3", "·": r"\cdot", "′": "'", "∼": r"\sim",
    "≈": r"\approx", "±": r"\pm", "√": r"\surd", "×": r"\times", "∈": r"\in", "−": "-", "λ": r"\lambda",
    "α": r"\alpha", "β": r"\beta", "θ": r"\theta", "η": r"\eta", "π": r"\pi", "φ": r"\varphi",
    "Δ": r"\Delta", "Λ": r"\Lambda", "Π": r"\prod", "Ω": r"\Omega", "✓": r"\checkmark",
    "|": "|", "<": "<", ">": ">",
}  # fmt: skip
_CHARACTERS = re.compile(".[\u0300-\u036f]*", re.DOTALL)
"""A character with its accents."""
_FACTORS, _BREAK = r" \, ", r"\allowbreak "
_WORDS = {"–": "--", "—": "---", "“": "``", "”": "''", "’": "'", "\n": " "}


def report_appendix(run: Run) -> str:
    """A document: verdicts, counterexamples, what was weighed, and each derivation, once."""
    return "\n".join(_lines(run)) + "\n"


def _lines(run: Run) -> Iterator[str]:
    yield latex.PREAMBLE + _OPENING
    yield r"\section{Verdicts}"
    versions = ", ".join(f"{name} {version}" for name, version in run.versions.items())
    yield f"{run.as_expected} of {len(run.reports)} verdicts are as expected."
    yield f"Effort {line_latex(run.effort)}, seed {run.seed}; {line_latex(versions)}."
    yield from _table((0.28, 0.1, 0.56), ("claim", "verdict", "statement"), _verdicts(run))
    found = [report for report in run.reports if report.counterexample is not None]
    if found:
        yield r"\section{Counterexamples}"
        yield "Each is exact, and was verified again at the precision it names."
        for report in found:
            yield from _counterexample(report)
    weighed = list(_weighed(run))
    if weighed:
        yield r"\section{Hypotheses and bounds}"
        yield "Each hypothesis is dropped in turn, and the search for a counterexample is run again."
        yield from _table((0.28, 0.24, 0.42), ("claim", "hypothesis or bound", "what was found"), weighed)
    yield r"\section{Derivations}"
    tops = [claim.derivation() for claim, _ in run.verdicts if claim.derivation is not None]
    for derivation in dict.fromkeys(each for top in tops for each in (*top.lemmas, top)):
        # Titles of derivations are starred where they stand alone; here they are numbered.
        yield latex.write(derivation.blocks(level=3)).replace(r"\subsection*", r"\subsection", 1)
    yield r"\end{document}"


def _table(widths: Sequence[float], heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    columns = "".join(f"P{{{width}}}" for width in widths)
    yield rf"\begin{{longtable}}{{@{{}}{columns}@{{}}}}"
    yield rf"{' & '.join(heads)} \\ \hline \endhead"
    for row in rows:
        yield rf"{' & '.join(row)} \\"
    yield r"\end{longtable}"


def _verdicts(run: Run) -> Iterator[Sequence[str]]:
    for report in run.reports:
        verdict = report.verdict.value
        shown = rf"\textbf{{{verdict}}}" if report.verdict is Verdict.REFUTED else verdict
        unexpected = "" if report.as_expected else f" (expected: {report.expected.value})"
        yield _label(report), shown + unexpected, line_latex(report.statement)


def _label(report: Report) -> str:
    shown = _words(report.label).replace("-", r"-\allowbreak{}")
    return rf"\texttt{{{shown}}}"


def _weighed(run: Run) -> Iterator[Sequence[str]]:
    for report in run.reports:
        label = _label(report)
        for each in (*report.hypotheses, *report.pairs):
            why = f": {line_latex(each.why)}" if each.why else ""
            yield label, line_latex(each.name), line_latex(each.state) + why
            label = ""
        if report.sharpness is not None:
            found = report.sharpness
            yield label, "the bound", f"{found.reading}: {found.ratio:.4f} of it is reached"


def _counterexample(report: Report) -> Iterator[str]:
    found = report.counterexample
    assert found is not None  # noqa: S101 -- only such reports come here
    yield rf"\paragraph{{{_label(report)}}} {line_latex(report.statement)}."
    if len(found.text) > _MOST_CHARACTERS or found.types.keys() != found.values.keys():
        yield rf"The example is kept as \texttt{{{_words(report.label)}.json}}."
    else:
        values = [
            line for name, data in found.values.items() for line in _value(name, data, found.types[name])
        ]
        yield r"\begin{flushleft}"
        yield ", \\quad\n".join(values)
        yield r"\end{flushleft}"
    notes = [
        found.certificate,
        found.witness,
        f"margin {found.margin}, re-verified at {found.precision_bits} bits",
    ]
    yield r"\noindent " + "; ".join(line_latex(note) for note in notes if note) + "."


def _value(name: str, data: Any, kind: Any) -> Iterator[str]:
    """One value of an example, its matrices as matrices; parts of a tuple one by one."""
    if kind == "Chain":
        for layer, factor in enumerate(data, 1):
            yield f"$M_{{{layer}}} = {_matrix(factor)}$"
    elif kind == "fmpq_mat":
        yield f"${_name(name)} = {_matrix(data)}$"
    elif isinstance(kind, list) and any(part in ("Chain", "fmpq_mat") for part in kind[1:]):
        for position, (part, each) in enumerate(zip(data, kind[1:], strict=True), 1):
            yield from _value(f"{name}_{position}", part, each)
    else:
        yield f"{line_latex(name)} $=$ {_words(str(data).replace(_QUOTE, ''))}"


def _name(name: str) -> str:
    stem, bar, index = name.partition("_")
    shown = stem if len(stem) == 1 else rf"\mathrm{{{line_latex(stem)}}}"
    return f"{shown}_{{{line_latex(index)}}}" if bar else shown


def _matrix(rows: Sequence[Sequence[object]]) -> str:
    lines = r" \\ ".join(" & ".join(map(_entry, row)) for row in rows)
    return rf"\begin{{bmatrix}} {lines} \end{{bmatrix}}"


def _entry(entry: object) -> str:
    above, bar, below = str(entry).partition("/")
    sign = "-" if above.startswith("-") else ""
    return rf"{sign}\tfrac{{{above.removeprefix('-')}}}{{{below}}}" if bar else above


def line_latex(line: str) -> str:
    """One line of words and Unicode mathematics in LaTeX: ASCII only, everything special escaped."""
    if not is_readable(line):
        return "".join(_piece(tag, piece) for tag, piece in scripts(line))
    found = pieces(line, lambda character: rf"\text{{{_character(character)}}}")
    # Factors may stand on two lines: a column is narrow.
    return "".join(
        f"${piece.replace(_FACTORS, _FACTORS + _BREAK)}$" if mathematics else _words(piece)
        for mathematics, piece in found
    )


def _words(words: str) -> str:
    return "".join(map(_character, _CHARACTERS.findall(normalize("NFC", words))))


def _piece(tag: str, piece: str) -> str:
    if not tag:
        return _words(piece)
    inside = line_latex(piece)
    return rf"\ensuremath{{{'_' if tag == 'sub' else '^'}{{\text{{{inside}}}}}}}"


def _character(character: str) -> str:
    known = _SPECIAL | _WORDS
    if character in known:
        return known[character]
    if character in _SIGNS:
        return rf"\ensuremath{{{_SIGNS[character]}}}"
    if character.isascii():
        return character
    shown = latex_of(character, unknown=str)
    if shown.isascii():
        return rf"\ensuremath{{{shown.strip()}}}"
    base, *marks = list(normalize("NFD", character))
    if len(marks) == 1 and marks[0] in _ACCENTS:
        return rf"\ensuremath{{{_ACCENTS[marks[0]]}{{{_character(base)}}}}}"
    return "".join(f"[U+{ord(each):04X}]" for each in character)
