"""Expressions of the notation as lists of terms: ``scalar · word``, summed over indices.

Expansion is pure algebra, products over sums, Leibniz' rule for d/dt and linearity of ⟨·,·⟩; it
uses no assumption, except that what stands under a d/dt may be rewritten first (an equation that
holds at all times may be differentiated).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import count, product
from types import MappingProxyType

from sympy import (
    Add,
    Dummy,
    Expr,
    KroneckerDelta,
    Mul,
    Pow,
    S,
    Sum,
    Symbol,
    default_sort_key,
    exp,
    expand,
    log,
    sinh,
)
from sympy.core.function import AppliedUndef

from jacspec.theory.algebra.rules import Range
from jacspec.theory.notation.heads import Kind, head_of
from jacspec.theory.notation.symbols import N, epsilon, n
from jacspec.theory.notation.words import D, Inner, letters, transpose_word, word_kinds


@dataclass(frozen=True)
class Term:
    """``Σ_limits scalar · word``; inner products of words count as scalars.

    ``limits`` holds triples (index, first, last); the index is a dummy of this term alone.
    """

    scalar: Expr = S.One
    word: tuple[Expr, ...] = ()
    limits: tuple[tuple[Symbol, Expr, Expr], ...] = ()

    @property
    def parts(self) -> tuple[Expr, tuple[Expr, ...], tuple[tuple[Symbol, Expr, Expr], ...]]:
        """The scalar, the word and the limits, as a move records them."""
        return self.scalar, self.word, self.limits

    @property
    def ranges(self) -> dict[Symbol, Range]:
        """The range of every summation index."""
        return {variable: (first, last) for variable, first, last in self.limits}

    def substituted(self, values: dict[Symbol, Expr]) -> Term:
        """Put values for indices, in the ranges of the other indices too."""
        if not values:
            return self
        return Term(
            self.scalar.xreplace(values),
            tuple(factor.xreplace(values) for factor in self.word),
            tuple(
                (values.get(variable, variable), first.xreplace(values), last.xreplace(values))
                for variable, first, last in self.limits
            ),
        )

    def depends_on(self, variable: Symbol) -> bool:
        """Whether the summand, ranges aside, contains the index."""
        return self.scalar.has(variable) or any(factor.has(variable) for factor in self.word)


Rewriting = Callable[[Expr, list[Term], Mapping[Symbol, Range]], list[Term]]
"""An expression, its terms and what the sums around it run over, to other terms that it equals."""


class Indices:
    """Summation indices, each given out once; the first of two sets is the first of both.

    What SymPy remembers of an expression it remembers by its symbols: with new ones it would start again.
    """

    def __init__(self) -> None:
        self._numbers = count()

    def fresh(self, like: Symbol) -> Dummy:
        """An index of that name which is no other's."""
        return _numbered(like.name, next(self._numbers))


@cache
def _numbered(name: str, _number: int) -> Dummy:
    return Dummy(name, integer=True, positive=True)


def expand_terms(
    expression: Expr,
    rewriting: Rewriting,
    indices: Indices,
    around: Mapping[Symbol, Range] = MappingProxyType({}),
) -> list[Term]:
    """Expand an expression into terms; ``rewriting`` is used under a d/dt, before it is taken."""

    def terms(part: Expr) -> list[Term]:
        return expand_terms(part, rewriting, indices, around)

    if expression is S.Zero:
        return []
    if isinstance(expression, Add):
        return [term for part in expression.args for term in terms(part)]
    if isinstance(expression, Mul):
        return [multiply(parts) for parts in product(*map(terms, expression.args))]
    if isinstance(expression, Pow) and _expands(expression):
        # Each factor is expanded afresh, so that its summation indices are its own.
        copies = [terms(expression.base) for _ in range(int(expression.exp))]
        return [multiply(parts) for parts in product(*copies)]
    if isinstance(expression, Sum):
        inside = dict(around) | {index: (first, last) for index, first, last in expression.limits}
        summands = expand_terms(expression.function, rewriting, indices, inside)
        return [_summed(term, expression.limits, indices) for term in summands]
    if isinstance(expression, Inner):
        return [_closed(term) for term in terms(expression.args[0])]
    if isinstance(expression, D):
        (moving,) = expression.args
        return [part for term in rewriting(moving, terms(moving), around) for part in _leibniz(term)]
    if not expression.is_commutative:
        return [Term(word=(expression,))]
    if isinstance(expression, exp):
        return [Term(scalar=exp(expand(expression.args[0])))]
    if isinstance(expression, sinh):
        rate = expand(expression.args[0])
        return [Term(scalar=exp(rate) / 2), Term(scalar=-exp(-rate) / 2)]
    return [Term(scalar=expression)]


