"""From the tree back to SymPy's expressions in the ledger's notation, up to the order of what commutes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sympy

from jacspec.theory.notation.heads import HEADS
from jacspec.theory.notation.symbols import epsilon
from jacspec.theory.notation.words import D, Inner, transpose_word
from jacspec.theory.statements.expression import Expression
from jacspec.theory.statements.ledger_symbols import OutsideTheTreeError
from jacspec.theory.statements.tree import Op

_KNOWN = {epsilon.name: epsilon}


def to_sympy(
    node: Expression,
    symbols: Mapping[str, sympy.Symbol] = _KNOWN,
    known: dict[Expression, sympy.Expr] | None = None,
) -> sympy.Expr:
    """The expression of a tree; raises OutsideTheTreeError where the notation has no symbol.

    ``symbols`` are those of numbers, sizes and indices by name, where more is assumed of them than that sizes
    and indices are positive and whole; ``known`` is what has been written with them, and is added to.
    """
    known = {} if known is None else known
    if node not in known:
        known[node] = _written(node, symbols, known)
    return known[node]


def _written(
    node: Expression, symbols: Mapping[str, sympy.Symbol], known: dict[Expression, sympy.Expr]
) -> sympy.Expr:
    if node.op is Op.SYMBOL:
        return HEADS[node.data](*(to_sympy(index, symbols, known) for index in node.args))
    if node.op in (Op.SCALAR, Op.WHOLE, Op.INDEX, Op.SIZE):
        return _named(node.op, node.data, symbols)
    if node.op in _PRODUCTS:  # at once, or SymPy multiplies the terms of a sum by its number
        return sympy.Mul(*(to_sympy(factor, symbols, known) for factor in factors_of(node)))
    if node.op in _OVER:
        first, last, body = (to_sympy(argument, symbols, known) for argument in node.args)
        make = _OVER[node.op]
        inner = (body.function, *body.limits) if isinstance(body, make) else (body,)  # of sums of sums, one
        return make(*inner, (_named(Op.INDEX, node.data, symbols), first, last))
    if node.op not in _WRITERS:
        message = f"{node}: the ledger's notation has no symbol for a {node.op.value}"
        raise OutsideTheTreeError(message)
    bound = _named(Op.SCALAR, node.data, symbols) if node.op in _BINDING else node.data
    return _WRITERS[node.op](bound, *(to_sympy(argument, symbols, known) for argument in node.args))


def _named(op: Op, name: str | None, symbols: Mapping[str, sympy.Symbol]) -> sympy.Symbol | None:
    if name is None:
        return None
    plain = {} if op is Op.SCALAR else {"integer": True, "positive": True}
    return symbols.get(name, sympy.Symbol(name, **plain))


_OVER: Mapping[Op, Any] = {Op.SUM: sympy.Sum, Op.PRODUCT: sympy.Product}
_BINDING = (Op.MOMENT, Op.DERIVATIVE, Op.AT)
"""Their data name a number: over which to integrate, by which to differentiate, in place of which to put."""
_PRODUCTS = (Op.MUL, Op.SCALE, Op.MATMUL)


def factors_of(node: Expression, products: Sequence[Op] = _PRODUCTS) -> list[Expression]:
    """The factors of a product in their order, however it is bracketed."""
    if node.op not in products:
        return [node]
    return [factor for argument in node.args for factor in factors_of(argument, products)]


_WRITERS: Mapping[Op, Callable[..., sympy.Expr]] = {
    Op.NUMBER: lambda data: sympy.Rational(data.numerator, data.denominator),
    Op.IDENTITY: lambda _: sympy.Integer(1),
    Op.ZERO: lambda _: sympy.Integer(0),
    Op.ADD: lambda _, a, b: a + b,
    Op.SUB: lambda _, a, b: a - b,
    Op.NEG: lambda _, a: -a,
    Op.DIV: lambda _, a, b: a / b,
    Op.POW: lambda _, a, b: a**b,
    Op.TRANSPOSE: lambda _, a: transpose_word(a),
    Op.TRACE: lambda _, a: Inner(a),
    Op.ABS: lambda _, a: sympy.Abs(a),
    Op.MIN: lambda _, *args: sympy.Min(*args),
    Op.MAX: lambda _, *args: sympy.Max(*args),
    Op.EXP: lambda _, a: sympy.exp(a),
    Op.LOG: lambda _, a: sympy.log(a),
    Op.POLYGAMMA: lambda order, a: sympy.polygamma(order, a),
    Op.DELTA: lambda _, i, k: sympy.KroneckerDelta(i, k),
    Op.GAMMA: lambda _, a: sympy.gamma(a),
    Op.SINH: lambda _, a: sympy.sinh(a),
    Op.BINOMIAL: lambda _, m, k: sympy.binomial(m, k),
    Op.BERNOULLI: lambda _, m: sympy.bernoulli(m),
    Op.MOMENT: lambda x, p, r, q: sympy.Integral(x**p * sympy.exp(-r * x**q), (x, 0, sympy.oo)),
    Op.DERIVATIVE: lambda x, a: D(a) if x is None else sympy.Derivative(a, x),
    Op.AT: lambda x, a, point: sympy.Subs(a, x, point),
}
