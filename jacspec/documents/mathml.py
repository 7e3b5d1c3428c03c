"""MathML from LaTeX, mended where browsers would set it otherwise than LaTeX does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape

from jacspec.documents.mathematics import latex_of

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


@lru_cache(maxsize=4096)
def mathml(latex: str, *, block: bool = False) -> str:
    """LaTeX as MathML; what cannot be read as LaTeX is shown as it is written."""
    # A limit's arrow as a symbol with its condition below: stretched arrows are rarely supported.
    readable = _LIMIT.sub(r"\\underset{\1}{\\longrightarrow}", latex)
    # The big brackets of a sum broken over lines close on another line: they stand by themselves.
    readable = readable.replace(r"\biggl(", "(").replace(r"\biggr)", ")")
    converted = _converted(readable, "block" if block else "inline")
    if converted is None:
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


def _converted(latex: str, display: str) -> str | None:
    """What latex2mathml makes of it, if anything."""
    # Imported here: whoever prints to a terminal does not wait for it.
    from latex2mathml import exceptions
    from latex2mathml.converter import convert

    found = vars(exceptions).values()
    malformed = tuple(each for each in found if isinstance(each, type) and issubclass(each, Exception))
    try:
        return str(convert(latex, display=display))
    except malformed:
        return None


def _character(entity: re.Match[str]) -> str:
    """The character itself, which is shorter, unless it is one of HTML's own."""
    return escape(chr(int(entity[1], 16)))


def matrix_mathml(name: str, rows: Sequence[Sequence[str]]) -> str:
    """``name =`` a matrix in brackets, without a name just the matrix; ``p/q`` is set as a fraction."""
    cells = "".join(f"<mtr>{''.join(map(_cell, row))}</mtr>" for row in rows)
    named = ""
    if name:
        inside = mathml(latex_of(name, unknown=str))
        named = f"{inside[inside.index('>') + 1 : inside.rindex('</math>')]}<mo>=</mo>"
    return (
        f'<math><mrow>{named}<mo form="prefix">[</mo><mtable>{cells}</mtable>'
        '<mo form="postfix">]</mo></mrow></math>'
    )


def _cell(entry: str) -> str:
    return f"<mtd>{_number(entry)}</mtd>"


def _number(text: str) -> str:
    if text.startswith("-"):
        return f'<mrow><mo form="prefix">−</mo>{_number(text[1:])}</mrow>'
    above, bar, below = text.partition("/")
    if bar:
        return f"<mfrac><mn>{escape(above)}</mn><mn>{escape(below)}</mn></mfrac>"
    return f"<mn>{escape(text)}</mn>"
