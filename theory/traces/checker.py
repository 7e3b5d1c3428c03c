"""Whether a trace shows what it is said to show: every move by the law it names, and plain arithmetic.

Every move replaces a term by what equals it. With these differences added, the two sides must be the same
polynomial of words. Nothing here is shared with the normal form, which made the trace, but its record.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sympy import Expr, Sum, Symbol

from jacspec.theory.algebra.rules import Rule
from jacspec.theory.algebra.trace import Trace
from jacspec.theory.traces.laws import Follower
from jacspec.theory.traces.polynomials import Monomial, Polynomial, substituted
from jacspec.theory.traces.quotients import without_denominators
from jacspec.theory.traces.reading import Reader, ranges_of
from jacspec.theory.traces.signs import never_negative


@dataclass(frozen=True)
class Claim:
    """left = right by ``rules``, for all values in their ranges of the ``free`` indices.

    With ``vanishing``, in the limit in which it is 0; the indices in each set of ``distinct`` differ. What
    multiplies a lemma must be one of ``factors``, which are not negative, nor any term of a sum.
    """

    left: Expr
    right: Expr
    rules: tuple[Rule, ...] = ()
    vanishing: Symbol | None = None
    distinct: tuple[frozenset[Symbol], ...] = ()
    free: tuple[tuple[Symbol, Expr, Expr | None], ...] = ()
    factors: tuple[Expr, ...] = ()


def fault(claim: Claim, left: Trace, right: Trace) -> str:
    """What is wrong with the traces of the two sides as a proof of the claim; empty if nothing is."""
    ranges = ranges_of(claim.free)
    only = {symbol: Reader().index(first) for symbol, first, last in claim.free if first == last}
    try:
        for factor in claim.factors:
            inside = Reader(ranges=ranges)
            if isinstance(factor, Sum):
                inside, summand = inside.under(factor.limits)[0], factor.function
            else:
                summand = factor
            unsigned = frozenset(each.name for each in summand.free_symbols if not each.is_nonnegative)
            if not never_negative(inside.read(summand), inside.ranges, unsigned):
                return f"the factor {factor} is not seen to be ≥ 0"
        sides = (
            Follower.of(claim.rules, only, ranges, trace).reached(side, trace.moves)
            for side, trace in ((claim.left, left), (claim.right, right))
        )
        gap = next(sides) - next(sides)
        if claim.vanishing is not None:
            gap = substituted(gap, {claim.vanishing.name: ()})
        rest = without_denominators(_apart(gap, claim.distinct).renamed)
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        return str(error)
    return f"what its moves leave of the difference of its sides is not 0: {rest.key}" if rest.terms else ""


def _apart(polynomial: Polynomial, distinct: Iterable[frozenset[Symbol]]) -> Polynomial:
    """Without the terms with a factor [i = k] for two indices that differ."""
    pairs = [{((symbol.name, 1),) for symbol in each} for each in distinct]

    def equated(term: Monomial) -> bool:
        deltas = ({*atom[1:]} for atom, own in term.powers if atom[0] == "equal" and (own.number or 0) > 0)
        return any(delta <= pair for delta in deltas for pair in pairs)

    return Polynomial(tuple(each for each in polynomial.terms if not equated(each[0])))