def _expands(power: Pow) -> bool:
    if not (power.exp.is_Integer and power.exp.is_positive):
        return False
    return isinstance(power.base, Add | Sum | Inner) or not power.base.is_commutative


def _summed(term: Term, limits: Iterable[tuple[Symbol, Expr, Expr]], indices: Indices) -> Term:
    fresh = {limit[0]: indices.fresh(limit[0]) for limit in limits}
    own = tuple((variable, first, last) for variable, first, last in limits)
    return replace(term, limits=term.limits + own).substituted(fresh)


def multiply(parts: Iterable[Term]) -> Term:
    """The product of terms, words in the order given."""
    factors = list(parts)
    word = tuple(letter for part in factors for letter in part.word)
    limits = tuple(limit for part in factors for limit in part.limits)
    return Term(Mul(*(part.scalar for part in factors)), word, limits)


def split_scalars(term: Term) -> Term:
    """Take every ``row · matrices · column`` out of the word, as an inner product."""
    word, scalar = list(term.word), term.scalar
    while True:
        start = None
        for position, kind in enumerate(word_kinds(tuple(word))):
            if kind is Kind.ROW:
                start = position
            elif kind is Kind.COLUMN and start is not None:
                scalar *= _canonical_inner(word[start : position + 1])
                del word[start : position + 1]
                break
        else:
            return replace(term, scalar=scalar, word=tuple(word))


def _canonical_inner(word: list[Expr]) -> Expr:
    """⟨a, b⟩ = ⟨b, a⟩: of a word and its transpose, keep the one that sorts first."""
    plain = Mul(*word)
    return Inner(min(plain, transpose_word(plain), key=default_sort_key))


def _closed(term: Term) -> Term:
    closed = split_scalars(term)
    if closed.word:
        message = f"{Mul(*term.word)} is not a scalar: a row must come first and a column last"
        raise TypeError(message)
    return closed


def _leibniz(term: Term) -> Iterator[Term]:
    """d/dt of a term, factor by factor; a factor without a declared derivative is refused."""
    factors = Mul.make_args(term.scalar)
    for position, factor in enumerate(factors):
        if factor.is_number or isinstance(factor, KroneckerDelta):
            continue
        others = replace(term, scalar=Mul(*factors[:position], *factors[position + 1 :]))
        if isinstance(factor, Inner):
            inside = Term(word=tuple(letters(Mul.make_args(factor.args[0]))))
            yield from (multiply((others, _closed(part))) for part in _leibniz(inside))
        else:
            yield multiply((others, Term(scalar=_dot(factor))))
    for position, factor in enumerate(term.word):
        word = (*term.word[:position], _dot(factor), *term.word[position + 1 :])
        yield replace(term, word=word)


def _dot(atom: Expr) -> Expr:
    if isinstance(atom, log):
        return _dot(atom.args[0]) / atom.args[0]
    if isinstance(atom, Pow) and not any(head_of(part) for part in atom.exp.atoms(AppliedUndef)):
        return atom.exp * atom.base ** (atom.exp - 1) * _dot(atom.base)
    head = head_of(atom)
    velocity = None if head is None else head.derivative
    if velocity is None:
        message = f"the time derivative of {atom} is not declared in the notation"
        raise TypeError(message)
    return velocity(*atom.args)


def merged(scalar: Expr) -> tuple[Expr, Expr]:
    """Return (coefficient rational in N, n and ε, the rest with one power of each base)."""
    coefficient, exponent = S.One, S.Zero
    powers: dict[Expr, Expr] = defaultdict(lambda: S.Zero)
    for factor in Mul.make_args(scalar):
        base, power = factor.as_base_exp()
        if factor.free_symbols <= {N, n, epsilon} and factor.is_rational_function():
            coefficient *= factor
        elif isinstance(factor, exp):
            exponent += factor.args[0]
        else:
            # SymPy leaves x^{1-1/N} x^{1/N} as it is.
            powers[base] += power
    remaining = S.Zero
    for part in Add.make_args(expand(exponent)):
        # e^{a log x} = x^a, which SymPy sees for simple a only.
        logs = [factor for factor in Mul.make_args(part) if isinstance(factor, log)]
        if len(logs) == 1:
            powers[logs[0].args[0]] += part / logs[0]
        else:
            remaining += part
    rest = Mul(*(base ** expand(power) for base, power in powers.items()))
    return coefficient, rest * exp(remaining)
