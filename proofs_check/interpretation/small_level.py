"""Conditions at every small ε > 0, everything else held fixed: by the powers of ε in their sides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from functools import cache

from numpy.polynomial import polynomial
from sympy import Add, Expr, Integer, Mul, Pow, Rational, expand
from sympy.core.function import AppliedUndef

from jacspec.theory import Assumption, Relation
from jacspec.theory.derivations.assumption import Condition
from jacspec.theory.notation.heads import Quantity, head_of
from jacspec.theory.notation.symbols import epsilon

SAMPLES = tuple(Rational(1, 2**power) for power in (20, 40, 60))
"""The ε at which a condition is tried that is no sum of powers of ε."""


@dataclass(frozen=True)
class AtEverySmallLevel(Condition):
    """``left ≤ right`` at every small ε > 0: of the coefficients of ``right - left``, the first that counts.

    They stand in the order of the powers of ε; the first that is not 0 is positive.
    """

    coefficients: tuple[Expr, ...] = field(kw_only=True)


@dataclass(frozen=True)
class AtSomeSmallLevels(Condition):
    """A condition that is no sum of powers of ε: it holds at some small ones, and is not seen at all."""


@cache
def powers(expression: Expr) -> dict[Expr, Expr] | None:
    """The coefficients by powers of ε, without misalignments, which may be 0; None for no such sum."""
    found: dict[Expr, Expr] = {}
    for term in Add.make_args(expand(expression)):
        scalars, word = term.args_cnc()
        power, others = Integer(0), list(word)
        for factor in scalars:
            base, exponent = factor.as_base_exp() if isinstance(factor, Pow) else (factor, Integer(1))
            if base == epsilon and exponent.is_Rational:
                power += exponent
            else:
                others.append(factor)
        if any(each.has(epsilon) for each in others):
            return None
        if not (power > 0 and _misaligned(term)):
            found[power] = found.get(power, Integer(0)) + Mul(*others)
    return {power: found[power] for power in sorted(found) if found[power] != 0}


def _misaligned(term: Expr) -> bool:
    heads = (head_of(atom) for atom in term.atoms(AppliedUndef))
    return any(head is not None and head.quantity is Quantity.MISALIGNMENT for head in heads)


def speaks_of_level(assumption: Assumption) -> bool:
    """Whether what it says depends on ε, misalignments aside."""
    said = (each for each in assumption.says if each.relation is not Relation.LIMIT)
    gaps = (powers(each.left - each.right) for each in said)
    return any(found is None or {*found} - {0} for found in gaps)


def at_small(assumption: Assumption) -> Assumption:
    """What an assumption says, at every small ε."""
    said = tuple(each for condition in assumption.says for each in _at_small(condition))
    return replace(assumption, rules=(), positive=(), conditions=said)


def _at_small(condition: Condition) -> Iterator[Condition]:
    low, high = condition.left, condition.right
    if condition.relation is Relation.AT_LEAST:
        low, high = high, low
    found, limit = powers(high - low), condition.relation is Relation.LIMIT
    orders = sorted(found or ())
    if limit and (condition.towards[0] != epsilon or found is None or orders[:1] < [0]):
        yield condition
    elif found is None:
        said = {each.name: getattr(condition, each.name) for each in fields(Condition)}
        yield AtSomeSmallLevels(**said)
    elif limit or {*orders} <= {0}:
        left, right = (side.xreplace({epsilon: Integer(0)}) for side in (condition.left, condition.right))
        yield replace(
            condition, left=left, right=right, relation=Relation.EQUAL if limit else condition.relation
        )
    elif condition.relation is Relation.EQUAL:
        yield from (replace(condition, left=found[order], right=Integer(0)) for order in orders)
    else:
        gaps = tuple(found[order] for order in orders)
        yield AtEverySmallLevel(
            low, Relation.AT_MOST, high, condition.indices, ranges=condition.ranges, strict=condition.strict,
            coefficients=gaps,
        )  # fmt: skip


def at_level(assumption: Assumption, level: Expr) -> Assumption:
    """What an assumption says at one ε."""
    at = {epsilon: level}
    said = tuple(
        replace(each, left=each.left.xreplace(at), right=each.right.xreplace(at)) for each in assumption.says
    )
    return replace(assumption, rules=(), positive=(), conditions=said)


def levels(sums: Iterable[Sequence[float]]) -> list[Expr]:
    """The ε between 0 and 1 at which a polynomial may vanish, of their coefficients, as simple fractions."""
    found = {
        Fraction(float(root.real)).limit_denominator(1000)
        for series in sums
        if any(series[1:])
        for root in polynomial.polyroots(series)
        # What is found so is evaluated again, exactly there.
        if abs(root.imag) < 1e-9 and 0 < root.real < 1
    }
    return [Rational(each.numerator, each.denominator) for each in sorted(found) if each]
