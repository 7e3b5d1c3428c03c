"""An assumption: a named hypothesis or definition, as equations that a derivation may use."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self, TypeVar

from sympy import Expr, Integer, KroneckerDelta, Symbol, exp, sympify
from sympy.core.function import AppliedUndef

from jacspec.documents.claiming import cases_in, claims_in
from jacspec.documents.prose import plain
from jacspec.theory.algebra.definitions import (
    agree_on_chains,
    declared_in,
    introduced,
    is_given,
    take_as_given,
)
from jacspec.theory.algebra.remembered import hashed_once
from jacspec.theory.algebra.rules import Range, Rule, claimed
from jacspec.theory.algebra.well_defined import Known, Limits, comes_before
from jacspec.theory.derivations.domain import Domain, Parameter, domain_of
from jacspec.theory.derivations.relation import Drawn, Relation, refuse_matrices
from jacspec.theory.notation.heads import Head, head_of
from jacspec.theory.notation.symbols import N, epsilon, k, l, n, r
from jacspec.theory.notation.words import transpose_word


@dataclass(frozen=True)
class Supposition:
    """The hypothesis of an induction: a ``statement`` about l, of which the layer ``first`` is shown apart.

    It is the statement at the layer ``known``, and may be used only on the way to the one at ``wanted``, its
    neighbour.
    """

    name: str
    statement: Rule
    first: Expr
    known: Expr
    wanted: Expr

    def __post_init__(self) -> None:
        """Refuse a step that leaves out layers."""
        if {self.known, self.wanted} not in ({l, l + 1}, {l, l - 1}):
            message = (
                f"the induction {self.name} goes from {self.known} to {self.wanted}: expected neighbours of l"
            )
            raise ValueError(message)

    def at(self, layer: Expr) -> tuple[Expr, Expr]:
        """Both sides of the statement at a layer."""
        return self.statement.lhs.subs(l, layer), self.statement.rhs.subs(l, layer)

    def concludes(self, rule: Rule) -> bool:
        """Whether a rule is the statement, or its transpose."""
        own = self.statement
        return (rule.lhs, rule.rhs) in ((own.lhs, own.rhs), _turned(own)) and rule.claimed == own.claimed

    def needed(self, layer: Expr) -> Domain:
        """Where what shows the statement at a layer has to hold.

        Raises ValueError if its steps do not reach all layers.
        """
        sides, claims = (self.statement.lhs, self.statement.rhs), self.statement.claimed
        whole = [each for each in domain_of(sides).parameters if each.symbol not in claims]
        others = [Parameter(index, *ends) for index, ends in claims.items() if index != l]
        if layer == self.first:
            return Domain((*whole, *others))
        (low, high), behind = claims[l], self.wanted - l
        upwards = self.wanted - self.known == 1
        if self.first != (low if upwards else high):
            message = f"the steps of {self.name} do not lead from layer {self.first} to all others"
            raise ValueError(message)
        reached = (self.first + 1, high) if upwards else (low, self.first - 1)
        return Domain((*whole, *others, Parameter(l, *(end and end - behind for end in reached))))


@hashed_once
@dataclass(frozen=True)
class Condition:
    """``left relation right``, for all values of ``indices`` at which both sides stand for something.

    No step rewrites by it. A ``strict`` inequality is ``<``; ``ranges`` confine indices further; ``towards``
    is the variable of a limit and the point that it tends to.
    """

    left: Expr
    relation: Relation
    right: Expr
    indices: tuple[Symbol, ...] = ()
    ranges: tuple[tuple[Symbol, Expr, Expr], ...] = field(default=(), kw_only=True)
    strict: bool = field(default=False, kw_only=True)
    towards: tuple[Symbol, Expr] = field(default=(epsilon, Integer(0)), kw_only=True)

    def __post_init__(self) -> None:
        """Read whole numbers as SymPy's; refuse what has no order."""
        for side in ("left", "right"):
            object.__setattr__(self, side, sympify(getattr(self, side)))
        refuse_matrices(self.left, self.relation, self.right)

    @cached_property
    def claimed(self) -> Mapping[Symbol, Range]:
        """For each of its indices the first and the last value."""
        return claimed((self.left, self.right), self.indices, self.ranges)


