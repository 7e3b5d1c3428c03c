"""What is seen of an expression as it stands: whether it has a value, and whether it is injective."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sympy import Dummy, Expr, Mul, Pow, Sum, log
from sympy.core.function import AppliedUndef

from jacspec.theory.notation.heads import Quantity, head_of
from jacspec.theory.notation.printing import text

_SIZES = (
    Quantity.SINGULAR_VALUE,
    Quantity.LEAST_OF_ROWS,
    Quantity.LEAST_OF_COLUMNS,
    Quantity.COMMON_VALUE,
    Quantity.SPEED,
)
"""Numbers that may be 0."""

_POWERS = (Quantity.LEFT_POWER, Quantity.RIGHT_POWER)
"""Of matrices that are positive semidefinite."""


Known = Callable[[Expr], bool]
"""Whether a number is known to be positive, by what a premise says, or to be ≥ 0."""


@dataclass(frozen=True, order=True)
class UnmetNeed:
    """What an expression does to a part of it, and what the part has to be for that."""

    does: str
    part: str
    needed: str

    def __str__(self) -> str:
        return f"it {self.does} {self.part}, and names no assumption by which that is {self.needed}"


def unmet(expression: Expr, nonzero: Known, nonnegative: Known) -> set[UnmetNeed]:
    """What an expression needs for a value, and is not seen to have; exponents may be ``nonnegative``."""
    found = set()
    for power in expression.atoms(Pow):
        if not (nonnegative(power.exp) or _is_seen_nonzero(power.base, nonzero)):
            found.add(UnmetNeed("divides by", text(power.base), "not 0"))
        if not (power.exp.is_integer or power.base.is_nonnegative or nonzero(power.base)):
            found.add(UnmetNeed("takes a root of", text(power.base), "not negative"))
    for part in (each.args[0] for each in expression.atoms(log)):
        if not (nonzero(part) or (part.is_positive and _is_seen_nonzero(part, nonzero))):
            found.add(UnmetNeed("takes the logarithm of", text(part), "positive"))
    return found


def _is_seen_nonzero(base: Expr, nonzero: Known) -> bool:
    if isinstance(base, Mul):
        return all(_is_seen_nonzero(each, nonzero) for each in base.args)
    if isinstance(base, Pow):
        return _is_seen_nonzero(base.base, nonzero)
    if nonzero(base):
        return True
    # Sizes are ≥ 0 only, though the notation calls them positive.
    return all(map(nonzero, _sizes(base))) and (bool(base.is_nonzero) or bool(base.is_positive))


def is_seen_positive(number: Expr) -> bool:
    """Whether a number is positive whatever the sizes in it are, which may be 0."""
    return (
        number.xreplace({size: Dummy("y", nonnegative=True) for size in _sizes(number)}).is_positive is True
    )


def divisors(expression: Expr, nonnegative: Known) -> frozenset[Expr]:
    """The singular values, and the like, that an expression may divide by."""
    below = (power.base for power in expression.atoms(Pow) if not nonnegative(power.exp))
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
