"""Every symbol of the notation has a meaning in words, and a derivation shows those it uses."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from sympy import Symbol

from jacspec import theory
from jacspec.documents import html, latex, markdown, text as plain
from jacspec.theory.notation.glossary import GLOSSARY, Meaning, meanings
from jacspec.theory.notation.heads import HEADS, UserSymbol
from jacspec.theory.notation.printing import text
from jacspec.theory.notation.symbols import M, MdotT, W, Wdot, k, l, u, vT
from jacspec.theory.notation.words import inner
from jacspec.theory.results import loop
from jacspec.theory.results.catalogue import catalogue
from jacspec.theory.results.dynamics import general


def test_every_head_has_one_meaning() -> None:
    named = [head for each in GLOSSARY for head in each.heads]
    assert len(named) == len(set(named))
    ours = [head for head in HEADS.values() if not isinstance(head.quantity, UserSymbol)]
    assert set(named) == {head for head in ours if not (head.velocity or head.transposed)}


def letters(meaning: Meaning) -> set[str]:
    """What it explains, without indices and without what it is of; an inverse is written as one."""
    names = {head.text for head in meaning.heads if not head.inverse}
    return {re.sub(r"[_^]\{\d\}", "", name).partition("(")[0].removesuffix("_r") for name in names} | {
        text(Symbol(number)) for number in meaning.numbers
    }


def test_every_letter_has_one_meaning() -> None:
    """But singular values and vectors, which say in brackets of what they are."""
    counted = Counter(letter for meaning in GLOSSARY for letter in letters(meaning))
    assert {letter for letter, count in counted.items() if count > 1} == {"s", "u", "v"}
    spelled = Counter(head.text for each in GLOSSARY for head in each.heads)
    assert set(spelled.values()) == {1}


def test_numbers_of_the_notation_are_declared_nowhere_else() -> None:
    results = Path(theory.results.__file__).parent
    stated = [*(results / "propositions").glob("*.py"), results / "separation.py"]
    stated += [results / "alignment" / f"{name}.py" for name in ("first_order", "two_by_two")]
    assert [file.name for file in stated if "Symbol(" in file.read_text()] == []


def test_transposes_and_velocities_are_named_after_their_heads() -> None:
    assert meanings([MdotT(l), Wdot(l)]) == meanings([M(l), W(l)])
    assert meanings([inner(u(k), u(k))]) == meanings([vT(k)])
    assert meanings([k + l]) == ()


@pytest.mark.parametrize("rendered", [plain.write, markdown.write, latex.write, html.write])
def test_a_derivation_defines_what_its_steps_use_and_nothing_else(rendered: object) -> None:
    budget, flow = (rendered(make().blocks()) for make in (loop.alignment_budget, general.gradient_flow))  # type: ignore[operator]
    assert "Definitions" in budget
    assert "overlaps in units of ratios" in budget
    assert "overlaps in units of ratios" not in flow
    assert "the rate and the intercept of depth scaling" in flow


def test_definitions_are_stated_and_lemmas_are_not_among_them() -> None:
    identity = catalogue()["velocity-identity"]
    defined = str(identity).partition("1. The velocity of the product")[0]
    assert "orthonormal singular vectors" in defined
    assert "u_iᵀ u_j = [i = j]" in defined
    assert "velocity of the product" not in defined
    assert {each.name for each in identity.definitions} == {
        "partial-products",
        "singular-pair",
        "orthonormal",
    }
