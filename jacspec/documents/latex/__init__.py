r"""Blocks as LaTeX that a stock installation compiles: a body for any document, or a document of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from jacspec.documents.blocks import Block, Heading
from jacspec.documents.latex.writer import Writer

__all__ = ["PREAMBLE", "document", "files", "notebook", "write"]

_STEPS = r"""\let\largesum\sum
\newenvironment{steps}{%
  \raggedright\everymath{\displaystyle}\renewcommand{\sum}{\mathop{\textstyle\largesum}\nolimits}%
  \let\biggl\Bigl\let\biggr\Bigr
  \hangindent=1.5em\hangafter=1\baselineskip=12.5pt\lineskiplimit=1pt\lineskip=2pt\parskip=1pt
  \linepenalty=100\binoppenalty=50\relpenalty=5000\relax}{\par}
\newcommand{\reasons}{\par\everymath{}\hangindent=1.5em\hangafter=0\footnotesize}
\newcommand{\by}[2]{\mathrel{#2^{\mathrm{#1}}}}
"""
"""What calculations are set with."""
PREAMBLE = (
    r"""\documentclass{article}
\usepackage[a4paper, hmargin=17mm, vmargin=16mm, footskip=8mm]{geometry}
\usepackage{amsmath, amssymb, amsthm, array, longtable, graphicx, multicol}
\usepackage[hidelinks]{hyperref}
\setlength{\parindent}{0pt}\setlength{\parskip}{1.5pt plus 1pt}
\setlength{\leftmargini}{1.2em}\setlength{\columnsep}{2em}
\makeatletter
\renewcommand{\section}{\@startsection{section}{1}{0pt}{2.5ex plus 1ex}{1ex}{\normalfont\Large\bfseries}}
\renewcommand{\subsection}{\@startsection{subsection}{2}{0pt}{1.5ex}{.6ex}{\normalfont\large\bfseries}}
\renewcommand*{\l@section}{\@dottedtocline{1}{0em}{1.5em}}
\newcommand{\contents}{\begin{multicols}{2}[\section*{Contents}]\@starttoc{toc}\end{multicols}}
\def\@listI{\leftmargin\leftmargini \topsep 2pt plus 1pt \partopsep 0pt \parsep 1pt \itemsep 0pt plus 1pt}
\let\@listi\@listI
\makeatother
\setlength{\LTleft}{0pt}
\setcounter{MaxMatrixCols}{40}
\setcounter{tocdepth}{2}
\emergencystretch=3em
\newtheoremstyle{compact}{4pt plus 2pt}{1pt plus 1pt}{}{0pt}{\bfseries}{.}{ }{}
\theoremstyle{compact}
\newtheorem{theorem}{Theorem}
\newtheorem{lemma}[theorem]{Lemma}
\renewenvironment{proof}{\par\pushQED{\qed}\textit{Proof.} }{\popQED\par}
"""
    + _STEPS
)
r"""Stock packages only, and the standard fonts, which every installation has as outlines."""
_LACKED = {
    "steps": rf"\ifdefined\steps\else {_STEPS}\fi",
    "theorem": r"\ifdefined\theorem\else\newtheorem{theorem}{Theorem}\fi",
    "lemma": r"\ifdefined\lemma\else\newtheorem{lemma}{Lemma}\fi",
    "proof": r"\ifdefined\proof\else\newenvironment{proof}{\textit{Proof.} }{}\newcommand{\qedhere}{}\fi",
    "multicols": r"\ifdefined\multicols\else\newenvironment{multicols}[1]{}{}\fi",
}
_SUBSECTION = 3
"""The level of its headings."""


def document(blocks: Sequence[Block], *, appendix: bool = False) -> str:
    """A document of its own; of one with a title, the sections are numbered, and listed before the first.

    Those of an ``appendix`` are numbered A, B, …
    """
    titled = any(isinstance(block, Heading) and block.level == 1 for block in blocks)
    opening = r"\begin{document}" + ("\n\\appendix" if appendix else "")
    body = Writer(blocks, numbered=titled or appendix, contents=titled).lines()
    return "\n".join([PREAMBLE + opening, *body, r"\end{document}", ""])


def files(blocks: Sequence[Block], main: str) -> dict[str, str]:
    """The same document, of one with a title, in files by name: ``main`` inputs the others.

    Each subsection to which links can lead has a file of its own, named like its anchor.
    """
    writer = Writer(blocks, numbered=True, contents=True)
    lines: dict[str, list[str]] = {main: [PREAMBLE + r"\begin{document}"]}
    for own, group in groupby(_by_subsection(blocks), lambda pair: pair[0]):
        written = writer.all(block for _, block in group)
        if own:
            lines[main].append(rf"\input{{{own}}}")
            lines[own] = [*written, ""]
        else:
            lines[main] += written
    lines[main] += [r"\end{document}", ""]
    return {f"{name}.tex": "\n".join(each) for name, each in lines.items()}


def _by_subsection(blocks: Sequence[Block]) -> Iterator[tuple[str, Block]]:
    """Each block with the anchor of the subsection that it is in, '' if of none."""
    own = ""
    for block in blocks:
        if isinstance(block, Heading) and block.level <= _SUBSECTION:
            own = block.anchor if block.level == _SUBSECTION else ""
        yield own, block


def write(blocks: Sequence[Block]) -> str:
    """The body of a document that has the packages and environments of ``PREAMBLE``."""
    return "\n".join(Writer(blocks).lines())


def notebook(blocks: Sequence[Block]) -> str:
    """The body, with the environments that it uses and a notebook's document lacks."""
    body = write(blocks)
    needed = [each for name, each in _LACKED.items() if rf"\begin{{{name}}}" in body]
    return "\n".join([*needed, body])
