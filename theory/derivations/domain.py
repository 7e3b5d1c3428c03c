"""For which numbers something is claimed: parameters between ends, and whether one domain lies in another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from sympy import Dummy, Expr, Integer, Symbol, expand, false, fraction, nan, oo, sympify, together

from jacspec.theory.algebra.remembered import hashed_once
from jacspec.theory.algebra.rules import Rule
from jacspec.theory.algebra.scalar_form import replaced
from jacspec.theory.algebra.well_defined import Limits
from jacspec.theory.notation.index_ranges import arguments
from jacspec.theory.notation.printing import latex, text
from jacspec.theory.notation.symbols import N, i, j, k, l, n, r


@hashed_once
@dataclass(frozen=True)
class Parameter:
    """A number on which a formula depends: least ≤ x ≤ most if whole, least < x < most if real.

    Ends may name parameters declared before; no ``most`` means that there is none. Between infinite ends lies
    any real x.
    """

    symbol: Symbol
    least: Expr
    most: Expr | None = None

    def __post_init__(self) -> None:
        """Read whole numbers as SymPy's; refuse ends that are none."""
        object.__setattr__(self, "least", sympify(self.least))
        object.__setattr__(self, "most", None if self.most is None else sympify(self.most))
        for end, infinite in ((self.least, -oo), (self.most, oo)):
            if end is not None and (end is nan or end.is_extended_real is False or end == -infinite):
                message = f"{text(end)} is no end of a range of {text(self.symbol)}"
                raise ValueError(message)

    def allows(self, values: Mapping[Symbol, Expr]) -> bool:
        """Whether its value among these numbers lies between its ends, as far as they have values too."""
        if self.symbol not in values:
            return True
        value, ends = values[self.symbol], (self.least, oo if self.most is None else self.most)
        low, high = (end.xreplace(values) for end in ends)
        inside = (low <= value, value <= high) if self.symbol.is_integer else (low < value, value < high)
        return false not in inside

    def __str__(self) -> str:
        return self._shown(text, *(("≤", "≥") if self.symbol.is_integer else ("<", ">")), "∈ ℝ")

    @property
    def latex(self) -> str:
        """The same in LaTeX."""
        signs = (r"\le", r"\ge") if self.symbol.is_integer else ("<", ">")
        return self._shown(latex, *signs, r"\in \mathbb{R}")

    def _shown(self, written: Callable[[Expr], str], sign: str, turned: str, real: str) -> str:
        name, least = written(self.symbol), written(self.least)
        if self.least.is_infinite:
            return f"{name} {real}" if self.most in (None, oo) else f"{name} {sign} {written(self.most)}"
        if self.most in (None, oo):
            return f"{name} {turned} {least}"
        if self.most == self.least and self.symbol.is_integer:
            return f"{name} = {least}"
        return f"{least} {sign} {name} {sign} {written(self.most)}"


