"""Mathematics on a web page: MathML from the LaTeX of ``theory``, and text with its indices set as such."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import escape

from latex2mathml import exceptions
from latex2mathml.converter import convert

from jacspec.documents.mathematics import latex_of
from jacspec.proofs_check.reports.sentences import is_readable, pieces

__all__ = ["mathml", "matrix_mathml", "prose_html", "scripts", "statement_html"]

_MALFORMED = tuple(
    each for each in vars(exceptions).values() if isinstance(each, type) and issubclass(each, Exception)
)
_LONG = 30
"""Characters of LaTeX from which on a formula may be wider than a phone."""
_LONGER = 120
"""Those from which on it may be wider than a column of a table."""
_LIMIT = re.compile(r"\\xrightarrow\[([^]]*)\]\{\}")
_ENTITY = re.compile(r"&#x([0-9A-F]+);")
_FENCES = {"<mi>⟨</mi>": "prefix", "<mi>⟩</mi>": "postfix"}
_BETTER = {
    "<mi>~</mi>": "<mo>∼</mo>",
    "<mo>/</mo>": '<mo lspace="0" rspace="0">/</mo>',
    "<mo>∞</mo>": "<mi>∞</mi>",
    "<mo>…</mo>": "<mi>…</mi>",
    "<mo>‖</mo>": "<mi>‖</mi>",
    "<mi>±</mi>": '<mo form="prefix">±</mo>',
    '<mo stretchy="false">|</mo>': '<mo form="prefix" stretchy="false">|</mo>',  # a bar takes no space
    "<mrow><mo>−</mo></mrow>": '<mo form="prefix">−</mo>',
}
_NAMED = re.compile("<mo>([A-Za-z]+)</mo>")
_FUNCTION = re.compile("(<mi>(?:log|det|sinh|tanh|exp|Var)</mi>)(?=<m(?!o))")
"""A function before what it is applied to without a bracket."""
_SIGN = re.compile(r"(<mo(?: stretchy=\"false\")?>(?:[=∼≤≥→⟶≈≠(\[,]|&lt;|&gt;)</mo>(?:<mrow>)?)<mo>−</mo>")
"""A minus after a relation or a bracket is a sign, which browsers know only at the beginning of a row."""
_SCRIPT = re.compile(r"(?<=\S)(?<![^\W\d_]{3})[_^]")
_PLAIN_SCRIPT = re.compile("[0-9A-Za-zα-ωΑ-Ω]+|[∞⊤>*+−]")
"""An index in words (``my_value``) is none: before one there are at most two letters."""


@lru_cache(maxsize=4096)
def mathml(latex: str, *, block: bool = False) -> str:
    """LaTeX as MathML; what cannot be read as LaTeX is shown as it is written."""
    # A limit's arrow as a symbol with its condition below: stretched arrows are rarely supported.
    readable = _LIMIT.sub(r"\\underset{\1}{\\longrightarrow}", latex)
    try:
        converted = convert(readable, display="block" if block else "inline")
    except _MALFORMED:
        return f"<code>{escape(latex)}</code>"
    converted = converted.replace(' xmlns="http://www.w3.org/1998/Math/MathML"', "")
    converted = _ENTITY.sub(_character, converted)
    for fence, form in _FENCES.items():
        converted = converted.replace(fence, f'<mo form="{form}" stretchy="false">{fence[4]}</mo>')
    for plain, better in _BETTER.items():
        converted = converted.replace(plain, better)
    converted = _NAMED.sub(r"<mi>\1</mi>", converted)  # an operator of its own would stand apart
    converted = _FUNCTION.sub(r'\1<mspace width="0.167em" />', converted)
    return _SIGN.sub(r'\1<mo form="prefix">−</mo>', converted)


def _character(entity: re.Match[str]) -> str:
    """The character itself, which is shorter, unless it is one of HTML's own."""
    return escape(chr(int(entity[1], 16)))


def prose_html(sentence: str) -> str:
    """Words with mathematics between dollar signs, as derivations have them, escaped."""
    return "".join(
        _inline(latex_of(piece, unknown=str)) if position % 2 else escape(piece)
        for position, piece in enumerate(sentence.split("$"))
    )


def _inline(latex: str) -> str:
    """Browsers do not break formulas over lines: where it is narrow, a long one scrolls."""
    if len(latex) < _LONG:
        return mathml(latex)
    kind = "long" if len(latex) < _LONGER else "long longer"
    return f'<span class="{kind}">{mathml(latex)}</span>'


def matrix_mathml(rows: Sequence[Sequence[object]]) -> str:
    """A matrix in brackets; fractions given as 'p/q' are set as fractions."""
    cells = "".join(f"<mtr>{''.join(map(_cell, row))}</mtr>" for row in rows)
    return (
        f'<math><mrow><mo form="prefix">[</mo><mtable>{cells}</mtable><mo form="postfix">]</mo></mrow></math>'
    )


def _cell(entry: object) -> str:
    return f"<mtd>{_number(str(entry))}</mtd>"


def _number(text: str) -> str:
    if text.startswith("-"):
        return f'<mrow><mo form="prefix">−</mo>{_number(text[1:])}</mrow>'
    above, bar, below = text.partition("/")
    if bar:
        return f"<mfrac><mn>{escape(above)}</mn><mn>{escape(below)}</mn></mfrac>"
    return f"<mn>{escape(text)}</mn>"


def statement_html(statement: str) -> str:
    """A line of words and Unicode mathematics, such as a claim's statement, with its mathematics as MathML.

    What is not of that kind is shown as it stands, with its indices below and its exponents above.
    """
    if not is_readable(statement):
        return _scripts_html(statement)
    found = pieces(statement, lambda character: rf"\text{{{character}}}")
    shown = [_inline(piece) if mathematics else escape(piece) for mathematics, piece in found]
    for place in range(1, len(found) - 1):
        if found[place] == (False, " ") and found[place - 1][0] and found[place + 1][0]:
            shown[place] = "<wbr>"  # the relation that follows has its own space
    return "".join(shown)


def _scripts_html(line: str) -> str:
    return "".join(
        f"<{tag}>{_scripts_html(piece)}</{tag}>" if tag else escape(piece) for tag, piece in scripts(line)
    )


def scripts(statement: str) -> Iterator[tuple[str, str]]:
    """Split ``s_k(A_{l+1})^2`` into what stands on the line (''), below ('sub') and above it ('sup')."""
    position = 0
    for mark in _SCRIPT.finditer(statement):
        start, end = _script(statement, mark.end())
        if mark.start() < position or start == end:
            continue
        yield "", statement[position : mark.start()]
        yield "sub" if mark[0] == "_" else "sup", statement[start:end]
        position = end + (start - mark.end())
    yield "", statement[position:]


def _script(statement: str, position: int) -> tuple[int, int]:
    """Where the index or exponent that begins here starts and ends, without its braces."""
    if statement.startswith("{", position):
        end = _closing(statement, position)
        return (position, position) if end is None else (position + 1, end)
    plain = _PLAIN_SCRIPT.match(statement, position)
    return position, plain.end() if plain else position


def _closing(text: str, opening: int) -> int | None:
    depth = 0
    for position in range(opening, len(text)):
        depth += (text[position] == "{") - (text[position] == "}")
        if depth == 0:
            return position
    return None