@hashed_once
@dataclass(frozen=True)
class Assumption:
    """A named hypothesis or definition, and the equations it licenses.

    What is shown of it is read off these: ``title`` is a label, and ``where`` says in words what symbols
    stand for; a relation, or one of a few phrases that claim, is refused in both. Mathematics in them
    stands between dollar signs.

    ``rules`` are used from left to right by the normal form; ``conditions`` hold as well, and no step uses
    them as equations. ``model`` and ``frames`` say how to draw a concrete point at which the assumption
    holds: equations that build it from free parameters, and the families of vectors that are orthonormal
    there; a head that neither names is free. ``definition`` marks what is meant as a definition; unless it
    ``defines``, it has to be assumed all the same. ``on_chains`` marks what needs no model, because it is
    evaluated on actual chains: their singular values come in descending order, which no free choice of them
    would respect.

    ``laws`` say how random matrices are drawn: they are tested on samples, not at points.

    ``distinct`` are indices of directions that differ from one another, ``restricts`` the ranges in which
    it confines indices, ``positive`` numbers that are positive where it holds. ``differentiable`` names the
    heads whose derivatives it lets one take: of direction k, they have a value where it holds. The hypothesis
    of an induction says in ``supposed_for`` of which.
    """

    name: str
    title: str
    rules: tuple[Rule, ...] = ()
    model: tuple[Rule, ...] = ()
    frames: tuple[Head, ...] = ()
    frames_move: bool = False
    definition: bool = False
    on_chains: bool = False
    where: str = field(default="", kw_only=True)
    conditions: tuple[Condition, ...] = field(default=(), kw_only=True)
    laws: tuple[Drawn, ...] = field(default=(), kw_only=True)
    distinct: tuple[Symbol, ...] = field(default=(), kw_only=True)
    restricts: tuple[Parameter, ...] = field(default=(), kw_only=True)
    positive: tuple[Expr, ...] = field(default=(), kw_only=True)
    differentiable: tuple[Head, ...] = field(default=(), kw_only=True)
    supposed_for: Supposition | None = field(default=None, repr=False, kw_only=True)

    @property
    def relation(self) -> Relation:
        """How the two sides of its equations are related."""
        return Relation.EQUAL

    @property
    def shown_for(self) -> tuple[Parameter, ...]:
        """Where its equations are shown, beyond the ranges that they claim: they are assumed."""
        return ()

    def keeps_from_zero(self, number: Expr, domain: Domain) -> bool:
        """Whether it says that a number is not 0: one that is positive, or exponential, where it holds.

        Where a singular value is positive, those before it are.
        """
        exponential = (rule for rule in self.rules if isinstance(rule.rhs, exp))
        return any(rule.gives(number, domain.contains) for rule in exponential) or any(
            number == each or comes_before(number, each, domain.contains) for each in self.positive
        )

    @property
    def faults(self) -> tuple[str, ...]:
        """What its words claim; of a premise, properties that they name and its data lack, or the reverse.

        And of a premise indices without an end: no point shows that it holds for all of them.
        """
        kind = "definition" if self.defines else "premise"
        if not plain(self.title).strip():
            return (f"a {kind} has no title: {self.name}",)
        claimed = tuple(
            f"the words of the {kind} '{self.title}' claim {each}: state it as an equation or a condition"
            for each in claims_in(f"{self.title} {self.where}")
        )
        confined = {str(each) for each in self.restricts}
        claimed += tuple(
            f"the words of the {kind} '{self.title}' say ${case}$, which its ranges do not"
            for case in cases_in(f"{self.title} {self.where}")
            if case not in confined
        )
        if self.defines:
            return claimed
        endless = tuple(
            f"the premise '{self.title}' is for every ${index} ≥ {first}$, which no point shows: confine it "
            "by ranges"
            for each in self.says
            for index, (first, last) in each.claimed.items()
            if last is None
        )
        words = {word.strip(".,;:()").lower() for word in f"{self.title} {self.where}".split()}
        heads = [head_of(a) for rule in self.rules for a in rule.lhs.atoms(AppliedUndef)]
        inverts = any(head is not None and head.inverse for head in heads)
        projects = any(rule.lhs == rule.rhs**2 for rule in self.rules)
        frames = bool(self.frames) or any(rule.rhs.has(KroneckerDelta) for rule in self.rules)
        properties = {
            ("nonsingular", "invertible"): inverts,
            ("orthogonal", "orthonormal"): frames or projects,
            ("simple",): bool(self.differentiable),
            ("gaussian", "normal", "independent", "random"): bool(self.laws or self.says),
            ("any", "arbitrary"): not (self.says or self.differentiable),
        }
        said = (
            f"the premise '{self.title}' says '{name}', which its equations do not"
            for names, holds in properties.items()
            for name in names
            if name in words and not holds
        )
        unsaid = (
            f"the premise '{self.title}' does not say '{names[0]}', which its equations do"
            for names, holds in properties.items()
            if holds and names[0] in ("nonsingular", "simple") and not words & {*names}
        )
        return (*claimed, *said, *unsaid, *endless)

    @property
    def defines(self) -> bool:
        """Whether it is a definition, of which nothing has to be assumed."""
        return self._introduced is not None

    @property
    def introduces(self) -> frozenset[Head]:
        """The declared symbols that it defines, free otherwise."""
        return self._introduced or frozenset()

    @cached_property
    def speaks_of(self) -> frozenset[Head]:
        """The declared symbols that stand in what it says."""
        return declared_in(side for each in self.says for side in (each.left, each.right))

    @cached_property
    def _introduced(self) -> frozenset[Head] | None:
        """Declared symbols, each defined once, beside what holds anyway; None if it holds more."""
        more = self.laws, self.positive, self.differentiable, self.distinct, self.restricts
        if not self.definition or any(more):
            return None
        if self.supposed_for is not None:
            supposed = (Rule(*self.supposed_for.at(self.supposed_for.known)),)
            return frozenset() if self.rules == supposed and not self.conditions else None
        new = {rule: introduced(rule) for rule in self.rules}
        heads = [head for head in new.values() if head is not None]
        defined = {(rule.lhs, rule.rhs) for rule, head in new.items() if head is not None}
        others = [each for each in self.says if (each.left, each.right) not in defined]
        circular = declared_in(right for _, right in defined) & {*heads}
        holds = all(map(_holds_anyway, others)) and len({*heads}) == len(heads) and not circular
        return frozenset(heads) if holds else None

    @property
    def premises(self) -> tuple[Assumption, ...]:
        """What has to be assumed for it: itself, unless it holds anyway."""
        return () if self.defines and not self.introduces else (self,)

    @property
    def timeless(self) -> bool:
        """Whether it holds at all times, whatever else is assumed, so that it may be differentiated."""
        exact = self.relation is Relation.EQUAL and not self.supposed_for
        return exact and self.defines and all(each.defines for each in self.premises)

    @property
    def particulars(self) -> frozenset[Symbol]:
        """The indices about which something is assumed that is not assumed of all others as well."""
        if self.defines:
            return frozenset()
        said = (*map(equation, self.rules), *self.conditions)
        named = ((each.left.free_symbols | each.right.free_symbols) - {*each.indices} for each in said)
        positive = (each.free_symbols for each in self.positive)
        moving = {k for _ in self.differentiable}
        return frozenset(self.distinct).union(moving, *named, *positive) - {N, n, r, epsilon}

    @cached_property
    def says(self) -> tuple[Condition, ...]:
        """All relations that hold where it does; of an equation and its transpose, the first."""
        equations: dict[tuple[Expr, Expr], Condition] = {}
        for rule in self.rules:
            if _turned(rule) not in equations:
                equations[rule.lhs, rule.rhs] = equation(rule)
        signs = (Condition(each, Relation.AT_LEAST, Integer(0), strict=True) for each in self.positive)
        return (*equations.values(), *self.conditions, *signs)

    def with_transpose(self) -> Self:
        """The same equations between matrices, and their transposes."""
        turned = tuple(
            replace(rule, lhs=transpose_word(rule.lhs), rhs=transpose_word(rule.rhs)) for rule in self.rules
        )
        return replace(self, rules=tuple(dict.fromkeys([*self.rules, *turned])))


