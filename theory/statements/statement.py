"""Statements: what is assumed, and what is said to hold then."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations
from math import inf
from numbers import Integral
from typing import Any

from jacspec.theory.statements.chains import Factors
from jacspec.theory.statements.expression import Comparison, Expression, alike, expression, scalar_of
from jacspec.theory.statements.printing import latex, text
from jacspec.theory.statements.rebuilding import compared, replaced
from jacspec.theory.statements.tree import (
    BINDERS,
    COMPARISONS,
    COMPOUND,
    MEASURED,
    VARIABLES,
    WHOLE_PLACES,
    Node,
    Op,
)

oo = inf
"""Infinity, to which a variable tends."""

Relations = Comparison | Iterable[Comparison]
"""One relation, or several that hold at once."""

SIZES = (1, 4)
"""The sizes that are tried of a name that has no range of its own."""


@dataclass(frozen=True, eq=False)
class Statement:
    """For all values of its variables at which the premises hold: all relations do.

    It is about all sizes, and all values of its free indices at which every term exists. A premise that
    shares an index with a relation is a condition on that index; any other is one on the example, for all
    its own indices. Where an expression has no value (the inverse of a singular matrix), nothing is said;
    but what is ``witnessed`` has to have one, as nothing exists by a witness without a value.
    ``ranges`` are the sizes that are tried, by name: the least and the largest.
    """

    relations: tuple[Comparison, ...]
    given: tuple[Comparison, ...] = ()
    ranges: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    witnessed: tuple[Comparison, ...] = ()

    @cached_property
    def implications(self) -> tuple[Statement, ...]:
        """What it says in relations of two sides alone: of an equivalence, either direction."""
        if not any(each.op in COMPOUND for each in self.relations):
            return (self,)
        first = self.relations[0]
        if first.op is Op.IFF:
            left, right = first.args[: first.data], first.args[first.data :]
            ways = ((left, right), (right, left))
            return tuple(replace(self, relations=to, given=(*self.given, *of)) for of, to in ways)
        said = {each: one.op is Op.EXISTS for one in self.relations for each in _witnessed(one)}
        by_witness = tuple(each for each, witnessed in said.items() if witnessed)
        return (replace(self, relations=tuple(said), witnessed=by_witness),)

    def is_witnessed(self, relation: Comparison) -> bool:
        """Whether a relation is what a witness does."""
        return any(each is relation for each in self.witnessed)

    @cached_property
    def variables(self) -> dict[str, Expression]:
        """Its variables by name, in order of appearance."""
        return {str(node.data): node for node in self._nodes() if node.op in VARIABLES}

    @cached_property
    def sizes(self) -> dict[str, tuple[int, int]]:
        """Its sizes by name, in order of appearance, each with the least and the largest that are tried."""
        within = [part for node in self._nodes() for part in (node, *(node.shape or ()))]
        names = (part.data for each in within for part in each.walk() if part.op is Op.SIZE)
        return {name: self.ranges.get(name, SIZES) for name in names}

    @cached_property
    def shared(self) -> frozenset[str]:
        """The free indices of its relations: a premise with one of them is a condition on it."""
        return frozenset[str]().union(*(relation.indices for relation in self.relations))

    @property
    def text(self) -> str:
        """The statement as prose, with its mathematics in Unicode between dollar signs."""
        said = ", ".join(map(_prose, self.relations))
        return f"for {', '.join(f'${text(each)}$' for each in self.given)}: {said}" if self.given else said

    @property
    def latex(self) -> str:
        """The statement as LaTeX, for mathematics mode."""
        said = r",\quad ".join(map(latex, self.relations))
        return r",\ ".join(map(latex, self.given)) + r"\colon\quad " + said if self.given else said

    def __str__(self) -> str:
        return self.text.replace("$", "")

    def _repr_latex_(self) -> str:
        return f"${self.latex}$"

    def _nodes(self) -> Iterator[Expression]:
        for each in self.implications:
            for comparison in (*each.relations, *each.given):
                for side in comparison.args:
                    yield from side.walk()


def _prose(relation: Comparison) -> str:
    """A relation with its mathematics between dollar signs; what moves, and the law, are said in words."""
    return re.sub(r" (as|with \S+) ", r"$ \1 $", f"${text(relation)}$")


def iff(one: Relations, other: Relations) -> Comparison:
    """The equivalence of two relations, or of several at once and several: both directions are searched.

    An index that both sides have is one index; one that only one side has runs over all its values there.
    """
    sides = _comparisons(one), _comparisons(other)
    for each in (*sides[0], *sides[1]):
        _refuse_compound(each)
    return Comparison(Op.IFF, (*sides[0], *sides[1]), len(sides[0]))


def exists(x: Expression, relations: Relations, *, witness: Any) -> Comparison:
    """The relations hold for some x: for the witness, an expression of the other variables."""
    if not isinstance(x, Expression) or x.op not in VARIABLES:
        message = f"exists({x}, …): expected a variable, such as matrix('Q')"
        raise TypeError(message)
    by = alike(x, witness)[1] if x.is_matrix else scalar_of(witness)
    if any(part is x for part in by.walk()):
        message = f"the witness {by} for {x} speaks of {x}; expected an expression of the other variables"
        raise ValueError(message)
    said = _comparisons(relations)
    for each in said:
        _refuse_compound(each)
    return Comparison(Op.EXISTS, (x, by, *said))


def tends(body: Any, limit: Any, variable: Expression, point: Any) -> Comparison:
    """The limit of a number as a variable (a real number, or a whole one) tends to a point, or to ``oo``.

    All other variables are held fixed; the limit may depend on them.
    """
    if not isinstance(variable, Expression) or variable.op not in (Op.SCALAR, Op.WHOLE):
        message = f"tends(…, {variable}, {point}): expected a number that moves, scalar('t') or whole('N')"
        raise TypeError(message)
    if any(part is variable for part in scalar_of(limit).walk()):
        message = f"the limit {limit} depends on {variable}, which moves"
        raise ValueError(message)
    if point != oo and variable.op is Op.WHOLE:
        message = f"{variable} → {point}: a whole number tends to oo only"
        raise ValueError(message)
    end = None if point == oo else expression(point).data
    return Comparison(Op.TENDS, (scalar_of(body), scalar_of(limit), variable), end)


@dataclass(frozen=True)
class Law:
    """Variables whose entries are independent, all of one law."""

    name: str
    names: tuple[str, ...]


def gaussian(*variables: Expression | Factors) -> Law:
    """Entries that are standard normal numbers."""
    return _law("gaussian", variables)


def uniform(*variables: Expression | Factors) -> Law:
    """Entries that are uniform on [0, 1]."""
    return _law("uniform", variables)


def signs(*variables: Expression | Factors) -> Law:
    """Entries that are ±1 with equal chances."""
    return _law("±1", variables)


def _law(name: str, variables: Iterable[Expression | Factors]) -> Law:
    nodes = [each.chain if isinstance(each, Factors) else each for each in variables]
    for node in nodes:
        if not isinstance(node, Expression) or node.op not in VARIABLES - {Op.WHOLE}:
            message = f"the law of {node}: expected variables, such as scalar('x'), matrix('A'), factors('M')"
            raise TypeError(message)
    return Law(name, tuple(str(node.data) for node in nodes))


@dataclass(frozen=True, eq=False)
class Mean:
    """The mean of a number under a law; ``mean(…) == value`` is a relation, and so are inequalities."""

    body: Expression
    law: Law

    def __eq__(self, value: object) -> Comparison:  # type: ignore[override]
        return self._compared(Op.EQ, value)

    def __ne__(self, value: object) -> Comparison:  # type: ignore[override]
        return self._compared(Op.NE, value)

    def __le__(self, value: object) -> Comparison:
        return self._compared(Op.LE, value)

    def __lt__(self, value: object) -> Comparison:
        return self._compared(Op.LT, value)

    def __ge__(self, value: object) -> Comparison:
        return self._compared(Op.GE, value)

    def __gt__(self, value: object) -> Comparison:
        return self._compared(Op.GT, value)

    def _compared(self, op: Op, value: object) -> Comparison:
        exact = scalar_of(value)
        if any(part.op in VARIABLES for part in exact.walk()):
            message = f"{exact}: a mean depends on no variable; expected numbers, sizes and indices"
            raise ValueError(message)
        return Comparison(Op.MEAN, (self.body, exact), (op, self.law.name, *self.law.names))

    __hash__ = object.__hash__


def mean(body: Any, law: Law) -> Mean:
    """The mean of a number, all of whose variables have a law: gaussian(A, x), uniform(x), signs(A)."""
    found = scalar_of(body)
    missing = {str(part.data) for part in found.walk() if part.op in VARIABLES} - set(law.names)
    if missing:
        message = f"the mean of {found}: no law is given for {', '.join(sorted(missing))}"
        raise ValueError(message)
    return Mean(found, law)


def _witnessed(relation: Comparison) -> tuple[Comparison, ...]:
    """The relations with the witness in place of what exists."""
    if relation.op is not Op.EXISTS:
        return (relation,)
    x, witness, *said = relation.args
    return tuple(compared(each.op, *(replaced(side, x, witness) for side in each.args)) for each in said)


def _refuse_compound(relation: Comparison) -> None:
    if relation.op not in COMPARISONS:
        message = f"{relation}: expected a relation of two sides here, one of ≤ < = ≥ > ≠"
        raise TypeError(message)


def statement(
    relations: Comparison | Iterable[Comparison],
    given: Comparison | Iterable[Comparison] = (),
    ranges: Mapping[str, tuple[int, int]] | None = None,
) -> Statement:
    """A statement from one relation or several; raises TypeError or ValueError for what is none."""
    made = Statement(_comparisons(relations), _comparisons(given), dict(ranges or {}))
    if not made.relations:
        message = "a statement without a relation: expected one at least, such as s(1, A) >= 0"
        raise ValueError(message)
    for premise in made.given:
        _refuse_compound(premise)
    if len(made.relations) > 1 and any(each.op in _ALONE for each in made.relations):
        message = f"{made}: expected an equivalence, a limit or a mean alone; several claims say the rest"
        raise ValueError(message)
    speaks = any(part.op in VARIABLES for each in made.given for part in each.walk())
    if speaks and made.relations[0].op is Op.MEAN:
        message = f"{made}: a mean is over all of its law; expected premises on sizes and indices alone"
        raise ValueError(message)
    _check_names(made)
    for name, ends in made.ranges.items():
        whole = isinstance(ends, tuple | list) and all(isinstance(end, Integral) for end in ends)
        if name not in made.sizes or not whole or len(ends) != 2 or not 1 <= ends[0] <= ends[1]:
            message = (
                f"range {name} = {ends}: expected the least and the largest, from 1 on, of one of the sizes "
                f"{', '.join(made.sizes) or '(there is none)'}"
            )
            raise ValueError(message)
    return made


def _comparisons(given: Comparison | Iterable[Comparison]) -> tuple[Comparison, ...]:
    if isinstance(given, Comparison):
        return (given,)
    listed = tuple(given) if isinstance(given, Iterable) and not isinstance(given, str) else (given,)
    for each in listed:
        if not isinstance(each, Comparison):
            hint = "; a comparison of two plain numbers is a bool" if isinstance(each, bool) else ""
            message = f"{each!r} is no relation: expected one of ≤ < = ≥ > ≠ between expressions{hint}"
            raise TypeError(message)
    return listed


def _check_names(made: Statement) -> None:
    """Refuse one name for two things, and a variable where a whole number of its own must stand."""
    known: dict[str, Node] = {}
    for node in made._nodes():
        if node.op in VARIABLES and known.setdefault(str(node.data), node) is not node:
            other = known[str(node.data)]
            message = f"the name {node.data} stands for two things, a {other.op.value} and a {node.op.value}"
            if other.op is node.op:
                message = f"the matrix {node.data} is declared twice, with different sizes; declare it once"
            raise ValueError(message)
        for argument in [a for place, a in enumerate(node.args) if place in WHOLE_PLACES.get(node.op, ())]:
            for part in argument.walk():
                if part.op not in _WHOLE:
                    message = f"{node}: {argument} must be made of whole numbers, sizes and indices"
                    raise TypeError(message)
    _refuse_alike(made, known)


def _refuse_alike(made: Statement, variables: Mapping[str, Node]) -> None:
    """Refuse a variable, a size and an index of one name, and names like a factor of a chain or a product."""
    indices = {str(node.data) for node in made._nodes() if node.op is Op.INDEX or node.op in BINDERS}
    kinds = {"a variable": {*variables}, "a size": {*made.sizes}, "an index": indices}
    for (one, names), (other, others) in combinations(kinds.items(), 2):
        for name in sorted(names & others):
            raise ValueError(f"the name {name} stands for two things, {one} and {other}")
    every = set[str]().union(*kinds.values())
    for name in sorted(every):
        if len(name) > 1 and every.issuperset(name):
            raise ValueError(f"{name} is read as the product of {', '.join(name)}: choose another name")
        chain, index, _ = name.partition("_")
        if index and chain in variables and variables[chain].op is Op.CHAIN:
            raise ValueError(f"{name} is called like a factor of the chain {chain}: choose another name")


_ALONE = {Op.IFF, *MEASURED}
_WHOLE = {Op.NUMBER, Op.SIZE, Op.INDEX, Op.ADD, Op.SUB, Op.MUL, Op.MIN, Op.MAX, Op.NEG}
