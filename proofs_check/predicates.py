"""Assumptions of the theory, tested against concrete chains: the equations they license, evaluated there.

Nothing is typed again: the margins are those of the assumption's own rules, at every value of their
indices, with every quantity read off the chain.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from flint import arb, arb_mat
from sympy import Integer, Symbol

from numerics import InputError
from proofs_check.chain_point import ChainPoint
from proofs_check.interpretation import Value, evaluate
from theory import Assumption
from theory.notation import N, n
from theory.rules import Rule

__all__ = ["satisfied"]

_RESOLUTION = 80
"""Bits to which two sides must be seen to agree: exact equality of computed numbers is undecidable."""


def satisfied(point: ChainPoint, assumption: Assumption) -> Iterator[tuple[str, arb]]:
    """Margins of an assumption at a chain: positive where it holds, to 80 bits, at every index.

    Raises InputError for an assumption that has no equations, or whose equations name what a chain
    does not define (strong alignment's e's, say).
    """
    if not assumption.rules:
        message = f"{assumption.name} has no equations; expected an assumption that licenses some"
        raise InputError(message)
    for rule in assumption.rules:
        for values in _indices(rule, point):
            at = {symbol: Integer(value) for symbol, value in values.items()}
            try:
                left, right = (evaluate(side.xreplace(at), point) for side in (rule.lhs, rule.rhs))
            except KeyError as error:
                message = f"{assumption.name} cannot be read off a chain: {error.args[0]}"
                raise InputError(message) from error
            yield f"{rule.lhs.xreplace(at)}", _agreement(left, right, point)


def _indices(rule: Rule, point: ChainPoint) -> Iterator[dict[Symbol, int]]:
    """Every value of the rule's indices: directions to n, layers as far as both sides are defined."""
    sizes = {N: Integer(point.depth), n: Integer(point.width)}
    ranges = {
        index: (int(low.xreplace(sizes)), int(high.xreplace(sizes))) for index, low, high in rule.ranges
    }
    spans = []
    for index in rule.indices:
        low, high = ranges.get(index, (1, point.depth if index.name == "l" else point.width))
        spans.append(range(low, high + 1))
    for chosen in product(*spans):
        yield dict(zip(rule.indices, chosen, strict=True))


def _agreement(left: Value, right: Value, point: ChainPoint) -> arb:
    """2^-80 (1 + Σ|left| + Σ|right|) - Σ|left - right|."""
    if isinstance(left, arb) is not isinstance(right, arb):
        identity = arb_mat([[int(r == c) for c in range(point.width)] for r in range(point.width)])
        left, right = (identity * side if isinstance(side, arb) else side for side in (left, right))
    size = 1 + _total(left) + _total(right)
    return size * arb(2) ** -_RESOLUTION - _total(left - right)


def _total(value: Value) -> arb:
    entries = [value] if isinstance(value, arb) else value.entries()
    return sum((abs(entry) for entry in entries), arb(0))
