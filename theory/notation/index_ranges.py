"""Between which ends the arguments of every head lie: layers, directions and powers.

Outside of them a symbol stands for nothing: there is no factor M_{N+1}, and no singular value s_{n+1}.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sympy import Expr, Integer, Sum, Symbol

from jacspec.theory.notation.heads import Argument, head_of
from jacspec.theory.notation.symbols import N, n, r

Ends = tuple[Expr, Expr | None]
"""The first and the last value of an argument; None if there is no last one."""

ENDS: Mapping[Argument, Ends] = {
    Argument.FACTOR: (Integer(1), N),
    Argument.PRODUCT: (Integer(1), N + 1),
    Argument.GATE: (Integer(0), N),
    Argument.DIRECTION: (Integer(1), n),
    Argument.LEADING: (Integer(1), r),
    Argument.POWER: (Integer(0), None),
}


def arguments(
    expression: Expr, limits: Mapping[Symbol, tuple[Expr, Expr]] | None = None
) -> Iterator[tuple[Expr, Expr, Ends, Mapping[Symbol, tuple[Expr, Expr]]]]:
    """Every head of an expression, with each argument, its ends, and what the sums around it run over."""
    limits = {} if limits is None else limits
    if isinstance(expression, Sum):
        inside = dict(limits)
        for variable, first, last in reversed(expression.limits):
            inside[variable] = (first, last)
        yield from arguments(expression.function, inside)
        return
    head = head_of(expression)
    if head is not None:
        for argument, counted in zip(expression.args, head.takes, strict=True):
            yield expression, argument, ENDS[counted], limits
    for part in expression.args:
        if isinstance(part, Expr):
            yield from arguments(part, limits)
