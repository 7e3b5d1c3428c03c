"""What is seen of an expression as it stands: by what it divides, and whether it is injective."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sympy import Expr, Mul, Pow, Sum
from sympy.core.function import AppliedUndef

from jacspec.theory.notation.heads import Quantity, head_of

_SIZES = (Quantity.SINGULAR_VALUE, Quantity.LEAST_OF_ROWS, Quantity.LEAST_OF_COLUMNS)
"""Numbers that may be 0."""

_POWERS = (Quantity.LEFT_POWER, Quantity.RIGHT_POWER)
"""Of matrices that are positive semidefinite."""


Known = Callable[[Expr], bool]
"""Whether a number is known not to be 0."""


def divided_by(expression: Expr, nonzero: Known) -> frozenset[Expr]:
    """What an expression divides by that may be 0, as far as is seen."""
    below = (power.base for power in expression.atoms(Pow) if power.exp.could_extract_minus_sign())
    return frozenset(base for base in below if not _is_seen_nonzero(base, nonzero))


def _is_seen_nonzero(base: Expr, nonzero: Known) -> bool:
    if isinstance(base, Mul):
        return all(_is_seen_nonzero(each, nonzero) for each in base.args)
    if isinstance(base, Pow):
        return _is_seen_nonzero(base.base, nonzero)
    if not all(map(nonzero, _sizes(base))):
        return False  # they are ≥ 0 only, though the notation calls them positive
    return bool(base.is_nonzero) or bool(base.is_positive) or nonzero(base)


def divisors(expression: Expr) -> frozenset[Expr]:
    """The singular values, and the like, that an expression divides by."""
    below = (power.base for power in expression.atoms(Pow) if power.exp.could_extract_minus_sign())
    return frozenset(size for base in below for size in _sizes(base))


def _sizes(expression: Expr) -> Iterator[Expr]:
    heads = ((atom, head_of(atom)) for atom in expression.atoms(AppliedUndef))
    return (atom for atom, head in heads if head is not None and head.quantity in _SIZES)


def is_injective(factor: Expr, nonzero: Known, lies: Callable[[Expr, Expr, None], bool]) -> bool:
    """Whether it is Σ_l c_l X^{l-first} with c_l > 0, for the powers of a positive semidefinite X.

    Such a sum is at least c_first I, if its last index ``lies`` at its first one or beyond.
    """
    if not isinstance(factor, Sum) or len(factor.limits) != 1:
        return False
    index, first, last = factor.limits[0]
    scalars, word = factor.function.args_cnc()
    numbers = [atom for scalar in scalars for atom in scalar.atoms(AppliedUndef)]
    powers = [each for each in map(head_of, word) if each is not None and each.quantity in _POWERS]
    return (
        len(word) == len(powers) == 1
        and lies(last, first, None)
        and word[0].args[0].xreplace({index: first}) == 0
        and Mul(*scalars).is_positive is True
        and all(map(nonzero, numbers))
    )