@hashed_once
@dataclass(frozen=True)
class Domain:
    """The parameters of a formula, in the order in which a point of the domain is chosen."""

    parameters: tuple[Parameter, ...] = ()

    def from_least(self, expression: Expr) -> Expr:
        """The expression with every parameter as its least value plus a y ≥ 0 of its own, or > 0 if real."""
        return replaced(expression, _from_least(self))

    def sizes_from_least(self, expression: Expr) -> Expr:
        """The same for the whole numbers alone: exponents in them are then seen to be real."""
        return self.whole.from_least(expression)

    @property
    def whole(self) -> Domain:
        """The sizes and indices among the parameters."""
        return Domain(tuple(each for each in self.parameters if each.symbol.is_integer))

    def about(self, symbols: Iterable[Symbol]) -> Domain:
        """The parameters among the symbols, and those that their ends name."""
        wanted, kept = set(symbols), []
        for parameter in reversed(self.parameters):
            if parameter.symbol in wanted:
                kept.append(parameter)
                wanted |= parameter.least.free_symbols
                wanted |= set() if parameter.most is None else parameter.most.free_symbols
        return Domain(tuple(reversed(kept)))

    def beyond(self, other: Domain) -> Iterator[Parameter]:
        """Parameters of ``other`` that reach farther here, or of which nothing is said here."""
        for parameter in other.parameters:
            symbol, least, most = parameter.symbol, parameter.least, parameter.most
            low = least.is_infinite or self._nonnegative(symbol - least)
            if not (low and (most in (None, oo) or self._nonnegative(most - symbol))):
                yield parameter

    def contains(self, value: Expr, first: Expr, last: Expr | None) -> bool:
        """Whether a value lies between two ends everywhere on this domain; False if that cannot be told."""
        return self._nonnegative(value - first) and (last is None or self._nonnegative(last - value))

    def reaches(self, variable: Symbol, point: Expr) -> bool:
        """Whether a variable comes as near as one likes to ∞, or to a point from above, others held fixed."""
        within = next((each for each in self.parameters if each.symbol == variable), None)
        if within is None or next(self.moved_by(variable, point), None) is not None:
            return False
        if point == oo:
            return within.most in (None, oo)
        low = within.least.is_infinite or self._nonnegative(point - within.least)
        if variable.is_integer or not low:
            return False
        return within.most in (None, oo) or self.from_least(within.most - point).is_positive is True

    def moved_by(self, variable: Symbol, point: Expr) -> Iterator[Parameter]:
        """Parameters that cannot be held fixed as a variable tends to a point: an end of their range moves.

        That 1 ≤ k ≤ n confines no k as n → ∞.
        """
        for each in self.parameters:
            most = Integer(0) if each.most is None else each.most
            recedes = (
                point == oo and _slope(most, variable).is_nonnegative and _slope(most, variable).is_number
            )
            if variable in each.least.free_symbols or (variable in most.free_symbols and not recedes):
                yield each

    def filled(self) -> Iterator[Parameter]:
        """Parameters that have a value, whatever those before them are."""
        for each in self.parameters:
            most = oo if each.most is None else each.most
            if each.least.is_infinite or most.is_infinite:
                yield each
            elif each.symbol.is_integer:
                if each.least.is_integer and self._nonnegative(most - each.least):
                    yield each
            elif self.is_positive(most - each.least):
                yield each

    def within(self, limits: Limits) -> Domain:
        """Itself, with the indices of sums."""
        summed = (Parameter(symbol, first, last) for symbol, (first, last) in limits.items())
        kept = (each for each in self.parameters if each.symbol not in limits)
        return Domain((*kept, *summed))

    def is_positive(self, number: Expr) -> bool:
        """Whether a number is seen to be positive everywhere; of what is linear in the parameters that is."""
        least, reached = self._lowest(number)
        return least.is_positive is True or (least.is_nonnegative is True and not reached)

    def is_nonnegative(self, number: Expr) -> bool:
        """Whether a number is seen to be ≥ 0 everywhere: linear, or a quotient by the signs of its terms."""
        above, below = fraction(together(number))
        if not (self.is_positive(below) or expand(self.from_least(below)).is_positive is True):
            return False
        return self._nonnegative(above) or expand(self.from_least(above)).is_nonnegative is True

    def _nonnegative(self, difference: Expr) -> bool:
        return self._lowest(difference)[0].is_nonnegative is True

    @lru_cache(maxsize=1 << 14)  # noqa: B019 -- immutable; of few domains, and asked again and again
    def _lowest(self, number: Expr) -> tuple[Expr, bool]:
        """A number, with the ends at which it is lowest for parameters; and whether all are reached."""
        number, reached = expand(number), True
        # An end may hold another parameter; those come before.
        for parameter in reversed(self.parameters):
            slope = _slope(number, parameter.symbol)
            end = parameter.most if slope.is_negative else parameter.least
            if slope.is_Rational and not slope.is_zero and end is not None:
                number = expand(number.xreplace({parameter.symbol: end}))
                reached = reached and bool(parameter.symbol.is_integer)
        return number, reached

    def __str__(self) -> str:
        return ", ".join(map(str, self.parameters))


@lru_cache(maxsize=1024)
def _from_least(domain: Domain) -> dict[Symbol, Expr]:
    values: dict[Symbol, Expr] = {}
    for each in domain.parameters:
        values[each.symbol] = each.least.xreplace(values) + _beyond_least(each.symbol)
    return values


@cache
def _beyond_least(symbol: Symbol) -> Dummy:
    return Dummy("y", integer=True, nonnegative=True) if symbol.is_integer else Dummy("y", positive=True)


