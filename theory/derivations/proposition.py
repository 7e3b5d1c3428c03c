"""Propositions: what a claim says, as data, written once and apart from any derivation of it.

A derivation proves a proposition if one of its results, or what leads to one, is the proposition: the same
relation, the same two sides up to a step that holds, no assumption beyond the premises, no smaller domain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

from sympy import Expr, Integer, Subs, Sum, Symbol, Tuple, oo, sympify, true
from sympy.core.function import AppliedUndef

from jacspec.documents.blocks import Formula
from jacspec.theory.algebra.definitions import declared_in
from jacspec.theory.algebra.remembered import hashed_once
from jacspec.theory.derivations.assumption import Assumption
from jacspec.theory.derivations.calculation import Calculation
from jacspec.theory.derivations.derivation import Derivation
from jacspec.theory.derivations.derivation_blocks import relation_block
from jacspec.theory.derivations.domain import Domain, Parameter, domain_of
from jacspec.theory.derivations.lemma import Lemma, needs, unstated
from jacspec.theory.derivations.relation import Relation, approached, refuse_matrices
from jacspec.theory.derivations.scalars.premises import misdeclared, signed, valueless
from jacspec.theory.derivations.scalars.steps import ScalarCalculation, ScalarStep, moved
from jacspec.theory.derivations.step import Step
from jacspec.theory.notation.chance import Law
from jacspec.theory.notation.declare import READ, alike, hidden, misnamed
from jacspec.theory.notation.heads import Quantity, UserSymbol, head_of, written
from jacspec.theory.notation.printing import text
from jacspec.theory.notation.symbols import N, epsilon


@hashed_once
@dataclass(frozen=True)
class Proposition:
    """``left relation right`` under the premises ``given``, everywhere on ``domain``.

    Sizes and indices that the domain does not name take all values at which both sides stand for something.
    ``towards`` is the variable of a limit and the point that it tends to; everything else is held fixed.
    ``named`` is an expression with the name by which it is shown. The left side is at most ``trivial``
    anyway, so that a bound says something below that only.
    """

    left: Expr
    relation: Relation
    right: Expr
    given: tuple[Assumption, ...] = ()
    domain: Domain = field(default_factory=Domain)
    towards: tuple[Symbol, Expr] = (epsilon, Integer(0))
    named: tuple[Expr, Expr] | None = None
    trivial: Expr | None = None

    def __post_init__(self) -> None:
        """Read whole numbers as SymPy's; refuse what would be read as something else."""
        for side in ("left", "right"):
            object.__setattr__(self, side, sympify(getattr(self, side)))
        object.__setattr__(self, "towards", (self.towards[0], sympify(self.towards[1])))
        refuse_matrices(self.left, self.relation, self.right)
        for fault in self._faults:
            raise ValueError(fault)

    @property
    def _faults(self) -> Iterator[str]:
        """Premises of one title, names with two meanings, and a limit that its range keeps away from."""
        titles = [each.title for each in dict.fromkeys(self.given)]
        yield from (f"two premises are called '{each}'" for each in titles if titles.count(each) > 1)
        said = [side for premise in self.given for one in premise.says for side in (one.left, one.right)]
        sides = (self.left, self.right, *said)
        symbols = self._numbers.union(*(side.atoms(Symbol) for side in sides))
        yield from (*hidden(symbols), *alike(symbols), *misnamed(symbols))
        numbers = [text(each) for each in symbols]
        for long, short in [] if self.named is None else [self.named]:
            head, name = head_of(short), text(short)
            taken = isinstance(short, Symbol) and (name in {*READ, *numbers} or written(name) is not None)
            means = head is not None and head.quantity is not Quantity.RATE
            if taken or means or any(side.has(short) for side in (self.left, self.right, *said)):
                yield f"{name} has a meaning, and cannot name {text(long)}"
            sums = (total for side in (self.left, self.right) for total in side.atoms(Sum))
            if any(not long.free_symbols.isdisjoint(total.bound_symbols) for total in sums):
                yield f"{name} cannot name {text(long)}, of which a sum runs over an index"
        heads = [head.quantity for head in declared_in((self.left, self.right, *said))]
        own = {each.name: each for each in heads if isinstance(each, UserSymbol)}
        alone = {*numbers, *(name for name, each in own.items() if not each.indices)}
        for name in own:
            if name in numbers:
                yield f"{name} is declared, and a number of the notation that is meant as well"
            elif len(name) > 1 and alone.issuperset(name):
                yield f"{name} is read as the product of {', '.join(name)}"
        variable, point = self.towards
        if self.relation is Relation.LIMIT and variable in self.right.free_symbols:
            yield f"{text(self.right)} is no limit as {approached(variable, point)[0]}: it moves"
        for each in self.everywhere.parameters if self.relation is Relation.LIMIT else ():
            last = oo if each.most is None else each.most
            short = (last < oo) == true and last.is_number if point.is_infinite else (last <= point) == true
            if each.symbol == variable and (short or (each.least > point) == true):
                yield f"no limit as {approached(variable, point)[0]} is reached for {each}"
        for each in self.everywhere.moved_by(variable, point) if self.relation is Relation.LIMIT else ():
            yield f"{text(each.symbol)} is not held fixed as {approached(variable, point)[0]}: {each}"

    @classmethod
    def of_lemma(cls, lemma: Lemma, domain: Domain) -> Proposition:
        """The inequality of a lemma, under its hypotheses."""
        return cls(lemma.small, Relation.AT_MOST, lemma.large, lemma.hypotheses, domain)

    @property
    def everywhere(self) -> Domain:
        """The domain, with all sizes and indices."""
        restricted = (parameter for each in self.given for parameter in each.restricts)
        computed = domain_of((self.left, self.right), restricted).parameters
        named = {each.symbol for each in self.domain.parameters}
        return Domain((*(each for each in computed if each.symbol not in named), *self.domain.parameters))

    @cached_property
    def gaps(self) -> tuple[Expr, ...]:
        """What is positive where the numbers that it bounds lie between their ends; not of one that moves."""
        moving = self.towards[0] if self.relation is Relation.LIMIT else None
        numbers = [each for each in self.everywhere.parameters if not each.symbol.is_integer]
        ends = [(x.symbol, x.least, oo if x.most is None else x.most) for x in numbers if x.symbol != moving]
        within = [gap for x, low, high in ends for gap in (x - low, high - x) if not gap.has(oo)]
        return (*within, *(x.symbol - x.least + (1 if x.symbol.is_integer else 0) for x in self.signed))

    @cached_property
    def signed(self) -> tuple[Parameter, ...]:
        """Numbers that only their declaration says to be positive: more is not claimed."""
        free = self._numbers - {*self.towards[:1]} if self.relation is Relation.LIMIT else self._numbers
        return tuple(signed(free, self.given, self.everywhere))

    @property
    def _numbers(self) -> set[Symbol]:
        """The symbols of its sides, of its premises and of its ranges that no sum binds."""
        said = (side for premise in self.given for one in premise.says for side in (one.left, one.right))
        ranged = (each.symbol for each in self.everywhere.parameters)
        return set[Symbol]().union(*(side.free_symbols for side in (self.left, self.right, *said, *ranged)))

    @property
    def premises(self) -> str:
        """The titles of the premises."""
        return ", ".join(each.title for each in self.given)

    @cached_property
    def conclusion(self) -> str:
        """The relation of the two sides, as mathematics between dollar signs."""
        limit = f" as ${approached(*self.towards)[0]}$" if self.relation is Relation.LIMIT else ""
        limit += " in law" if isinstance(self.right, Law) else ""
        sides = (self.left, self.right)
        if self.named is not None:
            long, short = self.named
            sides = tuple(side.xreplace({long: short}).replace(Subs, _put_in) for side in sides)
        left, right = map(text, sides)
        return f"${left} {self.relation.value} {right}${limit}"

    @property
    def formula(self) -> Formula:
        """Both sides and their relation, displayed."""
        return relation_block(self.left, self.relation, self.right, self.towards)

    def __str__(self) -> str:
        return stated([self])


