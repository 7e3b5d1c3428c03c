"""Sizes: polynomials with whole coefficients in named sizes and indices, in a normal form.

Equal sizes are one object, whatever way they came about: (n - 1) + 1 is n, and n + m is m + n.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from functools import reduce
from operator import mul
from typing import Any
from unicodedata import normalize

from jacspec.documents.mathematics import READ_AS_WORDS
from jacspec.theory.statements.expression import Expression, expression
from jacspec.theory.statements.tree import Op

_Monomial = tuple[Expression, ...]


def checked_name(name: str) -> str:
    """A name of a variable, an index or a size: a letter, then letters and digits; not that of the identity.

    What is printed like an operation, as Aᵀ and log are, or like a number, is none.
    """
    if not isinstance(name, str) or not name.replace("_", "").isalnum() or not name[0].isalpha():
        message = f"the name {name!r}: expected letters and digits, such as 'A' or 'x_1'"
        raise ValueError(message)
    stem, *index = name.split("_")
    if stem in {"I", *READ_AS_WORDS} or normalize("NFKC", name) != name or "" in index or index[1:]:
        message = f"the name {name!r} is read as something else: expected letters such as 'A' or 'x_1'"
        raise ValueError(message)
    return name


def size(value: str | int | Expression) -> Expression:
    """A size: a name (one name is one size), a whole number, or an expression of these and of indices."""
    if isinstance(value, str):
        return Expression(Op.SIZE, data=checked_name(value))
    return _rebuilt(_polynomial(expression(value)))


def extent(value: str | int | Expression) -> Expression:
    """The size of a matrix or a chain; raises ValueError for a number below 1."""
    found = size(value)
    if found.op is Op.NUMBER and found.data < 1:
        message = f"the size {found}: expected a whole number from 1 on, or a name such as 'n'"
        raise ValueError(message)
    return found


def span(first: Any, last: Any) -> Expression:
    """How many whole numbers there are from ``first`` to ``last``; at least one."""
    return extent(expression(last) - expression(first) + 1)


def _polynomial(node: Expression) -> Counter[_Monomial]:
    """The coefficient of every monomial."""
    match node.op:
        case Op.NUMBER if node.data.denominator == 1:
            return Counter({(): int(node.data)})
        case Op.SIZE | Op.INDEX:
            return Counter({(node,): 1})
        case Op.ADD | Op.SUB:
            left, right = map(_polynomial, node.args)
            for monomial, coefficient in right.items():
                left[monomial] += coefficient if node.op is Op.ADD else -coefficient
            return left
        case Op.MUL:
            product: Counter[_Monomial] = Counter()
            left, right = map(_polynomial, node.args)
            for a, x in left.items():
                for b, y in right.items():
                    product[tuple(sorted((*a, *b), key=lambda atom: str(atom.data)))] += x * y
            return product
    message = f"the size {node}: expected whole numbers, named sizes and indices, with + - and *"
    raise TypeError(message)


def _rebuilt(polynomial: Counter[_Monomial]) -> Expression:
    """Monomials in alphabetical order, those with a positive coefficient first, the number last."""
    order = sorted(
        (pair for pair in polynomial.items() if pair[1]),
        key=lambda pair: (not pair[0], pair[1] < 0, [str(atom.data) for atom in pair[0]]),
    )
    total: Expression | None = None
    for monomial, coefficient in order:
        factor = abs(coefficient) if total is not None else coefficient
        term = (
            reduce(mul, monomial[1:], factor * monomial[0] if factor != 1 else monomial[0])
            if monomial
            else expression(Fraction(factor))
        )
        total = term if total is None else total - term if coefficient < 0 else total + term
    return expression(0) if total is None else total
