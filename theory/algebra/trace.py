"""What a normal form did, move by move, for a checker that does none of its work: theory/traces/.

A move replaces a term ``Σ_limits scalar · word`` by what it equals. What is left out is arithmetic: products
over sums, like powers, the order of the two ends of an inner product, the names of summation indices.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sympy import Expr, Symbol

from jacspec.theory.algebra.rules import Rule

Limit = tuple[Symbol, Expr, Expr]
"""A summation index, its first and its last value."""


@dataclass(frozen=True)
class Move:
    """The term that is replaced."""

    scalar: Expr
    word: tuple[Expr, ...]
    limits: tuple[Limit, ...]


@dataclass(frozen=True)
class Rewritten(Move):
    """``rule`` used at ``values`` of its indices: on the word from ``position`` on, or on a scalar.

    With ``inside``, the letters are those of an inner product that is a factor of the scalar, read in this
    direction.
    """

    rule: Rule
    values: tuple[tuple[Symbol, Expr], ...]
    position: int | None = None
    inside: tuple[Expr, ...] = ()


@dataclass(frozen=True)
class Contracted(Move):
    """Σ_i δ_ij f(i) = f(j): the sum over ``index`` leaves its summand at ``value``."""

    index: Symbol
    value: Expr


@dataclass(frozen=True)
class Counted(Move):
    """Σ_i f = f times the number of values of ``index``, which f does not hold."""

    index: Symbol


@dataclass(frozen=True)
class Reindexed(Move):
    """Σ f(i) over i = ``index``, as Σ f(i - ``shift``) from ``first`` to ``last`` and terms at its ends."""

    index: Symbol
    shift: Expr
    first: Expr
    last: Expr


@dataclass(frozen=True)
class WrittenOut(Move):
    """Σ_i f(i) = f(a) + … + f(b): the sum over ``index``, whose ends are numbers, term by term."""

    index: Symbol


@dataclass(frozen=True)
class Inside(Move):
    """What stands under the exponential or the logarithm ``factor``, brought to its own normal form."""

    factor: Expr
    trace: Trace


@dataclass(frozen=True)
class Trace:
    """All moves from an expression to its normal form, in their order.

    ``before_derivatives`` are those on what stands under a d/dt, made before it is taken.
    """

    moves: tuple[Move, ...] = ()
    before_derivatives: tuple[tuple[Expr, tuple[Move, ...]], ...] = ()

    @classmethod
    def joined(cls, traces: Sequence[Trace]) -> Trace:
        """Those of the summands of an expression, one after the other."""
        moves = tuple(move for each in traces for move in each.moves)
        return cls(moves, tuple(pair for each in traces for pair in each.before_derivatives))


def differentiated(trace: Trace) -> Iterator[Rule]:
    """The equations that it uses under a d/dt."""
    for _, moves in trace.before_derivatives:
        yield from _rules(moves)
    for move in trace.moves:
        if isinstance(move, Inside):
            yield from differentiated(move.trace)


def _rules(moves: Iterable[Move]) -> Iterator[Rule]:
    for move in moves:
        if isinstance(move, Rewritten):
            yield move.rule
        if isinstance(move, Inside):
            yield from (*_rules(move.trace.moves), *differentiated(move.trace))
