"""The symbols of the ledger in the tree, between SymPy's expressions and the vocabulary of statements.

A side of a derivation step is read into the tree and written back; what the symbols of a chain stand for
(M_l, A_l, B_l, J, their singular values and vectors) can be put in their place, to search a statement.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, reduce
from operator import add, matmul, mul
from typing import Any

import sympy
from sympy.core.function import AppliedUndef

from jacspec.theory.notation.heads import HEADS, Head, Kind, Product, Quantity
from jacspec.theory.notation.words import D, Inner
from jacspec.theory.statements import vocabulary as v
from jacspec.theory.statements.chains import Factors, left_vector, right_vector
from jacspec.theory.statements.expression import Expression, expression, scalar_of
from jacspec.theory.statements.sizes import size
from jacspec.theory.statements.tree import Op


class OutsideTheTreeError(ValueError):
    """An expression that the tree has no operation for, or SymPy's notation no symbol."""


_SHAPES: Mapping[Kind, tuple[str | int, str | int] | None] = {
    Kind.SCALAR: None,
    Kind.MATRIX: ("n", "n"),
    Kind.COLUMN: ("n", 1),
    Kind.ROW: (1, "n"),
}
_SIZES = ("N", "n")


def symbol(name: str, *indices: Any) -> Expression:
    """A symbol of the ledger with its indices, by the name of its head."""
    shape = _SHAPES[HEADS[name].kind]
    sides = None if shape is None else (size(shape[0]), size(shape[1]))
    return Expression(Op.SYMBOL, tuple(map(scalar_of, indices)), name, sides)


@lru_cache(maxsize=1 << 14)
def from_sympy(side: sympy.Expr) -> Expression:
    """The tree of an expression in the ledger's notation; or OutsideTheTreeError."""
    if isinstance(side, AppliedUndef):
        return symbol(side.func.__name__, *map(from_sympy, side.args))
    for kinds, read in _READERS:
        if isinstance(side, kinds):
            return read(side)
    message = f"{side}: the tree has no operation {type(side).__name__}"
    raise OutsideTheTreeError(message)


def _symbol(side: sympy.Symbol) -> Expression:
    if side.name in _SIZES:
        return size(side.name)
    return v.index(side.name) if side.is_integer else v.scalar(side.name)


def _sum(side: sympy.Add) -> Expression:
    """Terms of a sum; a number among matrices is a multiple of the identity."""
    terms = [from_sympy(term) for term in side.args]
    if any(term.is_matrix for term in terms):
        terms = [term if term.is_matrix else term * v.identity() for term in terms]
    return reduce(add, terms)


def _product(side: sympy.Mul) -> Expression:
    numbers, word = (list(map(from_sympy, part)) for part in side.args_cnc())
    if not word:
        return reduce(mul, numbers)
    product = reduce(matmul, word)
    return reduce(mul, numbers) * product if numbers else product


def _power(side: sympy.Pow) -> Expression:
    base = from_sympy(side.base)
    return base ** int(side.exp) if base.is_matrix else base ** from_sympy(side.exp)


def _over(make: Callable[..., Expression]) -> Callable[[Any], Expression]:
    def read(side: Any) -> Expression:
        body = from_sympy(side.function)
        for variable, first, last in side.limits:
            body = make(body, v.index(variable.name), from_sympy(first), from_sympy(last))
        return body

    return read


def _integral(side: sympy.Integral) -> Expression:
    """∫_0^∞ x^p e^{-r x^q} dx; no other."""
    (variable, *ends), *others = side.limits
    exponents = [-part.args[0] for part in sympy.Mul.make_args(side.function) if isinstance(part, sympy.exp)]
    rate, decay = sum(exponents, sympy.Integer(0)).as_coeff_exponent(variable)
    base, power = (side.function * sympy.exp(sum(exponents))).as_base_exp()
    if (
        others
        or ends != [0, sympy.oo]
        or base != variable
        or any(x.has(variable) for x in (power, rate, decay))
    ):
        message = f"{side}: expected the integral of x^p exp(-r x^q) from 0 to ∞"
        raise OutsideTheTreeError(message)
    return v.moment(from_sympy(variable), *map(from_sympy, (power, rate, decay)))


def _derivative(side: sympy.Derivative) -> Expression:
    return reduce(v.derivative, map(from_sympy, side.variables), from_sympy(side.expr))


def _value_at(side: sympy.Subs) -> Expression:
    body, (variable,), (point,) = side.args
    return v.at(*map(from_sympy, (body, variable, point)))


def _of_arguments(make: Callable[..., Expression]) -> Callable[[Any], Expression]:
    return lambda side: make(*map(from_sympy, side.args))


_READERS: tuple[tuple[Any, Callable[[Any], Expression]], ...] = (
    (sympy.Rational, lambda side: expression(side)),
    (sympy.Symbol, _symbol),
    (Inner, lambda side: v.tr(from_sympy(side.args[0]))),
    (sympy.Add, _sum),
    (sympy.Mul, _product),
    (sympy.Pow, _power),
    (sympy.exp, _of_arguments(v.exp)),
    (sympy.log, _of_arguments(v.log)),
    (sympy.Abs, _of_arguments(abs)),
    (sympy.Min, _of_arguments(v.minimum)),
    (sympy.Max, _of_arguments(v.maximum)),
    (sympy.KroneckerDelta, lambda side: v.delta(*map(from_sympy, side.args[:2]))),
    (sympy.polygamma, lambda side: v.polygamma(int(side.args[0]), from_sympy(side.args[1]))),
    (sympy.gamma, _of_arguments(v.gamma)),
    (sympy.sinh, _of_arguments(v.sinh)),
    (sympy.binomial, _of_arguments(v.binomial)),
    (sympy.bernoulli, _of_arguments(v.bernoulli)),
    (D, _of_arguments(v.derivative)),
    (sympy.Derivative, _derivative),
    (sympy.Subs, _value_at),
    (sympy.Integral, _integral),
    (sympy.Sum, _over(v.total)),
    (sympy.Product, _over(v.product)),
)


def meaning(name: str, indices: tuple[Expression, ...], chain: Factors) -> Expression | None:
    """What a symbol stands for on a chain; None for one that a chain alone does not determine."""
    head = HEADS[name]
    if head.velocity:
        return None
    found = _upright(head, indices, chain)
    if found is None:
        return None
    inverted = found.inv if head.inverse else found
    return inverted.T if head.transposed else inverted


def _upright(head: Head, indices: tuple[Expression, ...], chain: Factors) -> Expression | None:
    layer = indices[-1] if indices else None
    if head.quantity is Quantity.FACTOR:
        return chain[layer]
    products = {
        Product.J: lambda: chain.J,
        Product.A: lambda: chain.A(layer),
        Product.B: lambda: chain.B(layer),
    }
    if head.of is None:
        return None
    of = products[head.of]()
    match head.quantity:
        case Quantity.PRODUCT:
            return of
        case Quantity.SINGULAR_VALUE:
            return v.s(indices[0], of)
        case Quantity.LEFT_VECTOR:
            return left_vector(indices[0], of)
        case Quantity.RIGHT_VECTOR:
            return right_vector(indices[0], of)
    return None
