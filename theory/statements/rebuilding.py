"""A node with other arguments, made by the vocabulary's own function, which checks shapes and kinds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jacspec.theory.statements import vocabulary as v
from jacspec.theory.statements.chains import Factors, left_vector, right_vector
from jacspec.theory.statements.expression import Comparison, Expression
from jacspec.theory.statements.ledger_symbols import meaning, symbol
from jacspec.theory.statements.tree import LEAVES, Op

_COMPARED: Mapping[Op, Callable[[Any, Any], Any]] = {
    Op.LE: lambda a, b: a <= b,
    Op.LT: lambda a, b: a < b,
    Op.GE: lambda a, b: a >= b,
    Op.GT: lambda a, b: a > b,
    Op.EQ: lambda a, b: a == b,
    Op.NE: lambda a, b: a != b,
}
_REBUILT: Mapping[Op, Callable[..., Expression]] = {
    Op.ADD: lambda _, a, b: a + b,
    Op.SUB: lambda _, a, b: a - b,
    Op.NEG: lambda _, a: -a,
    Op.MUL: lambda _, a, b: a * b,
    Op.DIV: lambda _, a, b: a / b,
    Op.POW: lambda _, a, b: a**b,
    Op.ABS: lambda _, a: abs(a),
    Op.MIN: lambda _, *args: v.minimum(*args),
    Op.MAX: lambda _, *args: v.maximum(*args),
    Op.LOG: lambda _, a: v.log(a),
    Op.EXP: lambda _, a: v.exp(a),
    Op.POLYGAMMA: lambda data, a: v.polygamma(data, a),
    Op.DELTA: lambda _, i, k: v.delta(i, k),
    Op.GAMMA: lambda _, a: v.gamma(a),
    Op.SINH: lambda _, a: v.sinh(a),
    Op.BINOMIAL: lambda _, m, k: v.binomial(m, k),
    Op.BERNOULLI: lambda _, m: v.bernoulli(m),
    Op.MOMENT: lambda data, *args: v.moment(v.scalar(data), *args),
    Op.DERIVATIVE: lambda data, a: v.derivative(a, None if data is None else v.scalar(data)),
    Op.AT: lambda data, a, point: v.at(a, v.scalar(data), point),
    Op.SUM: lambda data, first, last, body: v.total(body, v.index(data), first, last),
    Op.PRODUCT: lambda data, first, last, body: v.product(body, v.index(data), first, last),
    Op.MATMUL: lambda _, a, b: a @ b,
    Op.SCALE: lambda _, a, b: a * b,
    Op.TRANSPOSE: lambda _, a: a.T,
    Op.INVERSE: lambda _, a: a.inv,
    Op.HADAMARD: lambda _, a, b: v.hadamard(a, b),
    Op.KRONECKER: lambda _, a, b: v.kronecker(a, b),
    Op.DIRECT: lambda _, a, b: v.direct_sum(a, b),
    Op.BLOCK: lambda _, a, top, bottom, left, right: v.block(a, (top, bottom), (left, right)),
    Op.TRIU: lambda _, a: v.triu(a),
    Op.MODULUS: lambda _, a: v.modulus(a),
    Op.EXPM: lambda _, a: v.expm(a),
    Op.SYMBOL: lambda name, *indices: symbol(name, *indices),
    Op.FACTOR: lambda _, a, layer: Factors(a)[layer],
    Op.SPAN: lambda _, a, first, last: Factors(a).product(first, last),
    Op.LEFT_VECTOR: lambda _, k, a: left_vector(k, a),
    Op.RIGHT_VECTOR: lambda _, k, a: right_vector(k, a),
    Op.SINGULAR: lambda _, k, a: v.s(k, a),
    Op.SPEED: lambda _, k, a, rate: v.speed(k, a, rate),
    Op.EIGENVALUE: lambda _, k, a: v.eig(k, a),
    Op.EIGENMODULUS: lambda _, k, a: v.eigenmodulus(k, a),
    Op.DET: lambda _, a: v.det(a),
    Op.TRACE: lambda _, a: v.tr(a),
    Op.RANK: lambda _, a: a.rank,
    Op.NORM: lambda data, a, *order: v.norm(a, data, *order),
    Op.ENTRY: lambda _, a, i, j: a[i, j],
    Op.LARGEST: lambda _, a: v.largest_entry(a),
    Op.OVERLAP: lambda _, i, a, k, b: v.overlap(i, a, k, b),
}


def rebuilt(node: Expression, args: Sequence[Expression]) -> Expression:
    """The node with these arguments; raises TypeError or ValueError where that has no meaning."""
    return node if node.op in LEAVES else _REBUILT[node.op](node.data, *args)


def compared(op: Op, left: Expression, right: Expression) -> Comparison:
    """Two sides and the relation between them."""
    found = _COMPARED[op](left, right)
    assert isinstance(found, Comparison)  # noqa: S101 -- narrows the type
    return found


def on_chain(node: Expression, chain: Factors) -> Expression:
    """The expression with the ledger's symbols replaced by what they stand for on a chain."""
    if node.op is Op.SYMBOL:
        found = meaning(node.data, node.args, chain)
        return node if found is None else found
    return rebuilt(node, [on_chain(argument, chain) for argument in node.args])


def replaced(node: Expression, variable: Expression, by: Expression) -> Expression:
    """The expression with a variable replaced by an expression."""
    if node is variable:
        return by
    return rebuilt(node, [replaced(argument, variable, by) for argument in node.args])
