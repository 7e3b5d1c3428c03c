"""Sums brought to a canonical range: deltas contract, constants are counted, the ends' terms are split off.

Every change is recorded as a move (theory/algebra/trace.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from sympy import Expr, Integer, KroneckerDelta, Mul, S, Symbol, expand
from sympy.core.function import AppliedUndef

from jacspec.theory.algebra.rules import Range, surely_within
from jacspec.theory.algebra.terms import Term, merged
from jacspec.theory.algebra.trace import Contracted, Counted, Move, Reindexed, WrittenOut
from jacspec.theory.notation.symbols import N, n

Record = Callable[[Move], None]


def canonical_sums(term: Term, free: Mapping[Symbol, Range], record: Record) -> list[Term]:
    """Contract deltas, evaluate constant sums, bring every range to 1 … N or 1 … n.

    Sums between numbers are written out.

    Raises TypeError for a range that is not that up to finitely many terms.
    """
    # Merged first: in e^{(N-l)γ} e^{(l-1)γ} the layer cancels, and the sum is constant.
    pending = [(_contracted(replace(term, scalar=Mul(*merged(term.scalar))), free, record), 0)]
    settled: list[Term] = []
    while pending:
        current, done = pending.pop()
        if current.scalar is S.Zero:
            continue
        if done == len(current.limits):
            settled.append(current)
            continue
        variable, first, last = current.limits[done]
        others = current.limits[:done] + current.limits[done + 1 :]
        if not current.depends_on(variable):
            record(Counted(*current.parts, variable))
            count = last - first + 1
            pending.append((replace(current, scalar=current.scalar * count, limits=others), done))
            continue
        if first.is_Integer and last.is_Integer:
            record(WrittenOut(*current.parts, variable))
            rest = replace(current, limits=others)
            values = map(Integer, range(int(first), int(last) + 1))
            pending += [(rest.substituted({variable: value}), done) for value in values]
            continue
        shift = _lowest_offset(current, variable)
        summand = replace(current, limits=others).substituted({variable: variable - shift})
        end = N if last.has(N) else n
        extra, missing = expand(last + shift - end), expand(first + shift - 1)
        if not (extra.is_Integer and missing.is_Integer):
            message = f"the range {first} … {last} is not 1 … {end} up to finitely many terms"
            raise TypeError(message)
        if not (shift.is_zero and extra == missing == 0):
            record(Reindexed(*current.parts, variable, shift, Integer(1), end))
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


def _contracted(term: Term, free: Mapping[Symbol, Range], record: Record) -> Term:
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
            if variable not in other.free_symbols and surely_within(other, (first, last), {**free, **known}):
                record(Contracted(*term.parts, variable, other))
                reduced = Term(term.scalar / factor, term.word, left)
                return _contracted(reduced.substituted({variable: other}), free, record)
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
