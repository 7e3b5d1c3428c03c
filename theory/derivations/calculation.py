"""Calculations: chains of steps between two expressions, and the equations that they show.

Equations that are shown carry their proof with them. Hence nobody has to remember what a derivation rests
on, whose assumptions it inherits, or that an equation was only shown in the limit ε → 0.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType
from typing import Self

from sympy import Expr, Symbol

from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.assumption import Assumption, Supposition
from jacspec.theory.derivations.domain import Domain, domain_of
from jacspec.theory.derivations.lemma import Lemma
from jacspec.theory.derivations.relation import Relation
from jacspec.theory.derivations.step import Step

__all__ = ["Calculation", "Proof", "ShownEquations", "place_in_source"]


def place_in_source() -> str:
    """File and line of the caller outside of the derivations' own files, where a step is being written."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and Path(frame.f_code.co_filename).parent == Path(__file__).parent:
        frame = frame.f_back
    return "" if frame is None else f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"


@dataclass(frozen=True)
class Calculation:
    """A chain of steps from ``start``, one of the paragraphs of a derivation.

    Raises ValueError for steps that do not follow on one another, and for a mixture of relations that
    relates nothing: ≤ with ≥, or an inequality with a limit.
    """

    title: str
    start: Expr
    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what is no chain."""
        reached = self.start
        for step in self.steps:
            if step.before != reached:
                message = f"the step '{step.rule}' of '{self.title}' does not start where the last one ended"
                raise ValueError(message)
            reached = step.after
        if len(self._inexact) > 1:
            mixed = " and ".join(sorted(relation.value for relation in self._inexact))
            message = f"calculation '{self.title}' mixes {mixed}: split it, as its two ends are not related"
            raise ValueError(message)

    @property
    def _inexact(self) -> set[Relation]:
        return {step.relation for step in self.steps} - {Relation.EQUAL}

    @property
    def relation(self) -> Relation:
        """How the two ends are related."""
        return next(iter(self._inexact), Relation.EQUAL)

    @property
    def suppositions(self) -> tuple[Supposition, ...]:
        """The hypotheses of inductions that the steps use."""
        used = (used.supposed_for for step in self.steps for used in step.uses)
        return tuple(dict.fromkeys(each for each in used if each is not None))

    @property
    def particulars(self) -> frozenset[Symbol]:
        """The indices that the conclusion cannot be claimed of in general, as more is assumed of them."""
        return frozenset[Symbol]().union(*(used.particulars for step in self.steps for used in step.uses))

    @property
    def holds_for(self) -> Domain:
        """The sizes and indices at which everything in the chain, and in the lemmas it uses, is defined."""
        assumed = (each for step in self.steps for each in step.premises)
        restricted = (parameter for each in assumed for parameter in each.restricts)
        return domain_of((self.start, *(step.after for step in self.steps)), restricted)

    @property
    def premises(self) -> tuple[Assumption, ...]:
        """What the steps assume, and what shows the equations and lemmas that they use."""
        return tuple(dict.fromkeys(each for step in self.steps for each in step.premises))

    @property
    def prefixes(self) -> Iterator[Self]:
        """The chain up to each of its lines."""
        return (replace(self, steps=self.steps[:count]) for count in range(1, len(self.steps) + 1))

    @property
    def end(self) -> Expr:
        """What the chain has reached."""
        return self.steps[-1].after if self.steps else self.start

    def equals(self, after: Expr, rule: str, *uses: Assumption) -> Self:
        """Add a step ``… = after``."""
        return self._followed_by(Relation.EQUAL, after, rule, uses)

    def tends_to(self, after: Expr, rule: str, *uses: Assumption) -> Self:
        """Add a step ``… → after`` as ε → 0."""
        return self._followed_by(Relation.LIMIT, after, rule, uses)

    def at_most(
        self, after: Expr, rule: str, *uses: Assumption, lemmas: Sequence[tuple[Expr, Lemma]]
    ) -> Self:
        """Add a step ``… ≤ after``; each lemma with the factor that multiplies it."""
        return self._followed_by(Relation.AT_MOST, after, rule, uses, lemmas)

    def at_least(
        self, after: Expr, rule: str, *uses: Assumption, lemmas: Sequence[tuple[Expr, Lemma]]
    ) -> Self:
        """Add a step ``… ≥ after``; each lemma with the factor that multiplies it."""
        return self._followed_by(Relation.AT_LEAST, after, rule, uses, lemmas)

    def _followed_by(
        self,
        relation: Relation,
        after: Expr,
        rule: str,
        uses: Sequence[Assumption],
        lemmas: Sequence[tuple[Expr, Lemma]] = (),
    ) -> Self:
        step = Step(self.end, relation, after, rule, tuple(uses), tuple(lemmas), written=place_in_source())
        return replace(self, steps=(*self.steps, step))

    def as_lemma(self, name: str, title: str, rule: Rule) -> ShownEquations:
        """What this part has shown, ready to be used by a later step of the same derivation as ``rule``.

        Raises ValueError if the rule is not this part's conclusion, and if that is an inequality.
        """
        proof = Proof((rule,), (self,))
        return ShownEquations(name, title, "shown above", (rule,), (rule,), definition=True, proof=proof)


@dataclass(frozen=True)
class Proof:
    """The calculations that show ``rules``.

    Without an ``argument`` every rule is the equation of the two ends of a calculation; an argument says in
    words how the rules follow from the calculations. ``discharges`` is the hypothesis of the induction of
    which the calculations are the base and the step.

    Raises ValueError if they show something else, only an inequality, something that is still under
    the hypothesis of an induction, or an equation for a particular index that the rule claims for all.
    """

    rules: tuple[Rule, ...]
    calculations: tuple[Calculation, ...]
    argument: str = ""
    discharges: Supposition | None = None

    def __post_init__(self) -> None:
        """Refuse a proof that does not show what it is said to show."""
        shown = [{part.start, part.end} for part in self.calculations]
        for part in self.calculations:
            if part.relation.is_inequality:
                message = (
                    f"calculation '{part.title}' shows an inequality, which is no equation to rewrite by"
                )
                raise ValueError(message)
            pending = [each.name for each in part.suppositions if each != self.discharges]
            if pending:
                message = (
                    f"calculation '{part.title}' is still under the hypothesis of the induction {pending[0]}"
                )
                raise ValueError(message)
            general = {index for rule in self.rules for index in rule.indices}
            particular = sorted(str(index) for index in general & part.particulars)
            if particular:
                message = (
                    f"calculation '{part.title}' assumes something of {particular[0]} that is not assumed of "
                    "every index: the rule cannot be for all of them"
                )
                raise ValueError(message)
        if self.argument or self.discharges is not None:
            return
        for rule in self.rules:
            if {rule.lhs, rule.rhs} not in shown:
                titles = ", ".join(f"'{part.title}'" for part in self.calculations)
                message = f"{rule.equation} is not what calculation {titles} shows"
                raise ValueError(message)

    @property
    def label(self) -> str:
        """The calculations, in words."""
        return ", ".join(part.title for part in self.calculations)

    @property
    def relation(self) -> Relation:
        """A limit as soon as one of the calculations is one."""
        limits = any(part.relation is Relation.LIMIT for part in self.calculations)
        return Relation.LIMIT if limits else Relation.EQUAL


@dataclass(frozen=True)
class ShownEquations(Assumption):
    """Equations that calculations of the same derivation show; nothing has to be assumed for them.

    Raises ValueError for equations that the proof does not show.
    """

    # Left out of the hash: a proof holds whole calculations.
    proof: Proof = field(hash=False, repr=False, kw_only=True)

    def __post_init__(self) -> None:
        """Refuse equations beyond those of the proof."""
        beyond = [rule for rule in self.rules if rule not in self.proof.rules]
        if beyond:
            message = f"{beyond[0].equation} is not among what {self.proof.label} shows"
            raise ValueError(message)

    @property
    def relation(self) -> Relation:
        """A limit as soon as one of the calculations is one."""
        return self.proof.relation

    @property
    def premises(self) -> tuple[Assumption, ...]:
        """What the calculations assume."""
        return tuple(dict.fromkeys(each for part in self.proof.calculations for each in part.premises))

    @property
    def particulars(self) -> frozenset[Symbol]:
        """The indices of which the calculations assume something in particular."""
        shown = (part.particulars for part in self.proof.calculations)
        return super().particulars.union(*shown)

    def with_transpose(self) -> Self:
        """The same equations between matrices, and their transposes."""
        argument = self.proof.argument or "an equation holds with its transpose"
        rules = Assumption(self.name, self.title, self.statement, self.rules).with_transpose().rules
        return replace(self, rules=rules, proof=replace(self.proof, rules=rules, argument=argument))
