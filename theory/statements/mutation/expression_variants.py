"""Wrong variants of an expression: every change of a single site of its tree, each once.

A sign, a factor, a term, an exponent, an index, an end of a range, the argument of a function, another
operation or variable. In the ledger's notation the same variants are had as SymPy's expressions: there
factors and exponents change by N as well, and a direction becomes another one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import lru_cache, reduce
from operator import mul
from typing import TypeVar

import sympy

from jacspec.theory.notation.heads import HEADS, Argument
from jacspec.theory.notation.symbols import N, i
from jacspec.theory.statements.expression import Expression, expression
from jacspec.theory.statements.ledger_symbols import from_sympy
from jacspec.theory.statements.printing import text
from jacspec.theory.statements.rebuilding import rebuilt
from jacspec.theory.statements.sizes import size
from jacspec.theory.statements.to_sympy import factors_of, to_sympy
from jacspec.theory.statements.tree import BINDERS, VARIABLES, WHOLE_PLACES, Op
from jacspec.theory.statements.vocabulary import (
    NORMS,
    exp,
    gamma,
    index,
    log,
    maximum,
    minimum,
    norm,
    polygamma,
)

T = TypeVar("T")


class Kind(Enum):
    """What is changed."""

    SIGN = "sign"
    FACTOR = "factor"
    TERM = "term"
    EXPONENT = "exponent"
    INDEX = "index"
    RANGE = "range"
    ARGUMENT = "argument"
    OPERATION = "operation"
    VARIABLE = "variable"
    RELATION = "relation"
    PREMISE = "premise"


@dataclass(frozen=True)
class Variant:
    """An expression that is changed at one site: the kind of change, how it reads, and what results."""

    kind: Kind
    change: str
    expression: Expression


@dataclass(frozen=True)
class Mutant:
    """The same of an expression in the ledger's notation."""

    kind: Kind
    change: str
    expression: sympy.Expr


def variants(
    whole: Expression, variables: Sequence[Expression] = (), *, longer: bool = True
) -> list[Variant]:
    """All single-site variants of an expression, each once, in a fixed order.

    ``variables`` are those that may stand in one another's place. Sums get shorter and, unless terms beyond
    their ends may have no value, ``longer``.
    """
    layered = bool(_symbols(whole))
    found = {whole: Variant(Kind.SIGN, "", whole)}
    for variant in _Sites(tuple(variables), layered, longer).of_the_whole(whole):
        found.setdefault(variant.expression, variant)
    return list(found.values())[1:]


@lru_cache(maxsize=1 << 12)
def mutants(side: sympy.Expr) -> tuple[Mutant, ...]:
    """All single-site variants of an expression in the ledger's notation, each once, in a fixed order."""
    symbols = {symbol.name: symbol for symbol in side.atoms(sympy.Symbol)}
    found = {_contracted(side): Mutant(Kind.SIGN, "", side)}
    written: dict[Expression, sympy.Expr] = {}
    for variant in variants(from_sympy(side), longer=False):
        changed = to_sympy(variant.expression, symbols, written)
        # No value anywhere is no slip, and of Γ(½) SymPy makes √π, which is outside of the notation.
        if not changed.has(sympy.zoo, sympy.nan, sympy.oo, sympy.NumberSymbol):
            found.setdefault(_contracted(changed), Mutant(variant.kind, variant.change, changed))
    return tuple(found.values())[1:]


def _contracted(side: sympy.Expr) -> sympy.Expr:
    """As it is read: δ_ik f(k) is δ_ik f(i), so that i for k in f is no slip."""
    if not side.has(sympy.KroneckerDelta):
        return side
    return side.replace(lambda part: part.is_Mul and part.has(sympy.KroneckerDelta), _with_one_index)


def _with_one_index(product: sympy.Mul) -> sympy.Expr:
    read = product
    for delta in product.args:
        if isinstance(delta, sympy.KroneckerDelta):
            first, second = delta.args
            read = sympy.Mul(
                *(each if each == delta else each.xreplace({second: first}) for each in read.args)
            )
    return read


Changes = Iterator[tuple[Kind, str, Expression]]
_ONE, _TWO, _MINUS, _HALF = expression(1), expression(2), expression(-1), Fraction(1, 2)


