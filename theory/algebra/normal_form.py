"""The normal form of an expression of the notation: two expressions are equal if their forms are.

The form is reached by named, canonical operations only, never by a heuristic ``simplify``:

* expansion into terms (theory/algebra/terms.py);
* the equations of the assumptions, used from left to right until none applies (theory/algebra/rules.py);
* Kronecker deltas contract, constant sums are evaluated, and every sum is brought to run from 1 to
its
  natural end (``N`` for layers, ``n`` for directions) by splitting off finitely many terms;
* exponentials merge, with expanded exponents;
* like terms are collected, their coefficients cancelled as rational functions of ``N``, ``n`` and
``ε``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import permutations

from sympy import (
    AccumBounds,
    Add,
    Expr,
    Integer,
    KroneckerDelta,
    Mul,
    Pow,
    S,
    Sum,
    Symbol,
    cancel,
    default_sort_key,
    exp,
    expand,
    log,
    nan,
    oo,
    together,
    zoo,
)
from sympy.core.function import AppliedUndef

from jacspec.theory.algebra.rules import Rule, rewrite, surely_within
from jacspec.theory.algebra.terms import Term, expand_terms, multiply, split_scalars
from jacspec.theory.notation.printing import text
from jacspec.theory.notation.symbols import N, epsilon, i, j, k, n
from jacspec.theory.notation.words import Inner, transpose_word

__all__ = ["agree", "normal_form"]

_DIRECTIONS = {index: (Integer(1), n) for index in (i, j, k)}
"""What free indices of directions stand for."""

_MOST_REWRITES = 5000
"""Rules that have not come to rest by then are circular: a mistake of the derivation's author."""


def agree(
    left: Expr,
    right: Expr,
    rules: Sequence[Rule] = (),
    *,
    vanishing: Symbol | None = None,
    distinct: tuple[frozenset[Symbol], ...] = (),
) -> bool:
    """Decide whether left = right by normal form, modulo ``rules``.

    With ``vanishing`` (in practice ε) both sides are compared as it tends to 0; raises ValueError where a
    term is not defined at 0. The indices in each set of ``distinct`` differ from one another.
    """
    rules = tuple(rules)
    left_form = normal_form(left, rules, vanishing, distinct)
    return bool(left_form == normal_form(right, rules, vanishing, distinct))


@lru_cache(maxsize=4096)
def normal_form(
    expression: Expr,
    rules: tuple[Rule, ...] = (),
    vanishing: Symbol | None = None,
    distinct: tuple[frozenset[Symbol], ...] = (),
) -> Expr:
    """Return the canonical form of an expression, its heads rewritten by ``rules``."""

    def rewriting(terms: list[Term]) -> list[Term]:
        return _rewritten(terms, rules)

    terms = rewriting(expand_terms(expression, rewriting))
    if vanishing is not None:
        terms = [replace(term, scalar=_at_zero(term.scalar, vanishing)) for term in terms]
    terms = [reached for term in terms for reached in _canonical_sums(term)]
    return _collected(term for term in terms if not _vanishes(term, distinct))


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


# --- rewriting ----------------------------------------------------------------------------------


def _rewritten(terms: list[Term], rules: Sequence[Rule]) -> list[Term]:
    pending = list(terms)
    settled: list[Term] = []
    for _ in range(_MOST_REWRITES):
        if not pending:
            return settled
        term = pending.pop()
        successors = _rewrite_word(term, rules)
        if successors is None:
            successors = _rewrite_scalar(term, rules)
        if successors is None:
            settled.append(split_scalars(term))
        else:
            pending.extend(successors)
    message = "the rules do not come to rest: one rewrites what another produces, in a circle"
    raise RuntimeError(message)


def _rewrite_somewhere(word: Sequence[Expr], rules: Sequence[Rule], term: Term) -> Expr | None:
    """Rewrite the first place of a word to which a rule applies; None if there is none."""
    for position in range(len(word)):
        for width in (2, 1):
            made = rewrite(tuple(word[position : position + width]), rules, term.ranges)
            if made is not None:
                return Mul(*word[:position], made, *word[position + width :])
    return None


def _rewrite_word(term: Term, rules: Sequence[Rule]) -> list[Term] | None:
    made = _rewrite_somewhere(term.word, rules, term)
    if made is None:
        return None
    rest = replace(term, word=())
    return [multiply((rest, part)) for part in _plain_terms(made)]


def _rewrite_scalar(term: Term, rules: Sequence[Rule]) -> list[Term] | None:
    factors = Mul.make_args(term.scalar)
    for position, factor in enumerate(factors):
        base, exponent = factor.as_base_exp()
        if isinstance(factor, exp):
            rate = factor.args[0]
            made, exponent = _rewritten_rate(rate, rules), S.One
        elif isinstance(base, log):
            argument = normal_form(base.args[0], tuple(rules))
            made = None if argument == base.args[0] else log(argument)
        elif isinstance(base, Inner):
            # A rule may fit the word or its transpose: they are the same scalar.
            word = base.args[0]
            made = _rewrite_somewhere(Mul.make_args(word), rules, term)
            if made is None:
                made = _rewrite_somewhere(Mul.make_args(transpose_word(word)), rules, term)
            made = None if made is None else Inner(made)
        else:
            made = rewrite((base,), rules, term.ranges)
        if made is not None:
            rest = replace(term, scalar=Mul(*factors[:position], *factors[position + 1 :]))
            return [multiply((rest, part)) for part in _plain_terms(made**exponent)]
    return None


