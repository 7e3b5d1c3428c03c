r"""Blocks as LaTeX that a stock installation compiles: a body for any document, or a document of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from jacspec.documents.blocks import Block, Heading
from jacspec.documents.latex.writer import Writer

__all__ = ["PREAMBLE", "document", "files", "write"]

PREAMBLE = r"""\documentclass[fleqn]{article}
\usepackage[a4paper, margin=22mm]{geometry}
\usepackage{amsmath, amssymb, amsthm, array, longtable, graphicx}
\usepackage[hidelinks]{hyperref}
\setlength{\mathindent}{1.5em}
\setlength{\parindent}{0pt}\setlength{\parskip}{3pt plus 1pt}
\setlength{\leftmargini}{1.5em}\setlength{\jot}{2pt}
\AtBeginDocument{%
  \setlength{\abovedisplayskip}{3pt plus 2pt}\setlength{\belowdisplayskip}{3pt plus 2pt}%
  \setlength{\abovedisplayshortskip}{2pt plus 1pt}\setlength{\belowdisplayshortskip}{2pt plus 1pt}}
\makeatletter
\def\@listi{\leftmargin\leftmargini \topsep 2pt plus 1pt \parsep 1pt \itemsep 1pt plus 1pt}
\renewcommand{\paragraph}{\@startsection{paragraph}{4}{0pt}{6pt plus 2pt}{-1em}{\normalsize\bfseries}}
\makeatother
\setlength{\LTleft}{0pt}
\setcounter{MaxMatrixCols}{40}
\setcounter{tocdepth}{2}
\emergencystretch=3em
\allowdisplaybreaks
\newtheorem{theorem}{Theorem}
\newtheorem{lemma}[theorem]{Lemma}
"""
r"""Stock packages only, and the standard fonts, which every installation has as outlines."""
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
    """The body of a document that has the packages of ``PREAMBLE``."""
    return "\n".join(Writer(blocks).lines())
