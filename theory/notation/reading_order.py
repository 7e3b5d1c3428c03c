"""The order in which the factors of a product are read."""

from __future__ import annotations

from collections.abc import Iterable

from sympy import Add, Expr, Integer, Pow, Sum, Symbol, default_sort_key, exp

from jacspec.theory.notation.words import D, Inner


def _reading_order(factor: Expr) -> tuple[int, object]:
    """Numbers, symbols, powers, exponentials, inner products, brackets, sums."""
    base = factor.base if isinstance(factor, Pow) else factor
    ranks = ((Symbol, 1), (exp, 3), (Inner, 4), (D, 5), (Add, 6), (Sum, 7))
    rank = 0 if factor.is_number else next((r for kind, r in ranks if isinstance(base, kind)), 2)
    return rank, default_sort_key(factor)


def in_order(product: Expr) -> tuple[bool, list[Expr], list[Expr]]:
    """Return (negative, factors of the numerator, factors of the denominator), as they are read."""
    commuting, word = product.args_cnc()
    negative, above, below = False, [], []
    for factor in commuting:
        if factor.is_Rational:
            negative ^= bool(factor.is_negative)
            above += [Integer(abs(factor.p))] if abs(factor.p) != 1 else []
            below += [Integer(factor.q)] if factor.q != 1 else []
        elif isinstance(factor, Pow) and factor.exp.is_Integer and factor.exp.is_negative:
            below.append(factor.base ** (-factor.exp))
        else:
            above.append(factor)
    return negative, [*sorted(above, key=_reading_order), *word], sorted(below, key=_reading_order)


def side_by_side(factors: Iterable[str], *, in_latex: bool = False) -> str:
    """Factors as they are written one after the other; a sign keeps the digits of two numbers apart."""
    space, times = (r" \, ", r" \cdot ") if in_latex else (" ", " · ")
    first, *others = factors
    return first + "".join(f"{times if each[0].isdigit() else space}{each}" for each in others)


def positive_first(terms: list[Expr]) -> list[Expr]:
    """``n - k`` rather than ``-k + n``: the first term without a minus sign moves to the front."""
    leading = next((term for term in terms if not term.could_extract_minus_sign()), terms[0])
    return [leading, *(term for term in terms if term is not leading)]
