"""Claims in prose: relations are found, typed or in LaTeX, in formulas and in words."""

from __future__ import annotations

import pytest

from jacspec.documents.claiming import claims_in


@pytest.mark.parametrize(
    "prose",
    [
        *(f"$x {sign} y$" for sign in "=≤≥⩽⩾≦＝≠≈≡∼∈⪯≽⟂→⟶∥≔"),
        *(rf"$x \{sign} y$" for sign in ("le", "leqslant", "ne", "to", "sim", "in", "preceq", "Rightarrow")),
        *(f"x {sign} y" for sign in (*"<>≤⩾→＝≔", r"\le", r"\geq")),
        "s_k=1", "**s_k < 1**", "**$s_k = 1$**", "see `s_k = 1`", "at **most** $3$", "$J$ is $0$",
        "J is symmetric", "the factors commute", "$G$ vanishes", "all singular values coincide",
        "less than one", "never larger than one", "bounded by one", "equals one", "the sum is zero",
        "they are not zero", "is always\nzero", "it is one.", "$J$ has rank", "has rank 1",
        "the factor is improvable", "stays below $x$",
    ],
)  # fmt: skip
def test_a_relation_is_found_in_signs_and_in_words(prose: str) -> None:
    assert len(list(claims_in(prose))) == 1


@pytest.mark.parametrize(
    "prose",
    [
        "$n = 3$", "**$n = 3$**", "$N ≥ 2$", "$ε → 0$", "$x + y$", r"$\left(x\right)$", r"$\inf x$", "$∥x∥$",
        "balanced", "`gaussian:depth=3,width=2`", "`f(x, y=2)`", "is one of two", "every one is this one.",
        "the smaller of the two", "an inequality", "what $G$ is", "",
    ],
)  # fmt: skip
def test_a_case_an_option_and_plain_words_claim_nothing(prose: str) -> None:
    assert list(claims_in(prose)) == []
