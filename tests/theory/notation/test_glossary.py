"""Every symbol of the notation has a meaning in words, and a derivation shows those it uses."""

from __future__ import annotations

import pytest

from jacspec.documents import html, latex, markdown, text
from jacspec.theory.notation.glossary import GLOSSARY, meanings
from jacspec.theory.notation.heads import HEADS, Own
from jacspec.theory.notation.symbols import M, MdotT, W, Wdot, k, l, u, vT
from jacspec.theory.notation.words import inner
from jacspec.theory.results import loop
from jacspec.theory.results.catalogue import catalogue
from jacspec.theory.results.dynamics import general


def test_every_head_has_one_meaning() -> None:
    named = [head for heads, _ in GLOSSARY for head in heads]
    assert len(named) == len(set(named))
    ours = [head for head in HEADS.values() if not isinstance(head.quantity, Own)]
    assert set(named) == {head for head in ours if not (head.velocity or head.transposed)}


def test_transposes_and_velocities_are_named_after_their_heads() -> None:
    assert meanings([MdotT(l), Wdot(l)]) == meanings([M(l), W(l)])
    assert meanings([inner(u(k), u(k))]) == meanings([vT(k)])
    assert meanings([k + l]) == ()


@pytest.mark.parametrize("rendered", [text.write, markdown.write, latex.write, html.write])
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
