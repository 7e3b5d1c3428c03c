"""Statements: what is assumed, and what is said to hold then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from jacspec.theory.statements.expression import Comparison, Expression
from jacspec.theory.statements.printing import latex, text
from jacspec.theory.statements.tree import VARIABLES, WHOLE_PLACES, Node, Op

__all__ = ["Statement", "statement"]

SIZES = (1, 4)
"""The sizes that are tried of a name that has no range of its own."""


@dataclass(frozen=True, eq=False)
class Statement:
    """For all values of its variables at which the premises hold: all relations do.

    It is about all sizes, and all values of its free indices at which every term exists. A premise that
    shares an index with a relation is a condition on that index; any other is one on the example, for all
    its own indices. Where an expression has no value (the inverse of a singular matrix), nothing is said.
    ``ranges`` are the sizes that are tried, by name: the least and the largest.
    """

    relations: tuple[Comparison, ...]
    given: tuple[Comparison, ...] = ()
    ranges: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def variables(self) -> dict[str, Expression]:
        """Its variables by name, in order of appearance."""
        return {str(node.data): node for node in self._nodes() if node.op in VARIABLES}

    @property
    def sizes(self) -> dict[str, tuple[int, int]]:
        """Its sizes by name, in order of appearance, each with the least and the largest that are tried."""
        within = [part for node in self._nodes() for part in (node, *(node.shape or ()))]
        names = (part.data for each in within for part in each.walk() if part.op is Op.SIZE)
        return {name: self.ranges.get(name, SIZES) for name in names}

    @property
    def shared(self) -> frozenset[str]:
        """The free indices of its relations: a premise with one of them is a condition on it."""
        return frozenset[str]().union(*(relation.indices for relation in self.relations))

    @property
    def text(self) -> str:
        """The statement as prose, with its mathematics in Unicode between dollar signs."""
        said = ", ".join(f"${text(relation)}$" for relation in self.relations)
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
        for comparison in (*self.relations, *self.given):
            for side in comparison.args:
                yield from side.walk()  # type: ignore[misc]


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
    _check_names(made)
    for name, ends in made.ranges.items():
        if name not in made.sizes or len(ends) != 2 or not 1 <= ends[0] <= ends[1]:
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


_WHOLE = {Op.NUMBER, Op.SIZE, Op.INDEX, Op.ADD, Op.SUB, Op.MUL, Op.MIN, Op.MAX, Op.NEG}
