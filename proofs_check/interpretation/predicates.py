"""Assumptions of the theory, tested against concrete chains: the equations they license, evaluated there.

Nothing is typed again: the margins are those of the assumption's own rules, at every value of their
indices, with every quantity read off the chain. What is no such equation, that singular values are simple
or vectors aligned up to ε, has a predicate in proofs_check/interpretation/points/chain_predicates.py; what
is not about single chains is refused, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from flint import arb, arb_mat
from sympy import Integer, Symbol

from jacspec.numerics import InputError
from jacspec.proofs_check.interpretation import Value, evaluate
from jacspec.proofs_check.interpretation.points.chain import ChainPoint
from jacspec.proofs_check.interpretation.points.chain_predicates import OUTSIDE, PREDICATES
from jacspec.proofs_check.interpretation.values import as_scalar
from jacspec.theory import Assumption
from jacspec.theory.algebra.rules import Rule
from jacspec.theory.notation.symbols import N, j, l, n

__all__ = ["satisfied"]

_RESOLUTION = 80
"""Bits to which two sides must be seen to agree: exact equality of computed numbers is undecidable."""


def satisfied(
    point: ChainPoint, assumption: Assumption, *, level: arb | None = None, layer: int = 2
) -> Iterator[tuple[str, arb]]:
    """Margins of an assumption at a chain: positive where it holds, equations to 80 bits, at every index.

    ``level`` is the ε of alignment; ``layer`` the l of what is assumed at one layer. Raises InputError for
    an assumption that is not about single chains, with the reason, and for one that needs what this point
    does not define: gates, say, or a rank.
    """
    if assumption.name in OUTSIDE:
        message = f"{assumption.name} cannot be tested on a chain: {OUTSIDE[assumption.name]}"
        raise InputError(message)
    try:
        if assumption.name in PREDICATES:
            yield from PREDICATES[assumption.name](point, level, layer)
        else:
            yield from _equations(point, assumption, layer)
    except KeyError as error:
        message = f"{assumption.name} cannot be read off this chain: {error.args[0]}"
        raise InputError(message) from error


def _equations(point: ChainPoint, assumption: Assumption, layer: int) -> Iterator[tuple[str, arb]]:
    if not assumption.rules:
        message = f"{assumption.name} has no equations; expected an assumption that licenses some"
        raise InputError(message)
    for rule in assumption.rules:
        for values in _indices(rule, point):
            at = {symbol: Integer(value) for symbol, value in values.items()}
            fixed = {l: layer, j: 1, **point.indices}
            left, right = (evaluate(side.xreplace(at), point, fixed) for side in (rule.lhs, rule.rhs))
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
    # ⟨a, b⟩ as a word is a matrix of one entry.
    left, right = map(_plain, (left, right))
    if isinstance(left, arb) is not isinstance(right, arb):
        identity = arb_mat([[int(r == c) for c in range(point.width)] for r in range(point.width)])
        left, right = (identity * side if isinstance(side, arb) else side for side in (left, right))
    size = 1 + _total(left) + _total(right)
    return size * arb(2) ** -_RESOLUTION - _total(left - right)


def _plain(value: Value) -> Value:
    single = isinstance(value, arb_mat) and (value.nrows(), value.ncols()) == (1, 1)
    return as_scalar(value) if single else value


def _total(value: Value) -> arb:
    entries = [value] if isinstance(value, arb) else value.entries()
    return sum((abs(entry) for entry in entries), arb(0))