def stated(propositions: Sequence[Proposition]) -> str:
    """Propositions in one line of prose; those that share premises and domain name them once."""
    shared: dict[tuple[tuple[Assumption, ...], Domain], list[Proposition]] = {}
    for each in propositions:
        shared.setdefault((each.given, each.domain), []).append(each)
    said = [
        (f"{together[0].premises}: " if given else "")
        + " and ".join(each.conclusion for each in together)
        + (f", for ${', '.join(confined)}$" if confined else "")
        for (given, domain), together in shared.items()
        for apart in [dict.fromkeys(" ≠ ".join(map(text, each.distinct)) for each in given if each.distinct)]
        for shown in [_with_premises(domain, given)]
        for ranges in [(*_depth(together, shown), *shown.parameters)]
        for confined in [[*_signs(together), *apart, *map(str, ranges)]]
    ]
    names = dict.fromkeys(each.named for each in propositions if each.named is not None)
    where = ", ".join(f"${text(short)} = {text(long)}$" for long, short in names)
    return "; ".join([*said, f"where {where}"] if where else said)


def _signs(propositions: Sequence[Proposition]) -> list[str]:
    """Which declared symbols of propositions and of their premises are positive by declaration alone."""
    said = [one for each in propositions for assumed in each.given for one in assumed.says]
    sides = [side for each in propositions for side in (each.left, each.right)]
    sides += [side for each in said for side in (each.left, each.right)]
    heads = {atom: head_of(atom) for side in sides for atom in side.atoms(AppliedUndef)}
    own = [(x, head) for x, head in heads.items() if head and isinstance(head.quantity, UserSymbol)]
    given = dict.fromkeys(str(symbol) for each in propositions for symbol in each.signed)
    return [*sorted(f"{text(x)} > 0" for x, head in own if head.positive), *given]


