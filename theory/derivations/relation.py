"""How the two sides of a step, of a part or of a lemma are related; and which law a random matrix has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from sympy import Expr, Symbol

from jacspec.theory.notation.chance import Law
from jacspec.theory.notation.printing import latex, text


class Relation(Enum):
    """How what follows is related to what came before."""

    __hash__ = object.__hash__  # Enum hashes names, in Python

    EQUAL = "="
    LIMIT = "→"
    """Equal in the limit ε → 0⁺, everything else held fixed."""
    AT_MOST = "≤"
    AT_LEAST = "≥"

    @property
    def is_inequality(self) -> bool:
        """Whether one side only bounds the other."""
        return self in (Relation.AT_MOST, Relation.AT_LEAST)


@dataclass(frozen=True)
class Drawn:
    """``matrix ~ law``: matrices with independent entries of one law, independent of all else that is drawn.

    A row may stand behind a gate and is 0 where that is shut: ``gates`` are the probability with which each
    is open, independently of the others, and the number of open ones on which a matrix is conditioned.
    """

    matrix: Expr
    law: Law
    gates: tuple[Expr, Expr] | None = None

    @property
    def text(self) -> str:
        """The law, and that of the gates."""
        return self._written(text, str, " ~ ")

    @property
    def latex(self) -> str:
        """The same in LaTeX."""
        return self._written(latex, r"\text{{{}}}".format, r" \sim ")

    def _written(self, formula: Callable[[Expr], str], words: Callable[[str], str], sign: str) -> str:
        law = words("entries of ") + formula(self.matrix) + sign + formula(self.law)
        if self.gates is None:
            return law + words(", independent")
        chance, least = self.gates
        given = words(", given ") + formula(least) + words(" or more") if least != 0 else ""
        gates = words(", independent; rows open with probability ") + formula(chance)
        return law + gates + words(", independently") + given + words(", else 0")


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
