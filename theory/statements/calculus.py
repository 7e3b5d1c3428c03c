"""Derivatives and values at a point, carried out on the tree; what is left of them are velocities of symbols.

>>> carried_out(derivative(a * log(x), x))     # a (1/x)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, reduce
from operator import add
from typing import Any

from jacspec.theory.statements import vocabulary as v
from jacspec.theory.statements.chains import Factors
from jacspec.theory.statements.expression import Expression, alike, expression, scalar_of
from jacspec.theory.statements.rebuilding import rebuilt
from jacspec.theory.statements.tree import VARIABLES, WHOLE_PLACES, Op

_LINEAR = (
    Op.NEG, Op.MUL, Op.SUM, Op.MATMUL, Op.SCALE, Op.TRANSPOSE, Op.HADAMARD, Op.KRONECKER, Op.BLOCK, Op.TRIU,
    Op.TRACE, Op.ENTRY,
)  # fmt: skip
"""Linear in each of their arguments that are no indices."""
_PARTS: Mapping[Op, tuple[Callable[..., Expression], ...]] = {
    Op.ADD: (lambda da, *_: da, lambda db, *_: db),
    Op.SUB: (lambda da, *_: da, lambda db, *_: -db),
    Op.DIV: (lambda da, _, b: da / b, lambda db, a, b: -a * db / (b * b)),
    Op.POW: (lambda da, a, e: e * a ** (e - 1) * da, lambda de, a, e: a**e * v.log(a) * de),
    Op.LOG: (lambda da, a: da / a,),
    Op.EXP: (lambda da, a: v.exp(a) * da,),
    Op.SINH: (lambda da, a: v.sqrt(1 + v.sinh(a) ** 2) * da,),
    Op.GAMMA: (lambda da, a: v.gamma(a) * v.digamma(a) * da,),
    Op.SINGULAR: (lambda _dk, *_: expression(0), lambda da, k, a: v.speed(k, a, da)),
    Op.INVERSE: (lambda da, a: -(a.inv @ da @ a.inv),),
    Op.DET: (lambda da, a: v.det(a) * v.tr(a.inv @ da),),
}
"""For each argument what it adds to the derivative: of its own derivative, and of all arguments."""


@lru_cache(maxsize=4096)
def carried_out(node: Expression) -> Expression:
    """The derivative or the value at a point that a node stands for; that of a symbol by time is itself."""
    if node.op is Op.AT:
        return _replaced(node.args[0], v.scalar(node.data), node.args[1])
    if is_velocity(node):
        return node
    rate = _rate(node.args[0], node.data)
    return (0 * node.args[0] if node.args[0].is_matrix else expression(0)) if rate is None else rate


def ddt(body: Expression, moving: Mapping[Expression | Factors, Expression | Factors]) -> Expression:
    """The time derivative of an expression of which some variables move, with the velocities given.

    >>> M, V = factors("M"), factors("V")
    >>> ddt(s(k, M.J), {M: V})
    """
    rates = {}
    for variable, rate in moving.items():
        one, other = _paired(
            *(each.chain if isinstance(each, Factors) else each for each in (variable, rate))
        )
        rates[id(one)] = other
    found = _rate(expression(body), rates)
    return (0 * body if body.is_matrix else expression(0)) if found is None else found


def _paired(variable: Any, rate: Any) -> tuple[Expression, Expression]:
    """A variable and its velocity, of one shape."""
    one, other = expression(variable), expression(rate)
    if one.op not in VARIABLES:
        message = f"{one} moves: expected a variable, such as matrix('A') or factors('M')"
        raise TypeError(message)
    return alike(one, other) if one.is_matrix else (one, scalar_of(other))


def is_velocity(node: Expression) -> bool:
    """Whether a node is the time derivative of a symbol, which has a value of its own."""
    return node.op is Op.DERIVATIVE and node.data is None and node.args[0].op is Op.SYMBOL


def _rate(node: Expression, by: str | Mapping[int, Expression] | None) -> Expression | None:
    """The derivative by time, or by a number of that name; None of what does not move.

    Of variables that move, ``by`` holds the velocities.
    """
    if isinstance(by, Mapping) and node.op in (*VARIABLES, Op.FACTOR, Op.SPAN):
        return _of_chain(node, by) if node.op in (Op.FACTOR, Op.SPAN) else by.get(id(node))
    if node.op in VARIABLES:
        if by is None:
            message = f"the time derivative of {node}: it is not known how it moves"
            raise TypeError(message)
        return expression(1) if node.data == by else None
    if node.op is Op.SYMBOL:
        return Expression(Op.DERIVATIVE, (node,), shape=node.shape) if by is None else None
    if node.op in (Op.DERIVATIVE, Op.AT) and not is_velocity(node):
        return _rate(carried_out(node), by)
    whole = WHOLE_PLACES.get(node.op, ())
    moving = {
        place: rate
        for place, argument in enumerate(node.args)
        if place not in whole and (rate := _rate(argument, by)) is not None
    }
    terms = [_part(node, place, rate) for place, rate in moving.items()]
    return reduce(add, terms) if terms else None


def _of_chain(node: Expression, by: Mapping[int, Expression]) -> Expression | None:
    """Of a factor its velocity; of M_last ⋯ M_first the sum over its factors, each with its velocity."""
    chain, *ends = node.args
    if id(chain) not in by:
        return None
    M, rates = Factors(chain), Factors(by[id(chain)])
    if node.op is Op.FACTOR:
        return rates[ends[0]]
    first, last = ends
    free = next(name for name in ("j", "r", "q", "p") if name not in node.indices)
    j = v.index(free)
    return v.total(M.product(j + 1, last) @ rates[j] @ M.product(first, j - 1), j, first, last)


def _part(node: Expression, place: int, rate: Expression) -> Expression:
    if node.op in _LINEAR:
        return rebuilt(node, [*node.args[:place], rate, *node.args[place + 1 :]])
    if node.op is Op.POLYGAMMA:
        return v.polygamma(node.data + 1, node.args[0]) * rate
    if node.op not in _PARTS:
        message = f"{node}: there is no rule for the derivative of a {node.op.value}"
        raise TypeError(message)
    return _PARTS[node.op][place](rate, *node.args)


def _replaced(node: Expression, old: Expression, new: Expression) -> Expression:
    if node is old:
        return new
    if node.op is Op.DERIVATIVE and node.data == old.data:
        return _replaced(carried_out(node), old, new)
    bound = node.op is Op.AT and node.data == old.data
    args = [
        argument if bound and place == 0 else _replaced(argument, old, new)
        for place, argument in enumerate(node.args)
    ]
    same = all(a is b for a, b in zip(args, node.args, strict=True))
    return node if same else rebuilt(node, args)
