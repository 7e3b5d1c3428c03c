r"""Long formulas broken over lines, where a reader would: before + and -, and inside one bracket.

How wide a formula comes out is estimated from its LaTeX, in letters: a fraction is as wide as its wider
half, scripts count for less, and what only steers the typesetting counts for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from sympy import Add, Expr, Mul, Pow, Sum

from jacspec.theory.notation.printing import latex, sides_of, sums_latex, terms_in_order
from jacspec.theory.notation.reading_order import in_order
from jacspec.theory.notation.words import Inner

_ROOM = 72.0
"""Letters on a line of an A4 page with narrow margins, besides the sign of the relation."""

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\S", re.DOTALL)
_SCRIPT = 0.68
_NOTHING = {r"\left", r"\right", r"\biggl", r"\biggr", r"\dot", r"\bar", r"\tilde", r"\displaystyle", "&"}
_WIDTHS = {
    r"\,": 0.3, r"\quad": 2.0, r"\qquad": 4.0, r"\sum": 2.6, r"\int": 1.4, r"\log": 2.6, r"\exp": 2.6,
    r"\sinh": 3.2, r"\to": 2.4, r"\le": 2.4, r"\ge": 2.4, r"\ne": 2.4, r"\langle": 0.8, r"\rangle": 0.8,
    "+": 2.3, "-": 2.3, "=": 2.4, "(": 0.8, ")": 0.8, "[": 0.6, "]": 0.6, ",": 0.8, "'": 0.4, "|": 0.6,
}  # fmt: skip
_HALVES = {r"\frac", r"\tfrac", r"\dfrac", r"\binom"}
_GROUPS = {r"\mathrm", r"\text", r"\operatorname"}


def width(written: str) -> float:
    """About how many letters wide a formula in LaTeX is set."""
    return _Measure(written).all()


class _Measure:
    """A formula in LaTeX, read from left to right."""

    def __init__(self, written: str) -> None:
        self._tokens = _TOKEN.findall(written)
        self._next = 0

    def all(self, end: str = "") -> float:
        """The width up to a closing sign, which is passed over."""
        total, previous, script = 0.0, 0.0, 0.0
        while self._next < len(self._tokens):
            sign = self._tokens[self._next]
            self._next += 1
            if sign == end:
                break
            if sign in "_^":
                # An index and an exponent stand above one another; limits stand around a sum.
                over = _SCRIPT * self._group() - (previous if previous == _WIDTHS[r"\sum"] else 0.0)
                total += max(0.0, over - script)
                script = max(script, over)
                continue
            previous, script = self._one(sign), 0.0
            total += previous
        return total

    def _one(self, sign: str) -> float:
        if sign in _NOTHING:
            return 0.0
        if sign in _HALVES:
            return max(self._group(), self._group()) + 0.4
        if sign in _GROUPS:
            return self._group()
        if sign == "{":
            return self.all("}")
        return _WIDTHS.get(sign, 1.0)

    def _group(self) -> float:
        if self._next == len(self._tokens):
            return 0.0
        sign = self._tokens[self._next]
        self._next += 1
        return self._one(sign)


def broken_latex(expression: Expr, room: float = _ROOM) -> list[str]:
    """The lines of a formula: one if it fits, else as many as it takes."""
    whole = latex(expression)
    if width(whole) <= room:
        return [whole]
    if isinstance(expression, Add):
        return _filled(_signed(terms_in_order(expression), room), room)
    if isinstance(expression, Sum):
        return _bracketed(sums_latex(expression), expression.function, "", room)
    if isinstance(expression, Pow) and isinstance(expression.base, Add | Mul):
        return _bracketed("", expression.base, f"^{{{latex(expression.exp)}}}", room)
    if isinstance(expression, Mul):
        return _broken_product(expression, room)
    if isinstance(expression, Inner):
        first, second = (broken_latex(side, room - 2) for side in sides_of(expression))
        first[-1] += ","
        lines = [*first, *second]
        return [rf"\langle {lines[0]}", *lines[1:-1], rf"{lines[-1]} \rangle"]
    return [whole]


def _signed(terms: Iterable[Expr], room: float) -> list[list[str]]:
    """The lines of each term, all but the first with their sign."""
    made: list[list[str]] = []
    for term in terms:
        first, *others = broken_latex(term, room)
        if made and not first.startswith("-"):
            first = f"+ {first}"
        made.append([first, *others])
    return made


def _filled(pieces: Sequence[Sequence[str]], room: float, between: str = " ") -> list[str]:
    """As many pieces to a line as fit; a piece of several lines begins a line of its own."""
    lines: list[str] = []
    free = 0.0
    for piece in pieces:
        needed = width(piece[0])
        if lines and len(piece) == 1 and needed <= free:
            lines[-1] += between + piece[0]
            free -= needed
        else:
            lines += piece
            free = room - needed if len(piece) == 1 else 0.0
    return lines


def _broken_product(product: Mul, room: float) -> list[str]:
    """A product broken inside its widest factor, or between factors if none of them can be broken."""
    negative, above, below = in_order(product)
    sign = "-" if negative else ""
    divisor = latex(Mul(*below)) if below else ""
    breakable = [factor for factor in above if isinstance(factor, Add | Sum) or _is_power_of_sum(factor)]
    if breakable:
        chosen = max(breakable, key=lambda factor: width(latex(factor)))
        position = above.index(chosen)
        # A sum takes in whatever follows it: it stands last, as it is printed.
        others = [*above[:position], *above[position + 1 :]]
        before = _factors(others)
        prefix = rf"\frac{{{before or '1'}}}{{{divisor}}} \, " if below else (before and rf"{before} \, ")
        inside = chosen if not isinstance(chosen, Pow) else chosen.base
        suffix = f"^{{{latex(chosen.exp)}}}" if isinstance(chosen, Pow) else ""
        if isinstance(chosen, Sum):
            return _bracketed(sign + prefix + sums_latex(chosen), chosen.function, "", room)
        return _bracketed(sign + prefix, inside, suffix, room)
    pieces = [[_factors([factor])] for factor in above]
    if below:
        pieces = [[rf"\frac{{1}}{{{divisor}}}"], *pieces]
    pieces[0][0] = sign + pieces[0][0]
    return _filled(pieces, room, r" \, ")


def _is_power_of_sum(factor: Expr) -> bool:
    return isinstance(factor, Pow) and isinstance(factor.base, Add)


def _factors(factors: Sequence[Expr]) -> str:
    return r" \, ".join(
        rf"\left({latex(factor)}\right)" if isinstance(factor, Add | Sum) else latex(factor)
        for factor in factors
    )


def _bracketed(prefix: str, inside: Expr, suffix: str, room: float) -> list[str]:
    """What stands before, and then a sum in big brackets or a product, broken within the room left."""
    left = max(room - width(prefix) - 2, room / 2)
    lines = broken_latex(inside, left)
    if isinstance(inside, Add) or suffix:
        lines[0] = rf"\biggl( {lines[0]}"
        lines[-1] += rf" \biggr){suffix}"
    lines[0] = f"{prefix}{lines[0]}"
    return lines
