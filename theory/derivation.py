"""Derivations: equalities and limits between expressions, each step resting on named assumptions.

A step states what follows (``after``); it is not told how. Whether it does follow is decided by
:meth:`Step.holds`, by normal form modulo the equations of the assumptions the step names, and
again, independently, by ball evaluation in ``proofs_check``. A step that names an assumption too
few fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Self

from sympy import Add, Expr, Sum

from theory.assumptions import Assumption
from theory.lemmas import Lemma
from theory.normal_form import agree
from theory.notation import N, epsilon, head_of, n
from theory.rules import Rule

__all__ = ["Derivation", "Part", "Relation", "Step"]


class Relation(Enum):
    """How what follows is related to what came before."""

    EQUAL = "="
    LIMIT = "→"
    """Equal in the limit ε → 0, everything else held fixed."""
    AT_MOST = "≤"
    AT_LEAST = "≥"

    @property
    def is_inequality(self) -> bool:
        """Whether one side only bounds the other."""
        return self in (Relation.AT_MOST, Relation.AT_LEAST)


@dataclass(frozen=True)
class Step:
    """``before = after`` (or ``→``, ``≤``, ``≥``), by a named rule, using named assumptions.

    An inequality rests on ``lemmas``, each with the factor by which it is multiplied: it holds if
    ``after - before`` is the sum of ``factor · (large - small)``, term by term, with factors that
    are manifestly not negative (for ≥, the sum with the opposite sign). A ``Sum`` as a factor uses its
    lemma term by term.

    ``checked_for`` is empty where the expressions hold for general sizes; where only explicit sizes
    were written out it names them, and a derivation says no more than its weakest step.
    """

    before: Expr
    relation: Relation
    after: Expr
    rule: str
    uses: tuple[Assumption, ...] = ()
    lemmas: tuple[tuple[Expr, Lemma], ...] = ()
    checked_for: str = ""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The equations that the step may use."""
        return tuple(rule for assumption in self.uses for rule in assumption.rules)

    def holds(self) -> bool:
        """Decide the step by normal form; an inequality by that of the difference of its sides."""
        if self.relation.is_inequality:
            sign = 1 if self.relation is Relation.AT_MOST else -1
            slack = Add(*(_slack(factor, lemma) for factor, lemma in self.lemmas))
            positive = all(_summand(factor).is_nonnegative for factor, _ in self.lemmas)
            return positive and agree(sign * (self.after - self.before), slack, self.rules)
        vanishing = epsilon if self.relation is Relation.LIMIT else None
        return agree(self.before, self.after, self.rules, vanishing=vanishing)

    @property
    def reason(self) -> str:
        """The rule and the assumptions, in words."""
        titles = [assumption.title for assumption in self.uses]
        used = ", ".join([*titles, *(lemma.title for _, lemma in self.lemmas)])
        scope = f" (checked for {self.checked_for})" if self.checked_for else ""
        return f"{self.rule} [{used}]{scope}" if used else f"{self.rule}{scope}"


def _summand(factor: Expr) -> Expr:
    return factor.function if isinstance(factor, Sum) else factor


def _slack(factor: Expr, lemma: Lemma) -> Expr:
    """The lemma times its factor; a sum as a factor uses the lemma term by term."""
    gap = lemma.large - lemma.small
    return Sum(factor.function * gap, *factor.limits) if isinstance(factor, Sum) else factor * gap


@dataclass(frozen=True)
class Part:
    """A chain of steps from ``start``, one of the paragraphs of a derivation."""

    title: str
    start: Expr
    steps: tuple[Step, ...] = ()

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

    def _followed_by(
        self,
        relation: Relation,
        after: Expr,
        rule: str,
        uses: Sequence[Assumption],
        lemmas: Sequence[tuple[Expr, Lemma]] = (),
    ) -> Self:
        step = Step(self.end, relation, after, rule, tuple(uses), tuple(lemmas))
        return replace(self, steps=(*self.steps, step))

    def as_lemma(self, name: str, title: str, rule: Rule) -> Assumption:
        """What this part has shown, ready to be used by a later step as ``rule``.

        Raises ValueError if the rule is not this part's conclusion.
        """
        if {rule.lhs, rule.rhs} != {self.start, self.end}:
            message = f"{rule.equation} is not what the part '{self.title}' shows"
            raise ValueError(message)
        return Assumption(name, title, "shown above", (rule,), (rule,), definition=True)


@dataclass(frozen=True)
class Derivation:
    """A labelled result with the parts that lead to it; the last part's two ends are the result.

    ``rests_on`` are the derivations whose results enter as lemmas. ``remark`` says what the result
    does and does not say.
    """

    label: str
    title: str
    parts: tuple[Part, ...]
    rests_on: tuple[Derivation, ...] = ()
    remark: str = ""
    generality: str = field(default="any depth $N ≥ 2$ and any width $n$", kw_only=True)

    @property
    def steps(self) -> Iterator[Step]:
        """The steps of every part, in order; not those of the derivations it rests on."""
        return (step for part in self.parts for step in part.steps)

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """What has to be assumed, computed from the steps here and in what this rests on."""
        own = [used for step in self.steps for used in step.uses if not used.definition]
        inherited = [used for lemma in self.rests_on for used in lemma.assumptions]
        return tuple(dict.fromkeys([*inherited, *own]))

    @property
    def checked_for(self) -> tuple[str, ...]:
        """The explicit sizes to which steps here, or in what this rests on, are confined."""
        inherited = [sizes for lemma in self.rests_on for sizes in lemma.checked_for]
        own = [step.checked_for for step in self.steps if step.checked_for]
        return tuple(dict.fromkeys([*inherited, *own]))

    @property
    def scope(self) -> str:
        """For what the derivation holds: its generality, confined to what its weakest step shows."""
        return "; checked for ".join([self.generality, *self.checked_for])

    @property
    def idle(self) -> Iterator[tuple[Step, Assumption]]:
        """Equations that a step invokes and does not need: without the assumption it holds as well."""
        for step in self.steps:
            for assumption in step.uses:
                rest = tuple(used for used in step.uses if used is not assumption)
                # An inequality invokes what its lemmas need, which is no equation.
                if step.relation.is_inequality:
                    continue
                if assumption.rules and replace(step, uses=rest).holds():
                    yield step, assumption

    @property
    def result(self) -> Step:
        """From the first to the last expression of the last part, as one step."""
        part = self.parts[-1]
        met = {step.relation for step in part.steps}
        order = (Relation.AT_MOST, Relation.AT_LEAST, Relation.LIMIT)
        relation = next((each for each in order if each in met), Relation.EQUAL)
        return Step(part.start, relation, part.end, self.title, self.assumptions)

    def as_lemma(self) -> Assumption:
        """The result, ready to be used by a later derivation; it must start from one symbol."""
        if head_of(self.result.before) is None:
            message = f"the result of {self.label} does not start from a single symbol"
            raise TypeError(message)
        indices = tuple(
            sorted(self.result.before.free_symbols - {N, n, epsilon}, key=lambda symbol: str(symbol))
        )
        rule = Rule(self.result.before, self.result.after, indices)
        return self.parts[-1].as_lemma(self.label, self.label, rule)

    def holds(self) -> bool:
        """Whether every step holds by normal form, here and in what this rests on."""
        return all(lemma.holds() for lemma in self.rests_on) and all(step.holds() for step in self.steps)

    def __str__(self) -> str:
        from theory.rendering import as_text

        return as_text(self)

    def _repr_latex_(self) -> str:
        from theory.rendering import as_latex_body

        return as_latex_body(self)
