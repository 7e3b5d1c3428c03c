"""The normal form of an expression of the notation: two expressions are equal if their forms are.

The form is reached by named, canonical operations only, never by a heuristic ``simplify``:

* expansion into terms (theory/algebra/terms.py);
* the equations of the assumptions, used from left to right until none applies (theory/algebra/rewriting.py);
* Kronecker deltas contract, constant sums are evaluated, and every sum is brought to run from 1 to its
  natural end (theory/algebra/sums.py);
* exponentials merge, with expanded exponents;
* like terms are collected, their coefficients cancelled as rational functions of ``N``, ``n`` and ``ε``.

Every use of a rule and every change of a sum is recorded (theory/algebra/trace.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache, partial
from itertools import permutations

from sympy import (
    AccumBounds,
    Add,
    Expr,
    Integer,
    KroneckerDelta,
    Mul,
    Pow,
    Sum,
    Symbol,
    cancel,
    default_sort_key,
    nan,
    oo,
    together,
    zoo,
)

from jacspec.theory.algebra.remembered import hashed_once
from jacspec.theory.algebra.rewriting import Rewriter
from jacspec.theory.algebra.rules import OutOfRange, Range, Rule
from jacspec.theory.algebra.scalar_form import PointAtRandom
from jacspec.theory.algebra.sums import canonical_sums
from jacspec.theory.algebra.terms import Term, expand_terms, merged
from jacspec.theory.algebra.trace import Trace
from jacspec.theory.notation.printing import text
from jacspec.theory.notation.symbols import i, j, k, n


@hashed_once
@dataclass(frozen=True)
class Question:
    """Modulo what expressions are compared.

    With ``vanishing`` (in practice ε), as it tends to 0. The indices in each set of ``distinct`` differ from
    one another; ``free`` are the ranges of indices that are free: i, j and k are directions by default.
    """

    rules: tuple[Rule, ...] = ()
    vanishing: Symbol | None = None
    distinct: tuple[frozenset[Symbol], ...] = ()
    free: tuple[tuple[Symbol, Expr, Expr | None], ...] = tuple((each, Integer(1), n) for each in (i, j, k))

    @property
    def ranges(self) -> dict[Symbol, Range]:
        """The ranges of the free indices."""
        return {index: (first, last) for index, first, last in self.free}

    @property
    def sizes(self) -> dict[Symbol, Expr]:
        """The sizes and indices that have one value only, as n = 2."""
        return {index: first for index, first, last in self.free if first == last}


@dataclass(frozen=True)
class Reached:
    """A normal form, how it was reached, and rules that were not used because they are not claimed there."""

    form: Expr
    trace: Trace
    refused: tuple[OutOfRange, ...]


def agree(left: Expr, right: Expr, rules: Sequence[Rule] = (), *, vanishing: Symbol | None = None) -> bool:
    """Decide whether left = right by normal form, modulo ``rules``."""
    return same_form(left, right, Question(tuple(rules), vanishing))


@lru_cache(maxsize=4096)
def same_form(left: Expr, right: Expr, question: Question) -> bool:
    """Whether two expressions have one normal form; where it divides by sums, as rational functions.

    Term by term: what a variant of a sum shares with it cancels before it is brought together.
    """
    gathered: dict[Expr, list[Expr]] = defaultdict(list)
    for sign, side in ((1, left), (-1, right)):
        for part in Add.make_args(side):
            for coefficient, rest in _named_terms(part, question).terms:
                gathered[rest].append(sign * coefficient)
    if _differs_at_a_point(gathered):
        return False
    difference = Add(*(_total(tuple(found)) * rest for rest, found in gathered.items()))
    if difference == 0:
        return True
    divides = any(isinstance(power.base, Add) and power.exp.is_negative for power in difference.atoms(Pow))
    if not (divides and difference.is_commutative) or PointAtRandom().sign_of(difference) not in (None, 0):
        return False
    return bool(cancel(together(difference)) == 0)


def _differs_at_a_point(gathered: Mapping[Expr, Sequence[Expr]]) -> bool:
    """Whether a sum of terms, by what their coefficients stand before, is certainly not 0.

    Seen at an exact point: to cancel is slow, and most variants of a step differ. Words are independent;
    roots are not, and have no such point.
    """
    point = PointAtRandom()
    try:
        values = {rest: sum(map(point.of, found), Fraction(0)) for rest, found in gathered.items()}
        if all(rest.is_commutative for rest in gathered):
            total = sum((value * point.of(rest) for rest, value in values.items()), Fraction(0))
            return total != 0 and not point.met_root
    except ZeroDivisionError:
        return False
    return any(values.values()) and not point.met_root


@lru_cache(maxsize=1 << 14)
def _total(coefficients: tuple[Expr, ...]) -> Expr:
    """The sum of coefficients that are rational in N, n and ε."""
    total = Add(*coefficients)
    return total if total.is_Rational else cancel(together(total))


def normal_form(expression: Expr, rules: Sequence[Rule] = ()) -> Expr:
    """The canonical form of an expression, its heads rewritten by ``rules``."""
    return reached(expression, Question(tuple(rules))).form


@lru_cache(maxsize=4096)
def reached(expression: Expr, question: Question = Question()) -> Reached:
    """The canonical form of an expression, with its trace.

    Raises ValueError where a term is not defined at the 0 that the question asks about.
    """
    parts = [_named_terms(part, question) for part in Add.make_args(expression)]
    gathered: dict[Expr, list[Expr]] = defaultdict(list)
    for part in parts:
        for coefficient, rest in part.terms:
            gathered[rest].append(coefficient)
    form = Add(*(_total(tuple(found)) * rest for rest, found in gathered.items()))
    refused = tuple(each for part in parts for each in part.refused)
    return Reached(form, Trace.joined([part.trace for part in parts]), refused)


@dataclass(frozen=True)
class _Named:
    """The terms of a summand, each a rational coefficient and the rest, and how they were reached."""

    terms: tuple[tuple[Expr, Expr], ...]
    trace: Trace
    refused: tuple[OutOfRange, ...]


@lru_cache(maxsize=1 << 14)
def _named_terms(summand: Expr, question: Question) -> _Named:
    """Remembered: a variant of a sum differs from it in one summand."""
    rewriter = Rewriter(question.rules, question.ranges, partial(_form_and_trace, question.rules))
    terms = rewriter.settled(expand_terms(summand, rewriter.before_derivative, rewriter.indices))
    if question.sizes:
        terms = [term.substituted(question.sizes) for term in terms]
    if question.vanishing is not None:
        terms = [replace(term, scalar=_at_zero(term.scalar, question.vanishing)) for term in terms]
    terms = [made for term in terms for made in canonical_sums(term, question.ranges, rewriter.moves.append)]
    named = tuple(_named(term) for term in terms if not _vanishes(term, question.distinct))
    return _Named(named, rewriter.trace, tuple(rewriter.refused))


def _form_and_trace(
    rules: tuple[Rule, ...], expression: Expr, limits: Mapping[Symbol, Range]
) -> tuple[Expr, Trace]:
    free = tuple((index, first, last) for index, (first, last) in limits.items())
    found = reached(expression, Question(rules, free=free))
    return found.form, found.trace


def _vanishes(term: Term, distinct: tuple[frozenset[Symbol], ...]) -> bool:
    """Whether a factor is [i = k] for two indices that differ."""
    for factor in Mul.make_args(term.scalar):
        delta, exponent = factor.as_base_exp()
        is_delta = isinstance(delta, KroneckerDelta) and exponent.is_positive
        if is_delta and any(indices.issuperset(delta.args) for indices in distinct):
            return True
    return False


def _at_zero(scalar: Expr, vanishing: Symbol) -> Expr:
    """The value at 0, which is the limit where the expression is continuous there."""
    value = scalar.subs(vanishing, 0)
    singular = value.has(zoo, nan, oo, -oo) or any(power.base.is_zero for power in value.atoms(Pow))
    if singular or value.has(AccumBounds):
        message = (
            f"{text(scalar)} is not continuous at {text(vanishing)} = 0: its limit cannot be read off there"
        )
        raise ValueError(message)
    return value


# --- collection ---------------------------------------------------------------------------------


def _named(term: Term) -> tuple[Expr, Expr]:
    """Name the summation indices canonically; split the rational coefficient from the rest."""
    candidates = []
    for order in permutations(term.limits):
        names = {
            limit[0]: Symbol(f"m_{position}", integer=True, positive=True)
            for position, limit in enumerate(order)
        }
        named = term.substituted(names)
        coefficient, scalars = merged(named.scalar)
        body = Mul(scalars, *named.word)
        limits = sorted(named.limits, key=default_sort_key)
        candidates.append((coefficient, Sum(body, *limits) if limits else body))
    return min(candidates, key=lambda candidate: default_sort_key(candidate[1]))