def _with_premises(domain: Domain, given: Sequence[Assumption]) -> Domain:
    """The domain, and where premises confine what it does not name and their titles do not say."""
    named = {each.symbol for each in domain.parameters}
    confined = (
        parameter
        for each in given
        for parameter in each.restricts
        if parameter.symbol not in named and f"${parameter}$" not in each.title
    )
    return Domain((*dict.fromkeys(confined), *domain.parameters))


def _depth(propositions: Sequence[Proposition], shown: Domain) -> list[Parameter]:
    """The depths of which all speak, where one says nothing of fewer factors, and no range is empty there."""
    finite = (one for one in propositions if one.relation is not Relation.LIMIT or one.towards[1].is_finite)
    depths = [each for one in finite for each in one.everywhere.parameters if each.symbol == N]
    deepest = max(depths, key=lambda each: each.least, default=Parameter(N, Integer(1)))
    spans = [each.most - each.least for each in shown.parameters if each.most is not None]
    said = deepest.least == 1 or any(each.symbol == N for each in shown.parameters)
    implied = said or any(span.subs(N, deepest.least - 1).is_negative for span in spans)
    return [] if implied else [deepest]


def _put_in(function: Expr, variables: Tuple, points: Tuple) -> Expr:
    """Of a named function, what stands at a point is its argument there."""
    inside = isinstance(function, AppliedUndef)
    put = dict(zip(variables, points, strict=True))
    return function.xreplace(put) if inside else Subs(function, variables, points)


@dataclass(frozen=True)
class Proof:
    """The calculation that ends in a proposition; without one, by what the nearest differs (``lacking``)."""

    proposition: Proposition
    calculation: Calculation | None
    lacking: str = ""


def proof_of(proposition: Proposition, derivation: Derivation) -> Proof:
    """The calculation of a derivation, as far as it is needed, that ends in the proposition.

    One that is written like it comes before those that are equal to it by normal form.
    """
    candidates = [shown for part in derivation.results for shown in part.prefixes]
    sides = {proposition.left, proposition.right}
    near, lacking = -1, "it has no result"
    for shown in sorted(candidates, key=lambda each: {each.start, each.end} != sides):
        found, differs = _difference(proposition, shown, derivation)
        if not differs:
            return Proof(proposition, shown)
        if found >= near:
            near, lacking = found, differs
    return Proof(proposition, None, lacking)