_INDICES = (r, i, j, k, l)


def domain_of(expressions: Iterable[Expr], restricted: Iterable[Parameter] = ()) -> Domain:
    """The sizes and free indices at which every head of the expressions stands for something.

    ``restricted`` are narrower ranges that assumptions set. With layers the depth is at least 2: for a
    chain of one factor there is nothing to split.
    """
    return _domain_of(tuple(expressions), tuple(restricted))


@lru_cache(maxsize=4096)
def _domain_of(expressions: tuple[Expr, ...], restricted: tuple[Parameter, ...]) -> Domain:
    everything = [each for expression in expressions for each in arguments(expression)]
    layered = any(last is not None and N in last.free_symbols for _, _, (_, last), _ in everything)
    found = [
        (argument, *ends)
        for _, argument, ends, limits in everything
        if not argument.free_symbols & limits.keys()
    ]
    narrower = list(restricted)
    found.append((N, Integer(2 if layered else 1), None))
    domain = Domain()
    if any(last == r for _, _, (_, last), _ in everything):
        narrower.append(Parameter(r, Integer(1), n))  # leading directions are some of all
    for index in (N, n, *_INDICES):
        own = [(a, low, high) for a, low, high in found if index in a.free_symbols]
        if index in (N, n):  # of N - l and the like, the range of the index says it
            own = [each for each in own if each[0].free_symbols == {index}]
        own += [(each.symbol, each.least, each.most) for each in narrower if each.symbol == index]
        if own or index == n:
            domain = Domain((*domain.parameters, _tightest(index, tuple(own), domain)))
    return domain


@lru_cache(maxsize=1 << 14)
def _slope(expression: Expr, index: Symbol) -> Expr:
    return expression.diff(index)


@lru_cache(maxsize=4096)
def _tightest(index: Symbol, bounds: tuple[tuple[Expr, Expr, Expr | None], ...], sizes: Domain) -> Parameter:
    """The range of an index in which all of its arguments ±index + c stay between their ends."""
    # Powers begin at 0, and have no end; what is counted begins at 1.
    powers = any(low == 0 and high is None and argument == index for argument, low, high in bounds)
    least, most = Integer(0 if powers else 1), None
    for argument, low, high in bounds:
        slope = _slope(argument, index)
        if slope not in (1, -1):
            continue
        if high is not None and _slope(high, index) == slope:
            high = None  # n ≤ n says nothing
        offset = argument - slope * index
        lows = low - offset if slope == 1 else None if high is None else offset - high
        highs = offset - low if slope == -1 else None if high is None else high - offset
        if lows is not None and not sizes._nonnegative(least - lows):
            least = expand(lows)
        if highs is not None and (most is None or not sizes._nonnegative(highs - most)):
            most = expand(highs)
    return Parameter(index, least, most)


def cases_beyond(rule: Rule, shown: Domain) -> Iterator[tuple[Symbol, list[Expr] | None]]:
    """Indices that reach beyond what is shown, each with its values there; None if they cannot be listed."""
    narrower = [Parameter(index, first, last) for index, first, last in rule.ranges]
    wide = {each.symbol: each for each in (*domain_of((rule.lhs, rule.rhs)).parameters, *narrower)}
    for narrow in Domain(tuple(wide.values())).beyond(shown):
        if narrow.symbol not in rule.indices:
            continue
        reach = wide.get(narrow.symbol)
        if reach is None or narrow.most is None or reach.most is None:
            yield narrow.symbol, None
            continue
        below, above = narrow.least - reach.least, reach.most - narrow.most
        listed = below.is_Integer and above.is_Integer
        yield (
            narrow.symbol,
            [
                *(reach.least + step for step in range(int(below))),
                *(narrow.most + 1 + step for step in range(int(above))),
            ]
            if listed
            else None,
        )


def undefined_heads(expression: Expr, domain: Domain) -> Iterator[str]:
    """Heads of an expression that stand for nothing somewhere on a domain, in words."""
    for head, argument, (first, last), limits in arguments(expression):
        if not domain.within(limits).contains(argument, first, last):
            ends = text(first) if last is None else f"{text(first)} … {text(last)}"
            yield f"{text(head)} is defined for {ends} only, and {text(argument)} may lie outside"
