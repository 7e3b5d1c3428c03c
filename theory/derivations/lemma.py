"""The inequalities that steps may use: small ≤ large, each taken by definition or a claim of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sympy import Expr, Integer

from jacspec.theory.derivations.assumption import Assumption, Condition
from jacspec.theory.notation.words import inner

__all__ = ["Lemma", "square", "squared_length"]


@dataclass(frozen=True)
class Lemma:
    """``small ≤ large``, a named inequality, under ``hypotheses``: a step that uses it has to name them.

    ``by_definition`` marks what is taken without proof: a square is not negative, singular values descend, a
    norm is the largest size, sizes obey the triangle inequality. It is evaluated at points all the same.
    Otherwise it has a derivation (:class:`~jacspec.theory.derivations.derivation.DerivedLemma`), or is
    supported by the search for counterexamples alone, and so is every derivation that uses it.
    """

    label: str
    title: str
    small: Expr
    large: Expr
    hypotheses: tuple[Assumption, ...] = ()
    by_definition: bool = False

    @classmethod
    def assumed(cls, title: str, of: Assumption, condition: Condition, at: Mapping[Expr, Expr]) -> Lemma:
        """An inequality that an assumption states, at these values of its indices."""
        small, large = (side.xreplace(at) for side in (condition.left, condition.right))
        return cls(title.replace(" ", "-"), title, small, large, (of,), by_definition=True)


def square(root: Expr) -> Lemma:
    """0 ≤ root²."""
    return Lemma("square", "squares are not negative", Integer(0), root**2, by_definition=True)


def squared_length(vector: Expr) -> Lemma:
    """0 ≤ ⟨vector, vector⟩."""
    length = inner(vector, vector)
    return Lemma("length", "squares are not negative", Integer(0), length, by_definition=True)
