"""Words of heads, products of matrices and vectors: transposes, scalar products, time derivatives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sympy import Add, Expr, Mul, Pow, sympify

from jacspec.theory.notation.heads import Kind, head_of


class Inner(Expr):  # type: ignore[misc]
    """⟨a, b⟩ = aᵀ b: the scalar product of a word that starts with a row and ends with a column."""

    is_commutative = True
    is_extended_real = True

    def __new__(cls, word: Expr) -> Inner:
        """Wrap a word; the word's transpose is the same scalar, which the normal form knows."""
        return Expr.__new__(cls, sympify(word))  # type: ignore[no-any-return]


class D(Expr):  # type: ignore[misc]
    """The time derivative d/dt of an expression, not yet carried out."""

    def __new__(cls, expression: Expr) -> D:
        """Wrap an expression in d/dt."""
        return Expr.__new__(cls, sympify(expression))  # type: ignore[no-any-return]

    def _eval_is_commutative(self) -> bool:
        return bool(self.args[0].is_commutative)


def inner(left: Expr, right: Expr) -> Expr:
    """⟨left, right⟩ = leftᵀ·right for words of columns and matrices."""
    return Inner(transpose_word(left) * right)


def letters(factors: Iterable[Expr]) -> Iterator[Expr]:
    """The heads of a word, one by one: SymPy writes a repeated factor as a power."""
    for factor in factors:
        repeated = isinstance(factor, Pow) and factor.exp.is_Integer and factor.exp.is_positive
        yield from [factor.base] * int(factor.exp) if repeated else [factor]


def transpose_word(expression: Expr) -> Expr:
    """(XY⋯Z)ᵀ = Zᵀ⋯YᵀXᵀ, linear over sums; scalars are left alone."""
    if isinstance(expression, Add):
        return Add(*(transpose_word(term) for term in expression.args))
    scalars, factors = expression.args_cnc()
    turned: list[Expr] = []
    for factor in reversed(list(letters(factors))):
        head = head_of(factor)
        flipped = None if head is None else head.transpose
        if flipped is None:
            message = f"cannot transpose {factor}: it is no head of the notation"
            raise TypeError(message)
        turned.append(flipped(*factor.args))
    return Mul(*scalars, *turned)


def word_kinds(factors: tuple[Expr, ...]) -> list[Kind]:
    """Return the kind of each factor of a word."""
    kinds = []
    for factor in factors:
        head = head_of(factor)
        if head is None:
            message = f"{factor} is no matrix or vector of the notation"
            raise TypeError(message)
        kinds.append(head.kind)
    return kinds
