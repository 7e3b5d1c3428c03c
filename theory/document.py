"""The whole theory as one document: LaTeX that a stock installation compiles, text, or Markdown."""

from __future__ import annotations

from theory.catalogue import SECTIONS
from theory.rendering import as_latex_body, as_markdown, as_text

__all__ = ["WHOLE"]

_PREAMBLE = r"""\documentclass[fleqn]{article}
\usepackage[a4paper, margin=20mm]{geometry}
\usepackage[T1]{fontenc}
\usepackage{amsmath}
\usepackage[hidelinks]{hyperref}
\setlength{\mathindent}{1.5em}
\setlength{\parindent}{0pt}
\setcounter{tocdepth}{2}
\allowdisplaybreaks
\title{The theory of deep Jacobian spectra, derived}
\author{jacspec}
\date{}
\begin{document}
\maketitle
Every line below was checked twice: by normal form, and by rigorous evaluation at exact points. Factors
$M_1, \dots, M_N$ are applied right to left, $J = M_N \cdots M_1$, $A_l = M_N \cdots M_l$ and $B_l = M_{l-1}
\cdots M_1$; $s_k$, $u_k$, $v_k$ without argument are the singular values and vectors of $J$.
\tableofcontents
"""


def _latex() -> str:
    lines = [_PREAMBLE]
    for title, section in SECTIONS.items():
        lines.append(rf"\section{{{title}}}")
        # Titles of derivations are starred where they stand alone; here they are numbered.
        lines += [as_latex_body(derive()).replace(r"\section*", r"\subsection", 1) for derive in section]
    return "\n".join([*lines, r"\end{document}", ""])


def _text() -> str:
    return "\n\n\n".join(as_text(derive()) for section in SECTIONS.values() for derive in section)


def _markdown() -> str:
    lines = ["# The theory of deep Jacobian spectra, derived"]
    for title, section in SECTIONS.items():
        lines.append(f"# {title}")
        lines += [as_markdown(derive()) for derive in section]
    return "\n\n".join(lines)


WHOLE = {"text": _text, "latex": _latex, "markdown": _markdown}
"""The formats that ``jacspec derive --all`` offers."""