def _difference(wanted: Proposition, shown: Calculation, derivation: Derivation) -> tuple[int, str]:
    """How near a calculation comes, and by what it differs; by nothing if it shows the proposition."""
    found = enumerate(_differences(wanted, shown, derivation))
    return next(((near, differs) for near, differs in found if differs), (0, ""))


def _differences(wanted: Proposition, shown: Calculation, derivation: Derivation) -> Iterator[str]:
    """In the order of what is looked at; empty where the two agree."""
    ends = ((shown.start, shown.end), (shown.end, shown.start))
    orders = ends if wanted.relation is Relation.EQUAL else ends[:1]
    where = wanted.everywhere
    numbers = isinstance(shown, ScalarCalculation)
    equal = _equal(where, partial(ScalarStep, domain=where) if numbers else Step)
    reached = f"it derives {text(shown.start)} {shown.relation.value} {text(shown.end)}"
    best = max(_meets(wanted.left, wanted.right, order, equal) for order in orders)
    yield "" if best[0] else f"{reached}, which does not start from {text(wanted.left)}"
    yield "" if best[1] else f"{reached}, which does not end in {text(wanted.right)}"
    yield "" if shown.relation is wanted.relation else f"{reached}: expected '{wanted.relation.value}'"
    if wanted.relation is Relation.LIMIT:
        others = sorted({text(variable) for variable, _ in _limits(shown) - {wanted.towards}})
        yield f"{reached} as {others[0]} moves: expected {text(wanted.towards[0])}" if others else ""
    assumed = (*shown.premises, *derivation.argument_uses)
    yield next(moved((*wanted.given, *shown.premises), shown.steps), "")
    beyond = unstated(assumed, (wanted.left, wanted.right), wanted.given)
    yield (
        f"it assumes '{beyond[0].title}', which is not among the premises{_meant(beyond[0])}"
        if beyond
        else ""
    )
    wide = _whole(wanted.left, wanted.right) - _whole(shown.start, shown.end)
    yield f"{reached}, which says nothing of {min(map(text, wide))}" if wide else ""
    narrower = list(wanted.everywhere.beyond(shown.holds_for))
    yield f"it holds for {narrower[0]} only: the proposition claims more" if narrower else ""
    yield next(misdeclared(wanted.everywhere), "")
    lost = next(_without_value(wanted, numbers), "")
    yield lost and f"{lost} where the proposition claims it"


def _without_value(wanted: Proposition, of_numbers: bool) -> Iterator[str]:
    """What of a proposition may have no value: its sides may differ from the lines that show it."""
    sides = (wanted.left, wanted.right)
    if of_numbers:
        limits = (wanted.towards,) if wanted.relation is Relation.LIMIT else ()
        parts = valueless(sides, wanted.given, wanted.everywhere, limits)
        return (f"{text(part)} is not seen to have a value" for part in parts)
    lost = sorted(needs(sides, wanted.given, wanted.everywhere))
    return (f"{need.part} is not seen to be {need.needed}" for need in lost)


def _equal(domain: Domain, kind: Callable[..., Step]) -> Callable[[Expr, Expr], bool]:
    """Whether two formulas are equal on a domain: what leads to them was derived, this step was not."""
    return lambda left, right: kind(left, Relation.EQUAL, right, "").holds_on(domain)


def _whole(*sides: Expr) -> set[Symbol]:
    """The sizes and indices of which two sides speak."""
    return {symbol for side in sides for symbol in side.free_symbols if symbol.is_integer}


def _meant(assumed: Assumption) -> str:
    """Why what is meant as a definition is an assumption, in words."""
    if not assumed.definition:
        return ""
    defined = ", ".join(sorted(each.name for each in assumed.introduces))
    return f": it says what {defined} is" if defined else " and defines nothing that is free without it"


def _meets(
    left: Expr, right: Expr, ends: tuple[Expr, Expr], equal: Callable[[Expr, Expr], bool]
) -> tuple[bool, bool]:
    start, end = ends
    return left == start or equal(left, start), right == end or equal(right, end)


def _limits(shown: Calculation) -> set[tuple[Symbol, Expr]]:
    return {
        step.limit if isinstance(step, ScalarStep) and step.limit is not None else (epsilon, Integer(0))
        for step in shown.steps
        if step.relation is Relation.LIMIT
    }
