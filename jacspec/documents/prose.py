r"""The one prose dialect: words, with a few marks in them.

``$s_k ≤ 1$`` is mathematics in the Unicode notation, ```code``` is code, ``**word**`` is strong, and
``[words](#anchor)`` leads to an anchor. A backslash before one of these marks makes it a plain sign. A mark
that is not closed is a plain sign too, so that a string without marks is just words. What a terminal or a
page would obey, and not show, stands there as an escape.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """Text that stands for itself."""

    text: str


@dataclass(frozen=True)
class Mathematics:
    """A formula in the Unicode notation; see :func:`jacspec.documents.mathematics.latex_of`."""

    text: str


@dataclass(frozen=True)
class Code:
    """What is typed as it stands: a label, a name, a command."""

    text: str


@dataclass(frozen=True)
class Strong:
    """What stands out."""

    inside: tuple[Span, ...]


@dataclass(frozen=True)
class Link:
    """What leads to an anchor of the same document."""

    inside: tuple[Span, ...]
    anchor: str


Span = Words | Mathematics | Code | Strong | Link

_INSIDE = r"\\.|`[^`]+`|\$[^$]+\$"
"""What may stand within strong words or a link besides letters."""

_MARK = re.compile(
    r"\\(?P<escaped>[\\$`*\[\]])"
    r"|\$(?P<mathematics>[^$]+)\$"
    r"|`(?P<code>[^`]+)`"
    rf"|\*\*(?P<strong>(?:{_INSIDE}|[^*`$])+)\*\*"
    rf"|\[(?P<link>(?:{_INSIDE}|[^\[\]`$])+)\]\(#(?P<anchor>[^()\s]+)\)",
    re.DOTALL,
)
_OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters but for tabs and ends of lines, and overrides of direction."""
_SIGNS = re.compile(r"[\\$`*\[\]]")


def spans(prose: str) -> tuple[Span, ...]:
    """The prose taken apart; words that follow one another are one span."""
    return tuple(_joined(_spans(_OBEYED.sub(_escape, prose))))


def _escape(obeyed: re.Match[str]) -> str:
    return obeyed[0].encode("unicode_escape").decode("ascii")


def _spans(prose: str) -> Iterator[Span]:
    position = 0
    for mark in _MARK.finditer(prose):
        yield Words(prose[position : mark.start()])
        yield _span(mark)
        position = mark.end()
    yield Words(prose[position:])


def _span(mark: re.Match[str]) -> Span:
    if mark["mathematics"]:
        return Mathematics(mark["mathematics"])
    if mark["code"]:
        return Code(mark["code"])
    if mark["strong"]:
        return Strong(spans(mark["strong"]))
    if mark["link"]:
        return Link(spans(mark["link"]), mark["anchor"])
    return Words(mark["escaped"])


def _joined(found: Iterator[Span]) -> Iterator[Span]:
    words = ""
    for span in found:
        if isinstance(span, Words):
            words += span.text
            continue
        if words:
            yield Words(words)
        words = ""
        yield span
    if words:
        yield Words(words)


def plain(prose: str) -> str:
    """The prose without its marks, as a terminal shows it."""
    return "".join(map(_plain, spans(prose)))


def _plain(span: Span) -> str:
    if isinstance(span, Strong | Link):
        return "".join(map(_plain, span.inside))
    return span.text


def literal(text: str) -> str:
    """The prose that shows a text letter for letter, such as what a user has written."""
    return _SIGNS.sub(r"\\\g<0>", text)


def code(text: str) -> str:
    """The prose that shows a text as code; a text with a backtick in it, letter for letter."""
    return literal(text) if "`" in text or not text else f"`{text}`"
