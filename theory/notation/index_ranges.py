"""Between which ends the arguments of every head lie: layers, directions and powers.

Outside of them a symbol stands for nothing: there is no factor M_{N+1}, and no singular value s_{n+1}.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sympy import Expr, Integer, Sum, Symbol

from jacspec.theory.notation.heads import Head, head_of
from jacspec.theory.notation.symbols import (
    A,
    Ainv,
    B,
    Binv,
    C,
    E,
    F,
    M,
    N,
    P,
    Q,
    W,
    beyond,
    cY,
    delta,
    eA,
    eB,
    gamma,
    gate,
    n,
    q,
    r,
    rho,
    s,
    sA,
    sB,
    sigma,
    speed,
    tau,
    u,
    uA,
    uB,
    v,
    vA,
    vB,
    w,
    wR,
    x,
    xR,
    y,
    z,
)

__all__ = ["Ends", "arguments", "ends_of"]

Ends = tuple[Expr, Expr | None]
"""The first and the last value of an argument; None if there is no last one."""

_zero, _one = Integer(0), Integer(1)
_FACTOR: Ends = (_one, N)
_PRODUCT: Ends = (_one, N + 1)
_GATE: Ends = (_zero, N)
_DIRECTION: Ends = (_one, n)
_LEADING: Ends = (_one, r)
_POWER: Ends = (_zero, None)

_ENDS: Mapping[Head, tuple[Ends, ...]] = {
    **dict.fromkeys((M, W, speed), (_FACTOR,)),
    **dict.fromkeys((A, Ainv, B, Binv, C, F, cY, beyond), (_PRODUCT,)),
    **dict.fromkeys((gate, E), (_GATE,)),
    **dict.fromkeys((s, u, v, gamma, delta, sigma, rho, tau, w, wR, x, xR), (_DIRECTION,)),
    **dict.fromkeys((sA, sB, uA, uB, vA, vB, eA, eB), (_DIRECTION, _PRODUCT)),
    **dict.fromkeys((y, z), (_LEADING, _PRODUCT)),
    **dict.fromkeys((P, Q), (_POWER,)),
    q: (_DIRECTION, _GATE),
}


def ends_of(head: Head) -> tuple[Ends, ...]:
    """The ends of each argument of a head, its transpose and its velocity; empty where none are declared."""
    return _ENDS.get(head.upright.at_rest, ())


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
        for argument, ends in zip(expression.args, ends_of(head), strict=False):
            yield expression, argument, ends, limits
    for part in expression.args:
        if isinstance(part, Expr):
            yield from arguments(part, limits)
