"""What a symbol stands for, shown where a pointer rests on it in a formula."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from unicodedata import normalize

from jacspec.documents.prose import Mathematics, plain, spans

_LETTER = re.compile(r"<mi>([^<]{1,2})</mi>")


def with_tooltips(page: str, described: Iterable[str]) -> str:
    """The page, each letter of its MathML with the descriptions of the symbols that begin with it."""
    told: dict[str, list[str]] = {}
    for words in described:
        for letter in _letters(words):
            told.setdefault(letter, []).append(plain(words))

    def with_title(letter: re.Match[str]) -> str:
        said = told.get(letter[1])
        return letter[0] if said is None else f'<mi title="{escape("; ".join(said))}">{letter[1]}</mi>'

    return _LETTER.sub(with_title, page)


def _letters(words: str) -> frozenset[str]:
    """The first letters of the symbols that a description, such as ``$A_l$, $B_l$: the products``, is of."""
    named, _, _ = words.partition(": ")
    symbols = (normalize("NFD", span.text) for span in spans(named) if isinstance(span, Mathematics))
    return frozenset(next(filter(str.isalpha, symbol), "") for symbol in symbols) - {""}
