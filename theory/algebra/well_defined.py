"""What is seen of an expression as it stands: whether it has a value, and whether it is injective."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sympy import Dummy, Expr, Integer, Mul, Pow, Sum, Symbol, log
from sympy.core.function import AppliedUndef

from jacspec.theory.algebra.rules import Lies, with_own_indices
from jacspec.theory.notation.heads import Quantity, head_of
from jacspec.theory.notation.printing import text
from jacspec.theory.notation.symbols import epsilon, n
from jacspec.theory.notation.words import D

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


Limits = Mapping[Symbol, tuple[Expr, Expr]]
"""What the sums around a number run over."""
_Seen = Callable[[Expr], bool]

Known = Callable[[Limits], tuple[_Seen, _Seen]]
"""Under sums, whether a number is known to be positive, by what a premise says, and whether to be ≥ 0."""


@dataclass(frozen=True, order=True)
class UnmetNeed:
    """What an expression does to a part of it, and what the part has to be for that."""

    does: str
    part: str
    needed: str

    def __str__(self) -> str:
        return f"it {self.does} {self.part}, and names no assumption by which that is {self.needed}"


def unmet(expression: Expr, known: Known, meaning: Callable[[Expr], Expr]) -> set[UnmetNeed]:
    """What an expression needs for a value, and is not seen to have; and what symbols in it mean besides.

    A premise about an index says nothing of that of a sum.
    """
    return {
        need
        for part, limits in _parts(with_own_indices(expression), {}, meaning)
        for need in _needs(part, *known(limits))
    }


def _parts(
    expression: Expr, limits: Limits, meaning: Callable[[Expr], Expr], met: tuple[Expr, ...] = ()
) -> Iterator[tuple[Expr, Limits]]:
    """An expression and all within it, each with the sums around it, and symbols as what they mean."""
    yield expression, limits
    inside = {index: (first, last) for index, first, last in reversed(_limits(expression))}
    parts = expression.args[:1] if inside else expression.args
    if isinstance(expression, AppliedUndef) and expression not in met:
        met, parts = (*met, expression), (with_own_indices(meaning(expression)),)
    for part in parts:
        if isinstance(part, Expr) and part != expression:
            yield from _parts(part, {**limits, **inside}, meaning, met)


def _limits(expression: Expr) -> Sequence[tuple[Symbol, Expr, Expr]]:
    return expression.limits if isinstance(expression, Sum) else ()


def _needs(part: Expr, nonzero: _Seen, nonnegative: _Seen) -> Iterator[UnmetNeed]:
    if isinstance(part, Pow):
        base, exponent = part.args
        seen = _is_seen_nonzero(base, nonzero)
        if not (nonnegative(exponent) or seen):
            yield UnmetNeed("divides by", part_text(base), "not 0")
        if exponent.has(epsilon) and not seen:
            yield UnmetNeed("takes a power that moves of", part_text(base), "not 0")
        if not (exponent.is_integer or base.is_nonnegative or nonzero(base)):
            yield UnmetNeed("takes a root of", part_text(base), "not negative")
    if isinstance(part, log):
        (number,) = part.args
        if not (nonzero(number) or (number.is_positive and _is_seen_nonzero(number, nonzero))):
            yield UnmetNeed("takes the logarithm of", part_text(number), "positive")
    for power in part.atoms(Pow) if isinstance(part, D) else ():
        whole = power.exp.is_integer or nonnegative(power.exp - 1)
        if not (whole or _is_seen_nonzero(power.base, nonzero)):
            yield UnmetNeed("differentiates a root of", part_text(power.base), "not 0")


def part_text(part: Expr) -> str:
    """A part with the indices of its sums as they are written."""
    return text(part.xreplace({own: Symbol(own.name) for own in part.atoms(Dummy)}))


def _is_seen_nonzero(base: Expr, nonzero: _Seen) -> bool:
    if isinstance(base, Mul):
        return all(_is_seen_nonzero(each, nonzero) for each in base.args)
    if isinstance(base, Pow):
        return _is_seen_nonzero(base.base, nonzero)
    if nonzero(base):
        return True
    # Sizes are ≥ 0 only, though the notation calls them positive.
    return all(map(nonzero, _sizes(base))) and (bool(base.is_nonzero) or bool(base.is_positive))


def comes_before(number: Expr, other: Expr, lies: Lies) -> bool:
    """Whether both are singular values of one matrix, and this one is no smaller."""
    head = head_of(number)
    if head is None or head.quantity is not Quantity.SINGULAR_VALUE or head.velocity:
        return False
    same = head_of(other) is head and number.args[1:] == other.args[1:]
    return same and (other.args[0] == n or lies(number.args[0], Integer(1), other.args[0]))


def is_seen_positive(number: Expr) -> bool:
    """Whether a number is positive whatever the sizes in it are, which may be 0."""
    return (
        number.xreplace({size: Dummy("y", nonnegative=True) for size in _sizes(number)}).is_positive is True
    )


def divisors(expression: Expr, nonnegative: _Seen) -> frozenset[Expr]:
    """The singular values, and the like, that an expression may divide by."""
    below = (power.base for power in expression.atoms(Pow) if not nonnegative(power.exp))
    return frozenset(size for base in below for size in _sizes(base))


def _sizes(expression: Expr) -> Iterator[Expr]:
    heads = ((atom, head_of(atom)) for atom in expression.atoms(AppliedUndef))
    return (atom for atom, head in heads if head is not None and head.quantity in _SIZES)


def is_injective(factor: Expr, known: Known, lies: Lies) -> bool:
    """Whether it is Σ_l c_l X^{l-first} with c_l > 0, for the powers of a positive semidefinite X.

    Such a sum is at least c_first I, if its last index ``lies`` at its first one or beyond.
    """
    if not isinstance(factor, Sum) or len(factor.limits) != 1:
        return False
    factor, (nonzero, _) = with_own_indices(factor), known({})
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
