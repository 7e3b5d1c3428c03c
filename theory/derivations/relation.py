"""How the two sides of a step, of a part or of a lemma are related."""

from __future__ import annotations

from enum import Enum

from sympy import Expr, Symbol

from jacspec.theory.notation.printing import latex, text


class Relation(Enum):
    """How what follows is related to what came before."""

    EQUAL = "="
    LIMIT = "→"
    """Equal in the limit ε → 0⁺, everything else held fixed."""
    AT_MOST = "≤"
    AT_LEAST = "≥"

    @property
    def is_inequality(self) -> bool:
        """Whether one side only bounds the other."""
        return self in (Relation.AT_MOST, Relation.AT_LEAST)


def approached(variable: Symbol, point: Expr) -> tuple[str, str]:
    """What a limit is of, as text and in LaTeX: a number is approached from above."""
    above, above_latex = ("", "") if point.is_infinite else ("⁺", "^{+}")
    shown = f"{text(variable)} → {text(point)}{above}"
    return shown, rf"{latex(variable)} \to {latex(point)}{above_latex}"


def refuse_matrices(left: Expr, relation: Relation, right: Expr) -> None:
    """Raise ValueError for an inequality between matrices or words of them."""
    words = [side for side in (left, right) if not side.is_commutative]
    if relation.is_inequality and words:
        said = f"{text(left)} {relation.value} {text(right)}"
        message = f"'{said}' compares {text(words[0])}, which is no number; aᵀ b is one as inner(a, b)"
        raise ValueError(message)
