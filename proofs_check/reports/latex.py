"""The verdicts and the derivations behind them as an appendix in LaTeX that a stock installation compiles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import normalize

from proofs_check.reports.mathematics import scripts
from proofs_check.reports.run import Run
from theory.latex_rendering import as_latex_body, prose_latex

__all__ = ["line_latex", "report_appendix"]

_PREAMBLE = r"""\documentclass[fleqn]{article}
\usepackage[a4paper, margin=20mm]{geometry}
\usepackage[T1]{fontenc}
\usepackage{amsmath, amssymb, longtable}
\setlength{\mathindent}{1.5em}
\allowdisplaybreaks
\begin{document}
\appendix
"""
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
_WORDS = {"–": "--", "—": "---", "“": "``", "”": "''", "’": "'", "\n": " "}


def report_appendix(run: Run) -> str:
    """A document: a table of the verdicts, then each derivation that they rest on, once."""
    return "\n".join(_lines(run)) + "\n"


def _lines(run: Run) -> Iterator[str]:
    yield _PREAMBLE
    yield r"\section{Verdicts}"
    versions = ", ".join(f"{name} {version}" for name, version in run.versions.items())
    yield f"{run.as_expected} of {len(run.reports)} verdicts are as expected."
    yield f"Effort {line_latex(run.effort)}, seed {run.seed}; {line_latex(versions)}."
    yield r"\begin{longtable}{@{}p{0.3\textwidth}p{0.11\textwidth}p{0.52\textwidth}@{}}"
    yield r"claim & verdict & statement \\ \hline \endhead"
    for report in run.reports:
        label = line_latex(report.label).replace("-", r"-\allowbreak{}")
        yield (
            rf"\raggedright\texttt{{{label}}} & {report.verdict.value} & "
            rf"\raggedright {line_latex(report.statement)} \tabularnewline"
        )
    yield r"\end{longtable}"
    yield r"\section{Derivations}"
    tops = [claim.derivation() for claim, _ in run.verdicts if claim.derivation is not None]
    for derivation in dict.fromkeys(each for top in tops for each in (*top.lemmas, top)):
        # Titles of derivations are starred where they stand alone; here they are numbered.
        yield as_latex_body(derivation).replace(r"\section*", r"\subsection", 1)
    yield r"\end{document}"


def line_latex(line: str) -> str:
    """One line of words and Unicode mathematics in LaTeX: ASCII only, everything special escaped."""
    return "".join(_piece(tag, piece) for tag, piece in scripts(line))


def _piece(tag: str, piece: str) -> str:
    if not tag:
        return "".join(map(_character, _CHARACTERS.findall(normalize("NFC", piece))))
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
    shown = prose_latex(f"${character}$").strip("$")
    if shown.isascii():
        return rf"\ensuremath{{{shown.strip()}}}"
    base, *marks = list(normalize("NFD", character))
    if len(marks) == 1 and marks[0] in _ACCENTS:
        return rf"\ensuremath{{{_ACCENTS[marks[0]]}{{{_character(base)}}}}}"
    return "".join(f"[U+{ord(each):04X}]" for each in character)
