"""Calculations: chains of steps between two expressions, and the equations that they show.

Equations that are shown carry their proof with them. Hence nobody has to remember what a derivation rests
on, whose assumptions it inherits, or that an equation was only shown in the limit ε → 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

from sympy import Expr, Mul, Symbol, expand, sympify

from jacspec.theory.algebra.rules import Rule, substituted
from jacspec.theory.algebra.well_defined import is_injective
from jacspec.theory.derivations.assumption import Assumption, Supposition, known
from jacspec.theory.derivations.domain import Domain, Parameter, cases_beyond, domain_of
from jacspec.theory.derivations.lemma import Lemma, needs
from jacspec.theory.derivations.relation import Relation
from jacspec.theory.derivations.step import Step, place_in_source
from jacspec.theory.notation.words import Inner, transpose_word


@dataclass(frozen=True)
class Calculation:
    """A chain of steps from ``start``, one of the paragraphs of a derivation.

    Raises ValueError for steps that do not follow on one another, or hold in other ranges, and for a mixture
    of relations that relates nothing: ≤ with ≥, or an inequality with a limit.
    """

    title: str
    start: Expr
    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what is no chain."""
        reached = self.start
        for step in self.steps:
            other = getattr(step, "domain", None) != getattr(self, "domain", None)
            if other or step.before != reached:
                fault = "holds in other ranges" if other else "does not start where the last one ended"
                message = f"the step '{step.rule}' of '{self.title}' {fault}"
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

    @cached_property
    def holds_for(self) -> Domain:
        """The sizes and indices at which everything in the chain is defined, and shown by what it uses."""
        assumed = (each for step in self.steps for each in step.premises)
        restricted = [parameter for each in assumed for parameter in each.restricts]
        restricted += [parameter for step in self.steps for parameter in (*step.shown_for, *step.directions)]
        return domain_of((self.start, *(step.after for step in self.steps)), restricted)

    @property
    def premises(self) -> tuple[Assumption, ...]:
        """What the steps assume, and what shows the equations and lemmas that they use."""
        return tuple(dict.fromkeys(each for step in self.steps for each in step.premises))

    @property
    def without_value(self) -> tuple[str, ...]:
        """What a line, or a lemma, divides by, say, that no assumption says not to be 0, in words."""
        lines = [self.start, *(step.after for step in self.steps)]
        used = (pair for step in self.steps for pair in step.lemmas)
        lines += [side for factor, lemma in used for side in (factor, lemma.small, lemma.large)]
        return tuple(map(str, sorted(needs(lines, self.premises, self.holds_for))))

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
        step = Step(
            self.end, relation, sympify(after), rule, tuple(uses), tuple(lemmas), written=place_in_source()
        )
        return replace(self, steps=(*self.steps, step))

    def as_lemma(self, name: str, title: str, rule: Rule) -> ShownEquations:
        """What this part has shown, ready to be used by a later step of the same derivation as ``rule``.

        Raises ValueError if the rule is not this part's conclusion, and if that is an inequality.
        """
        proof = Proof((rule,), (self,))
        return ShownEquations(name, title, (rule,), (rule,), proof=proof)


