r"""Claims in prose that should only explain: relations in its formulas, and words that say one.

A relation is a sign, typed or as a command of LaTeX. Of words, those for equality, order, zero and the usual
properties of matrices are known; no such list is complete.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from unicodedata import category, name, normalize

from jacspec.documents.prose import Code, Link, Mathematics, Span, Strong, Words, spans
from jacspec.documents.signs import RELATIONS, SIGNS

_COMMAND = re.compile(
    r"\\(?:n|not)?(?:[lg](?:e|eq|eqq|eqslant|t|l|g|ll|gg)|less|gtr|(?:less|gtr)(?:sim|approx|less|gtr)|ne|neq"
    r"|(?:prec|succ)(?:curly)?(?:n?eq|sim|approx)?|sim(?:eq)?|approx(?:eq)?|cong|equiv|asymp|doteq|coloneqq|eqqcolon"
    r"|propto|in|ni|(?:sq)?su[bp]set(?:n?eq)?q?|perp|parallel|mid|to|gets|(?:long)?mapsto|implies|impliedby|iff"
    r"|models|vdash|[A-Za-z]*arrow)(?![A-Za-z])"
)
"""The commands of LaTeX that relate two sides."""

_ARE = r"(?:is|are|be|being|been|was|were|becomes?|stays?|remains?|lies?|has|have)(?: [\w'-]+){0,3}?"
_END = r"(?=\s*(?:[^\w\s]|$))"
_PROPERTY = (
    rf"zero|null|unity|(?<!this )(?<!that )one{_END}|-?[\d∞]+(?:[./]\d+)?{_END}"
    r"|non-?(?:negative|positive|zero)|positive|negative|infinite|(?:un)?bounded|constant|identical|alike"
    r"|proportional|parallel|above|below|between|within|symmetric|skew|diagonal|orthogonal|orthonormal|unitary"
    r"|singular|nonsingular|invertible|definite|semidefinite|rank|sharp|tight|optimal"
)
_PHRASES = (
    "at (?:most|least)",
    "(?:tend|converge|go|decrease|increase|grow|fall)(?:s|es|ing)? to|approach(?:es)?",
    "exceed(?:s|ed|ing)?|dominat(?:es?|ed)|bounded (?:above |below )?by|improvable|best possible",
    "(?:larger|smaller|less|lesser|greater|bigger|more|fewer|higher|lower|longer|shorter) than",
    "equal(?:s|led|ity|ities)?|coincides?|vanish(?:es|ed|ing)?|commut(?:es?|ed|ing)",
    f"{_ARE} (?:{_PROPERTY})",
)
_PHRASE = re.compile(rf"\b(?:{'|'.join(_PHRASES)})(?!\w)", re.IGNORECASE)

_CASE = re.compile(r"[A-Za-zε] [=≥≠→] [\d∞]+")
"""What only says of which case one speaks, as n = 2 does."""

_NORM = re.compile(r"(?<!\s)[∣∥]|[∣∥](?!\s)")
_OPTION = re.compile(r"(?:[:,(]\s?|--)[\w-]+=")
"""A named value, in what is typed as it stands."""


def claims_in(prose: str) -> Iterator[str]:
    """Relations in prose that should only explain: each formula that holds one, and words that say one."""
    found = list(_inside(spans(prose)))
    formulas = [span.text for span in found if isinstance(span, Mathematics)]
    yield from (f"${each}$" for each in formulas if any(_relations(each)) and not _CASE.fullmatch(each))
    words = _folded("".join(map(_worded, found)))
    yield from (f"'{each}'" for each in _relations(words))
    yield from (f"'{each[0]}'" for each in _PHRASE.finditer(words))


def cases_in(prose: str) -> Iterator[str]:
    """The formulas in prose that only say of which case one speaks."""
    formulas = (span.text for span in _inside(spans(prose)) if isinstance(span, Mathematics))
    return filter(_CASE.fullmatch, formulas)


def _inside(found: Iterable[Span]) -> Iterator[Words | Mathematics | Code]:
    for span in found:
        if isinstance(span, Strong | Link):
            yield from _inside(span.inside)
        else:
            yield span


def _worded(span: Words | Mathematics | Code) -> str:
    """What a span adds to the words around it: of a formula, only a number."""
    if isinstance(span, Mathematics):
        return span.text if re.fullmatch(r"-?[\d∞./]+", span.text) else "$"
    return _OPTION.sub(" ", span.text) if isinstance(span, Code) else span.text


def _relations(text: str) -> Iterator[str]:
    """Signs and commands that relate two sides; so may any sign of mathematics that the notation has not."""
    folded = _folded(text)
    yield from (each[0] for each in _COMMAND.finditer(folded))
    yield from (each for each in _NORM.sub("", folded) if each in RELATIONS or _strange(each))


def _strange(sign: str) -> bool:
    return sign not in SIGNS and (category(sign) == "Sm" or "ARROW" in name(sign, ""))


def _folded(text: str) -> str:
    """The text with one form of each letter, and one blank for several."""
    return re.sub(r"\s+", " ", normalize("NFKC", text))