@dataclass(frozen=True)
class _Sites:
    """The changes of every site; ``layered`` in the ledger's notation, of a chain of N factors."""

    variables: tuple[Expression, ...]
    layered: bool
    longer: bool

    def of_the_whole(self, side: Expression) -> Iterator[Variant]:
        if side.op is Op.NUMBER and not side.data:
            yield Variant(Kind.TERM, "1 instead of 0", _ONE)
        elif side.op is not Op.ZERO:
            yield Variant(Kind.SIGN, "sign changed", _negative(side))
            depth = size(N.name)
            for factor in (_TWO, *((depth, depth - 1) if self.layered else ())):
                yield Variant(Kind.FACTOR, f"factor ${text(factor)}$", _times(factor, side))
        for kind, change, varied in self.inside(side):
            yield Variant(kind, f"{kind.value}: {change}", varied)

    def inside(self, node: Expression) -> Changes:
        """The changes of a node itself, and of all that is below it."""
        yield from self.here(node)
        for place, part in enumerate(_parts(node)):
            kept = place in _KEPT.get(node.op, ()) or (not self.longer and place in _POWERS.get(node.op, ()))
            if kept or (node.op in _SUMS and part.op is Op.NUMBER):
                continue
            whole = place in WHOLE_PLACES.get(node.op, ())
            changes = self.index(node, place) if whole else self.inside(part)
            for kind, change, varied in changes:
                with suppress(TypeError, ValueError):  # sizes or an index that mean nothing
                    yield kind, change, _with_part(node, place, varied)

    def here(self, node: Expression) -> Changes:
        for kind, varied in self._here(node):
            yield kind, f"${text(node)}$ becomes ${text(varied)}$", varied
        if node.op in _SUMS:
            terms = _terms(node)
            for place, (sign, term) in enumerate(terms):
                name = f"${text(term)}$"
                yield Kind.TERM, f"{name} is dropped", _total(terms[:place] + terms[place + 1 :])
                yield Kind.TERM, f"{name} changes its sign", _total(replaced_at(terms, place, (-sign, term)))
                doubled = (sign, _times(_TWO, term))
                yield Kind.TERM, f"{name} is doubled", _total(replaced_at(terms, place, doubled))
        elif (
            node.op in _PRODUCTS and not self.layered
        ):  # there a factor may be 1, and powers of one matrix commute
            factors = factors_of(node, _PRODUCTS)
            for place, factor in enumerate(factors):
                rest = factors[:place] + factors[place + 1 :]
                if node.is_matrix and not any(each.is_matrix for each in rest):
                    continue
                yield Kind.FACTOR, f"${text(factor)}$ is dropped", reduce(mul, rest)

    def _here(self, node: Expression) -> Iterator[tuple[Kind, Expression]]:
        match node.op:
            case Op.NUMBER if node.data:
                yield Kind.FACTOR, expression(2 * node.data)
                yield Kind.FACTOR, expression(node.data / 2)
                yield Kind.SIGN, expression(-node.data)
            case Op.POW:
                base, exponent = node.args
                steps = [_ONE, _MINUS, *(self._parts_of_one if not base.is_matrix else ())]
                yield from ((Kind.EXPONENT, base ** _plus(exponent, step)) for step in steps)
            case Op.EXP if self.layered:
                (rate,) = node.args
                for symbol in _symbols(rate):
                    for step in (_ONE, _MINUS, *self._parts_of_one):
                        yield Kind.EXPONENT, exp(rate + _times(step, symbol))
            case Op.NEG:
                yield Kind.SIGN, node.args[0]
            case Op.ABS | Op.TRANSPOSE | Op.INVERSE:
                yield Kind.OPERATION, node.args[0]
            case Op.MATMUL if not self.layered and _alike(node, node.args[0]) and _alike(node, node.args[1]):
                yield Kind.OPERATION, node.args[1] @ node.args[0]
            case Op.MIN | Op.MAX:
                yield Kind.OPERATION, (maximum if node.op is Op.MIN else minimum)(*node.args)
            case Op.NORM if len(node.args) == 1:
                yield from (
                    (Kind.OPERATION, norm(node.args[0], kind)) for kind in NORMS[:3] if kind != node.data
                )
            case Op.POLYGAMMA:
                yield Kind.ARGUMENT, polygamma(node.data + 1, node.args[0])
                yield Kind.ARGUMENT, polygamma(node.data, node.args[0] + _HALF)
            case Op.GAMMA:
                yield Kind.ARGUMENT, gamma(node.args[0] + _HALF)
            case Op.LOG:
                yield Kind.ARGUMENT, log(_times(_TWO, node.args[0]))
        if node.op is Op.MATRIX and node.shape is not None and node.shape[0] is node.shape[1]:
            yield Kind.OPERATION, node.T
        if node.op in VARIABLES:
            alike = (other for other in self.variables if other.op is node.op and _alike(node, other))
            yield from ((Kind.VARIABLE, other) for other in alike)

    @property
    def _parts_of_one(self) -> tuple[Expression, ...]:
        """±1/N, where there is a depth N."""
        return (1 / size(N.name), -1 / size(N.name)) if self.layered else ()

    def index(self, node: Expression, place: int) -> Changes:
        """An index, or an end of a range, off by one; in the ledger's notation a direction is another one."""
        own, kind = node.args[place], Kind.RANGE if node.op in BINDERS else Kind.INDEX
        if node.op is Op.SYMBOL:
            named = [each for each in own.walk() if each.op in (Op.INDEX, Op.SIZE)]
            if HEADS[node.data].takes[place] in (Argument.DIRECTION, Argument.LEADING):
                changed = [_OTHER] if named and own is not _OTHER else []
            else:
                changed = _neighbours(own) if named else []
        elif node.op in BINDERS and not self.longer:
            changed = [_plus(own, expression(1 if place == 0 else -1))]
        else:
            changed = [] if self.layered and node.op is Op.DELTA else _neighbours(own)
        for varied in changed:
            yield kind, f"${text(own)}$ of ${text(node)}$ becomes ${text(varied)}$", varied