def _rewritten_rate(rate: Expr, rules: Sequence[Rule]) -> Expr | None:
    """Rewrite the heads in an exponent; None if no rule is about any of them."""
    heads = {rule.lhs.func for rule in rules}
    if not any(atom.func in heads for atom in rate.atoms(AppliedUndef)):
        return None
    reached = normal_form(rate, tuple(rules))
    return None if reached == expand(rate) else exp(reached)


def _plain_terms(expression: Expr) -> list[Term]:
    return expand_terms(expression, lambda terms: terms)


# --- sums ---------------------------------------------------------------------------------------


def _canonical_sums(term: Term) -> list[Term]:
    """Contract deltas, evaluate constant sums, bring every range to 1 … N or 1 … n."""
    # Merged first: in e^{(N-l)γ} e^{(l-1)γ} the layer cancels, and the sum is constant.
    pending = [(_contracted(replace(term, scalar=Mul(*_merged(term.scalar)))), 0)]
    settled: list[Term] = []
    while pending:
        current, done = pending.pop()
        if current.scalar.is_zero:
            continue
        if done == len(current.limits):
            settled.append(current)
            continue
        variable, first, last = current.limits[done]
        others = current.limits[:done] + current.limits[done + 1 :]
        if not current.depends_on(variable):
            count = last - first + 1
            pending.append((replace(current, scalar=current.scalar * count, limits=others), done))
            continue
        shift = _lowest_offset(current, variable)
        summand = replace(current, limits=others).substituted({variable: variable - shift})
        end = N if last.has(N) else n
        extra, missing = expand(last + shift - end), expand(first + shift - 1)
        if not (extra.is_Integer and missing.is_Integer):
            message = f"the range {first} … {last} is not 1 … {end} up to finitely many terms"
            raise TypeError(message)
        whole = (*others[:done], (variable, Integer(1), end), *others[done:])
        pending.append((replace(summand, limits=whole), done + 1))
        for sign, value in _end_corrections(int(extra), int(missing), end):
            corrected = summand.substituted({variable: value})
            pending.append((replace(corrected, scalar=corrected.scalar * sign), done))
    return settled


def _end_corrections(extra: int, missing: int, end: Expr) -> Iterator[tuple[int, Expr]]:
    """Σ_{1+missing}^{end+extra} = Σ_1^{end} + corrections: pairs (sign, value of the index)."""
    for step in range(abs(extra)):
        yield (1, end + 1 + step) if extra > 0 else (-1, end - step)
    for step in range(abs(missing)):
        yield (-1, Integer(1 + step)) if missing > 0 else (1, Integer(-step))


def _contracted(term: Term) -> Term:
    """Σ_i δ_ij f(i) = f(j), where j is surely among the values of i; else the delta stays as it is."""
    for factor in Mul.make_args(term.scalar):
        delta, exponent = factor.as_base_exp()
        if not (isinstance(delta, KroneckerDelta) and exponent.is_Integer and exponent.is_positive):
            continue
        for limit in term.limits:
            variable, first, last = limit
            if variable not in delta.args:
                continue
            (other,) = (index for index in delta.args if index != variable)
            left = tuple(kept for kept in term.limits if kept is not limit)
            known = {variable: (start, end) for variable, start, end in left}
            if variable not in other.free_symbols and surely_within(
                other, (first, last), _DIRECTIONS | known
            ):
                reduced = Term(term.scalar / factor, term.word, left)
                return _contracted(reduced.substituted({variable: other}))
    return term


def _lowest_offset(term: Term, variable: Symbol) -> Expr:
    """Return the least c such that ``variable + c`` is an index of the term."""
    offsets = (
        argument - variable
        for part in (term.scalar, *term.word)
        for atom in part.atoms(AppliedUndef)
        for argument in atom.args
        if argument.has(variable)
    )
    return min((offset for offset in offsets if offset.is_Integer), default=Integer(0))


# --- collection ---------------------------------------------------------------------------------


def _collected(terms: Iterable[Term]) -> Expr:
    gathered: dict[Expr, list[Expr]] = defaultdict(list)
    for term in terms:
        coefficient, rest = _named(term)
        gathered[rest].append(coefficient)
    return Add(*(cancel(together(Add(*parts))) * rest for rest, parts in gathered.items()))


def _named(term: Term) -> tuple[Expr, Expr]:
    """Name the summation indices canonically; split the rational coefficient from the rest."""
    candidates = []
    for order in permutations(term.limits):
        names = {
            limit[0]: Symbol(f"m_{position}", integer=True, positive=True)
            for position, limit in enumerate(order)
        }
        named = term.substituted(names)
        coefficient, scalars = _merged(named.scalar)
        body = Mul(scalars, *named.word)
        limits = sorted(named.limits, key=default_sort_key)
        candidates.append((coefficient, Sum(body, *limits) if limits else body))
    return min(candidates, key=lambda candidate: default_sort_key(candidate[1]))


def _merged(scalar: Expr) -> tuple[Expr, Expr]:
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