@dataclass(frozen=True)
class Proof:
    """The calculations that show ``rules``.

    Every rule is shown by one of them (:func:`_shows`), where it holds; the finitely many values of an index
    beyond that are cases of their own, shown by others. ``discharges`` is the hypothesis of the induction of
    which the calculations are the base and the step. An inequality counts with the one that turns it round.

    Raises ValueError if they show something else, only an inequality, what is still under the hypothesis of
    an induction, or an equation for a particular index that the rule claims for all.
    """

    rules: tuple[Rule, ...]
    calculations: tuple[Calculation, ...]
    discharges: Supposition | None = None

    def __post_init__(self) -> None:
        """Refuse a proof that does not show what it is said to show."""
        known = {(part.start, part.relation, part.end, part.holds_for) for part in self.calculations}
        for part in self.calculations:
            back = part.end, part.relation, part.start, part.holds_for
            if part.relation.is_inequality and back not in known:
                message = f"calculation '{part.title}' shows an inequality, no equation to rewrite by"
                raise ValueError(message)
            pending = [each.name for each in part.suppositions if each != self.discharges]
            if pending:
                message = (
                    f"calculation '{part.title}' is still under the hypothesis of the induction {pending[0]}"
                )
                raise ValueError(message)
            particular = sorted(str(i) for rule in self.rules for i in rule.indices if i in part.particulars)
            if particular:
                message = (
                    f"calculation '{part.title}' assumes something of {particular[0]} that is not assumed of "
                    "every index: the rule cannot be for all of them"
                )
                raise ValueError(message)
        if self.discharges is not None:
            self._check_induction(self.discharges)
        for rule in self.rules:
            if self.discharges is None:
                lacking = self._lacking(rule)
            else:
                lacking = "" if self.discharges.concludes(rule) else " by induction"
            if lacking:
                titles = ", ".join(f"'{part.title}'" for part in self.calculations)
                message = f"{rule.equation} is not what calculation {titles} shows{lacking}"
                raise ValueError(message)

    def _check_induction(self, supposed: Supposition) -> None:
        """Refuse what is no base and step of an induction, each of all that it is said to reach."""
        base, step = self.calculations
        for part, layer in ((base, supposed.first), (step, supposed.wanted)):
            if (part.start, part.end) != supposed.at(layer):
                message = f"calculation '{part.title}' does not show {supposed.name} at layer {layer}"
                raise ValueError(message)
            if part.relation is not Relation.EQUAL:
                message = (
                    f"calculation '{part.title}' is no equality: an induction over {supposed.name} needs one"
                )
                raise ValueError(message)
            beyond = supposed.needed(layer).beyond(part.holds_for)
            narrower = [each for each in beyond if each.symbol in supposed.statement.indices]
            if narrower:
                message = (
                    f"calculation '{part.title}' holds for {narrower[0]} only: {supposed.name} claims more"
                )
                raise ValueError(message)
        if base.suppositions:
            message = (
                f"calculation '{base.title}' cannot be the base of {supposed.name}: it uses a hypothesis"
            )
            raise ValueError(message)

    def _lacking(self, rule: Rule) -> str:
        """Where a rule is claimed and not shown, in words; '' if it is shown."""
        general = next((part for part in self.calculations if _shows(part, rule.lhs, rule.rhs)), None)
        if general is None:
            return ":"
        for index, values in cases_beyond(rule, general.holds_for):
            for value in values if values is not None else (index,):
                sides = tuple(substituted(side, {index: value}) for side in (rule.lhs, rule.rhs))
                if values is None or not any(_shows(part, *sides) for part in self.calculations):
                    return f" at {index} = {value}"
        return ""

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
        beyond = [str(rule.equation) for rule in self.rules if rule not in self.proof.rules]
        beyond += map(str, (*self.conditions, *self.positive, *self.distinct, *self.restricts))
        beyond += [head.name for head in self.differentiable]
        if beyond:
            message = f"{beyond[0]} is not among what {self.proof.label} shows"
            raise ValueError(message)

    @property
    def defines(self) -> bool:
        """Whether nothing has to be assumed for it beyond its premises."""
        return True

    @property
    def relation(self) -> Relation:
        """A limit as soon as one of the calculations is one."""
        return self.proof.relation

    @property
    def shown_for(self) -> tuple[Parameter, ...]:
        """Where the calculations hold, as far as the ranges of the equations do not say so."""
        claimed = set.intersection(*({*rule.indices} for rule in self.rules)) if self.rules else set()
        ranges = (each for part in self.proof.calculations for each in part.holds_for.parameters)
        return tuple(each for each in dict.fromkeys(ranges) if each.symbol not in claimed)

    @property
    def premises(self) -> tuple[Assumption, ...]:
        """What the calculations assume."""
        return tuple(dict.fromkeys(each for part in self.proof.calculations for each in part.premises))

    @property
    def particulars(self) -> frozenset[Symbol]:
        """The indices of which the calculations assume something in particular."""
        return frozenset[Symbol]().union(*(part.particulars for part in self.proof.calculations))

    def with_transpose(self) -> Self:
        """The same equations between matrices, and their transposes."""
        rules = Assumption(self.name, self.title, self.rules).with_transpose().rules
        return replace(self, rules=rules, proof=replace(self.proof, rules=rules))


# --- what a calculation shows -------------------------------------------------------------------


def _shows(part: Calculation, left: Expr, right: Expr) -> bool:
    """Whether the two ends of a calculation give ``left = right``.

    They are the two sides, or their transposes; or their squares, where neither side is negative; or 0 and
    the product of ``left - right`` with what is injective.
    """
    ends, sides = {*map(_word, (part.start, part.end))}, (_word(left), _word(right))
    if ends == {*sides} or ends == {*map(_turned, sides)}:
        return True
    if all(side.is_nonnegative for side in sides) and ends == {side**2 for side in sides}:
        return True
    scalars, factors = part.start.args_cnc()
    if part.end != 0 or scalars or not factors:
        return False
    return any(
        is_injective(factor, known(part.premises, part.holds_for), part.holds_for.contains)
        and expand(Mul(*others)) == expand(left - right)
        for factor, *others in (factors, [factors[-1], *factors[:-1]])
    )


def _word(side: Expr) -> Expr:
    """⟨a, b⟩ as the word aᵀb; anything else is itself."""
    return side.args[0] if isinstance(side, Inner) else side


def _turned(side: Expr) -> Expr | None:
    """The transpose of a word; None for a number, or what the notation cannot transpose."""
    try:
        return None if side.is_commutative else transpose_word(side)
    except TypeError:
        return None
