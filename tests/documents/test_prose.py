"""The prose dialect: marks are read, what is not closed is plain, and any text can be shown as it stands."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

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