_Stated = TypeVar("_Stated", bound=Assumption)


def by_definition(stated: _Stated) -> _Stated:
    """What holds by the meaning of the notation, as the ledger says: nothing has to be assumed for it."""
    take_as_given((*map(equation, stated.rules), *stated.conditions))
    return replace(stated, definition=True)


def known(premises: Collection[Assumption], domain: Domain) -> Known:
    """Which numbers premises keep from 0, and which are ≥ 0 on a domain, under sums that run over limits."""

    def under(limits: Limits) -> tuple[Callable[[Expr], bool], Callable[[Expr], bool]]:
        there = domain.within(limits)
        return lambda x: any(each.keeps_from_zero(x, there) for each in premises), there.is_nonnegative

    return under


def equation(rule: Rule) -> Condition:
    """What a rule says, without its direction."""
    return Condition(rule.lhs, Relation.EQUAL, rule.rhs, rule.indices, ranges=rule.ranges)


def _holds_anyway(condition: Condition) -> bool:
    equal = condition.relation is Relation.EQUAL
    return is_given(condition) or (equal and agree_on_chains(condition.left, condition.right))


def _turned(rule: Rule) -> tuple[Expr, Expr] | None:
    """Both sides transposed; None where the notation cannot."""
    try:
        return transpose_word(rule.lhs), transpose_word(rule.rhs)
    except TypeError:
        return None