_OTHER = index(i.name)
_SUMS, _PRODUCTS = (Op.ADD, Op.SUB), (Op.MUL, Op.SCALE)
_KEPT = {Op.MOMENT: (0, 1, 2), Op.BERNOULLI: (0,), Op.AT: (0,)}
"""Arguments that are left as they are: another one may lie outside of the domain."""
_POWERS = {Op.POW: (1,), Op.EXP: (0,)}
"""Exponents, which in the ledger's notation change by ±1 and ±1/N."""


def _parts(node: Expression) -> Sequence[Expression]:
    """What a node is made of: of sums and products all terms and factors, however they are nested."""
    if node.op in _SUMS:
        return [term for _, term in _terms(node)]
    return factors_of(node, _PRODUCTS) if node.op in _PRODUCTS else node.args


def _with_part(node: Expression, place: int, part: Expression) -> Expression:
    if node.op in _SUMS:
        terms = _terms(node)
        return _total(replaced_at(terms, place, (terms[place][0], part)))
    if node.op in _PRODUCTS:
        return reduce(mul, replaced_at(factors_of(node, _PRODUCTS), place, part))
    return rebuilt(node, replaced_at(node.args, place, part))


def _terms(node: Expression, sign: int = 1) -> tuple[tuple[int, Expression], ...]:
    """The terms of a sum with their signs."""
    if node.op not in _SUMS:
        return ((sign, node),)
    left, right = node.args
    return (*_terms(left, sign), *_terms(right, sign if node.op is Op.ADD else -sign))


def _total(terms: Sequence[tuple[int, Expression]]) -> Expression:
    (sign, first), *others = terms
    total = first if sign > 0 else _negative(first)
    for sign, term in others:
        total = total + term if sign > 0 else total - term
    return total


def _negative(node: Expression) -> Expression:
    return expression(-node.data) if node.op is Op.NUMBER else -node


def _times(factor: Expression, node: Expression) -> Expression:
    if factor.op is Op.NUMBER and node.op is Op.NUMBER:
        return expression(factor.data * node.data)
    return node if factor is _ONE else _negative(node) if factor is _MINUS else factor * node


def _plus(node: Expression, step: Expression) -> Expression:
    if node.op is Op.NUMBER and step.op is Op.NUMBER:
        return expression(node.data + step.data)
    try:
        return size(node + step)
    except TypeError:  # no polynomial in sizes
        return node + step


def _symbols(node: Expression) -> list[Expression]:
    """The symbols of the ledger in an expression, each once."""
    own = [node] if node.op is Op.SYMBOL else [each for part in node.args for each in _symbols(part)]
    return list(dict.fromkeys(own))


def _neighbours(whole: Expression) -> list[Expression]:
    return [_plus(whole, expression(by)) for by in (1, -1)]


def _alike(node: Expression, other: Expression) -> bool:
    """Whether two expressions are different, and of the same shape."""
    if node is other or node.shape is None or other.shape is None:
        return node is not other and node.shape is other.shape
    return all(a is b for a, b in zip(node.shape, other.shape, strict=True))


def replaced_at(items: Sequence[T], place: int, new: T) -> tuple[T, ...]:
    """The items with another one at a place."""
    return (*items[:place], new, *items[place + 1 :])
