"""The wrong variants of a claim that its derivation gives: single-site mutants of the derived expression."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sympy import Expr

from jacspec.theory import mutants

__all__ = ["derived_mutants"]


def derived_mutants(
    expression: Expr, changes: Sequence[str], conclude: Callable[[Expr], Callable[..., Any]]
) -> dict[str, Callable[..., Any]]:
    """The mutants picked by the start of what they change, each with the conclusion that it stands in."""
    available = mutants(expression)
    picked = [next(each for each in available if each.change.startswith(change)) for change in changes]
    return {mutant.change: conclude(mutant.expression) for mutant in picked}
