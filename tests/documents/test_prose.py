"""The prose dialect: marks are read, what is not closed is plain, and any text can be shown as it stands."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, strategies as st

from jacspec.documents import html, latex, markdown, text
from jacspec.documents.blocks import Paragraph
from jacspec.documents.prose import Code, Link, Mathematics, Strong, Words, code, literal, plain, spans


@pytest.mark.parametrize(
    ("prose", "expected"),
    [
        ("", ()),
        ("just words [used, titles] (checked)", (Words("just words [used, titles] (checked)"),)),
        ("for $N ≥ 2$.", (Words("for "), Mathematics("N ≥ 2"), Words("."))),
        ("run `jacspec list`", (Words("run "), Code("jacspec list"))),
        ("**not $a*b$**", (Strong((Words("not "), Mathematics("a*b"))),)),
        ("[see `a`, $[i = k]$](#a)",
         (Link((Words("see "), Code("a"), Words(", "), Mathematics("[i = k]")), "a"),)),
        (r"\$5 and \$6, \[x](#y), \*\*", (Words("$5 and $6, [x](#y), **"),)),
        ("a $ alone, a ` too, ** and [x](y)", (Words("a $ alone, a ` too, ** and [x](y)"),)),
        (r"a\b", (Words(r"a\b"),)),
    ],
)  # fmt: skip
def test_spans(prose: str, expected: tuple[object, ...]) -> None:
    assert spans(prose) == expected


def test_plain_drops_the_marks() -> None:
    assert plain("**for** $N ≥ 2$ see [`a`](#b)") == "for N ≥ 2 see a"


@given(st.text(alphabet=st.sampled_from(r"a$`*[]\(#) "), max_size=12))
def test_any_text_can_be_shown_letter_for_letter(text: str) -> None:
    assert spans(literal(text)) == ((Words(text),) if text else ())
    assert plain(code(text)) == text


def test_what_a_terminal_would_obey_is_an_escape() -> None:
    obeyed = "\x1b[31m red\x00 \x9b \u202e\u2066, 1\t2\n"
    shown = "\\x1b[31m red\\x00 \\x9b \\u202e\\u2066, 1\t2\n"
    assert plain(literal(obeyed)) == plain(obeyed) == shown
    assert plain(code(obeyed)) == shown
    for write in (text.write, markdown.write, html.write, latex.write):
        assert re.search("[\x00\x1b\x9b\u202e\u2066]", write([Paragraph(literal(obeyed))])) is None
