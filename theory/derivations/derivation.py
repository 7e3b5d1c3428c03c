"""Derivations: labelled results, with the chains of steps that lead to them.

What a derivation rests on and what it assumes is computed from its steps; so is whether it uses
anything that is not shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache, cached_property
from types import MappingProxyType

from jacspec.documents.blocks import Block
from jacspec.documents.claiming import claims_in
from jacspec.documents.displayable import Displayable
from jacspec.theory.algebra.rules import Rule
from jacspec.theory.algebra.well_defined import divisors
from jacspec.theory.derivations.assumption import Assumption
from jacspec.theory.derivations.calculation import Calculation, ShownEquations
from jacspec.theory.derivations.derivation_blocks import derivation_blocks
from jacspec.theory.derivations.domain import Parameter, undefined_heads
from jacspec.theory.derivations.lemma import Lemma, unstated
from jacspec.theory.derivations.relation import Relation
from jacspec.theory.derivations.step import Step
from jacspec.theory.notation.glossary import meanings
from jacspec.theory.notation.heads import head_of
from jacspec.theory.notation.symbols import N, epsilon, n


@dataclass(frozen=True)
class Derivation(Displayable):
    """A labelled result with the calculations that lead to it; the last one's two ends are the result.

    ``rests_on`` are the derivations whose results enter as lemmas: they are read off the steps, and so
    are the assumptions, those inherited included. ``remark`` explains; it may not claim.
    ``explained`` are pairs of the name of an assumption that a step names without needing its equations,
    and why it does; without an explanation, the second check does not accept the derivation. ``argument``
    is how the result follows from the calculations, where no step says so, and ``argument_uses`` what
    that assumes. ``turned`` is the derivation of which ``transposed`` made this one, on the transposed chain.

    Raises ValueError for a lemma that no calculation above shows, for the hypothesis of an induction without
    its base, for a derivation given in ``rests_on`` of which no step makes use, and for assumptions of
    words that are not there.
    """

    label: str
    title: str
    calculations: tuple[Calculation, ...]
    rests_on: tuple[Derivation, ...] = ()
    remark: str = ""
    explained: tuple[tuple[str, str], ...] = field(default=(), kw_only=True)
    argument: str = field(default="", kw_only=True)
    argument_uses: tuple[Assumption, ...] = field(default=(), kw_only=True)
    turned: Derivation | None = field(default=None, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Find what the steps rest on; refuse what is used without being shown."""
        for number, part in enumerate(self.calculations):
            self._check_lemmas(part, self.calculations[:number])
            self._check_suppositions(part)
        lent = (each.lender for step in self.steps for each in step.uses if isinstance(each, LentEquations))
        used = tuple(dict.fromkeys([*lent, *self.proofs.values()]))
        unused = [given.label for given in self.rests_on if given not in used]
        if unused:
            message = f"{self.label} is said to rest on {unused[0]}, of which no step makes use: leave it out"
            raise ValueError(message)
        if self.argument_uses and not self.argument:
            message = f"{self.label} assumes {self.argument_uses[0].name} for words that it does not have"
            raise ValueError(message)
        object.__setattr__(self, "rests_on", used)

    def _check_lemmas(self, part: Calculation, above: tuple[Calculation, ...]) -> None:
        for step in part.steps:
            for used in step.uses:
                if not isinstance(used, ShownEquations) or isinstance(used, LentEquations):
                    continue
                missing = [shown.title for shown in used.proof.calculations if shown not in above]
                if missing:
                    message = (
                        f"the step '{step.rule}' of {self.label} uses '{used.title}', shown by "
                        f"calculation '{missing[0]}', which is not above it: add it, "
                        "or let its derivation lend the lemma"
                    )
                    raise ValueError(message)

    def _check_suppositions(self, part: Calculation) -> None:
        bases = [(each.start, each.end) for each in self.calculations if not each.suppositions]
        for supposed in part.suppositions:
            if (part.start, part.end) != supposed.at(supposed.wanted) or supposed.at(
                supposed.first
            ) not in bases:
                message = (
                    f"calculation '{part.title}' of {self.label} uses the hypothesis of the induction "
                    f"{supposed.name}, of which it is not the step, or whose base is missing"
                )
                raise ValueError(message)

    @property
    def steps(self) -> Iterator[Step]:
        """The steps of every part, in order; not those of the derivations it rests on."""
        return (step for part in self.calculations for step in part.steps)

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """What has to be assumed, computed from the steps here and in what this rests on."""
        own = [used for step in self.steps for used in step.uses if not used.defines]
        inherited = [used for lemma in self.rests_on for used in lemma.assumptions]
        return tuple(dict.fromkeys([*inherited, *own, *self.argument_uses]))

    @property
    def definitions(self) -> tuple[Assumption, ...]:
        """The definitions that the steps use; what is shown, or supposed in an induction, is none."""
        used = (used for step in self.steps for used in step.uses if not isinstance(used, ShownEquations))
        plain = (each for each in used if each.defines and not each.supposed_for)
        return tuple({(each.title, each.where, each.says): each for each in plain}.values())

    @property
    def symbols(self) -> tuple[str, ...]:
        """What the symbols of the steps stand for, in words."""
        return meanings(side for step in self.steps for side in (step.before, step.after))

    @property
    def checked_for(self) -> tuple[str, ...]:
        """The explicit sizes to which steps here, or in what this rests on, are confined."""
        inherited = [sizes for lemma in self.rests_on for sizes in lemma.checked_for]
        own = [step.checked_for for step in self.steps if step.checked_for]
        return tuple(dict.fromkeys([*inherited, *own]))

    @property
    def inequalities(self) -> tuple[Lemma, ...]:
        """The inequalities that the steps use, those that need a proof or evidence of their own."""
        used = (lemma for step in self.steps for _, lemma in step.lemmas)
        return tuple(dict.fromkeys(lemma for lemma in used if not lemma.by_definition))

    @property
    def unproved_lemmas(self) -> tuple[Lemma, ...]:
        """The inequalities that the steps take without proof, by the notation or from a premise."""
        used = (lemma for step in self.steps for _, lemma in step.lemmas)
        return tuple(dict.fromkeys(lemma for lemma in used if lemma.by_definition))

    @property
    def proofs(self) -> dict[Lemma, Derivation]:
        """The derivations of the inequalities that the steps use, where they have one."""
        return {each: each.derivation() for each in self.inequalities if isinstance(each, DerivedLemma)}

    @property
    def searched(self) -> tuple[Lemma, ...]:
        """Inequalities used here, or in what this rests on, that are only supported by search."""
        inherited = [lemma for lender in self.rests_on for lemma in lender.searched]
        own = [lemma for lemma in self.inequalities if not isinstance(lemma, DerivedLemma)]
        return tuple(dict.fromkeys([*inherited, *own]))

    @property
    def general(self) -> bool:
        """Whether its steps show what it says for all sizes, and rest on nothing that is only searched."""
        return not (self.checked_for or self.searched or self.argument)

    @property
    def generality(self) -> str:
        """The sizes and indices for which its results hold, computed from what is defined where."""
        domains = dict.fromkeys(str(part.holds_for.whole).replace(", ", "$, $") for part in self.results)
        return "; ".join(f"${domain}$" for domain in domains if domain)

    @property
    def scope(self) -> str:
        """For what the derivation holds: its generality, confined to what its weakest step shows."""
        sizes = [f"checked for {each}" for each in self.checked_for]
        scope = "; ".join(filter(None, [self.generality, *sizes]))
        if self.argument:
            scope += "; from the steps to the result in words"
        if not self.searched:
            return scope
        titles = ", ".join(f"{lemma.title} (lemma-{lemma.label})" for lemma in self.searched)
        return f"{scope}; rests on inequalities that only a search supports: {titles}"

    @property
    def results(self) -> tuple[Calculation, ...]:
        """What is shown: the parts that are not only steps on the way to a later one."""
        inside = {
            part.title
            for step in self.steps
            for used in step.uses
            if isinstance(used, ShownEquations) and not isinstance(used, LentEquations)
            for part in used.proof.calculations
        }
        supposed = {part.title for part in self.calculations if part.suppositions}
        return tuple(part for part in self.calculations if part.title not in inside | supposed)

    @property
    def unneeded(self) -> Iterator[tuple[Step, Assumption]]:
        """Equations that a step invokes and does not need: without the assumption it holds as well."""
        # An inequality invokes what its lemmas need, which is no equation.
        for step in (each for each in self.steps if not each.relation.is_inequality):
            here = step.defined_for
            below = divisors(step.after, here.is_nonnegative)
            for used in (each for each in step.uses if each.rules or each.distinct):
                rest = tuple(other for other in step.uses if other is not used)
                kept = any(used.keeps_from_zero(each, here) for each in below)
                if not kept and replace(step, uses=rest).holds():
                    yield step, used

    @property
    def lemmas(self) -> tuple[Derivation, ...]:
        """The derivations it rests on and all that those rest on, each once, before what uses it."""
        return tuple(dict.fromkeys(each for lemma in self.rests_on for each in (*lemma.lemmas, lemma)))

    @cached_property
    def naming_errors(self) -> tuple[str, ...]:
        """Assumptions named in a step that holds without them, or not named where one is needed.

        And explanations of none, and symbols outside of the indices for which they stand for something.
        """
        pairs = list(self.unneeded)
        names = [name for name, _ in self.explained]
        unneeded = [
            f"'{step.rule}': it names '{used.title}', which it does not need"
            for step, used in pairs
            if used.name not in names
        ]
        needed = set(names) - {used.name for _, used in pairs}
        valueless = (f"'{part.title}': {fault}" for part in self.calculations for fault in part.without_value)
        undefined = (
            f"'{part.title}': {fault}"
            for part in self.calculations
            for side in (part.start, *(step.after for step in part.steps))
            for fault in undefined_heads(side, part.holds_for)
        )
        claimed = (
            f"the remark claims {each}: state it in a proposition, or leave it out"
            for each in claims_in(self.remark)
        )
        return (
            *unneeded,
            *claimed,
            *(fault for each in (*self.assumptions, *self.definitions) for fault in each.faults),
            *(f"'{step.rule}': {fault}" for step in self.steps for fault in step.faults),
            *valueless,
            *undefined,
            *(f"'{name}' is explained, but no step names it without need" for name in sorted(needed)),
        )

    @property
    def result(self) -> Step:
        """From the first to the last expression of the last part, as one step."""
        part = self.calculations[-1]
        return Step(part.start, part.relation, part.end, self.title, self.assumptions)

    def as_lemma(self) -> LentEquations:
        """The result, ready to be used by a later derivation.

        Raises TypeError if it does not start from a single symbol, ValueError if it is an inequality.
        """
        part = self.calculations[-1]
        if head_of(part.start) is None:
            raise TypeError(f"the result of {self.label} does not start from a single symbol")
        indices = part.start.free_symbols - {N, n, epsilon} - part.particulars
        rule = Rule(part.start, part.end, tuple(sorted(indices, key=str)))
        return self.lends(part.as_lemma(self.label, self.label, rule))

    def lends(self, lemma: ShownEquations) -> LentEquations:
        """A lemma that calculations of this derivation show, ready to be used by another derivation.

        Raises ValueError if they do not show it.
        """
        shown = {each.name: getattr(lemma, each.name) for each in fields(ShownEquations)}
        return LentEquations(**shown, lender=self)

    def holds(self) -> bool:
        """Whether every step holds by normal form, here and in what this rests on."""
        return all(lemma.holds() for lemma in self.rests_on) and all(step.holds() for step in self.steps)

    def blocks(
        self, checks: str = "", *, level: int = 2, anchors: Mapping[str, str] = MappingProxyType({})
    ) -> list[Block]:
        """The derivation as a document, or as a part of one, under a heading of that level.

        ``checks`` says in a sentence what became of its steps and of their wrong variants. ``anchors`` say
        where the document shows which derivation, by label; those are links.
        """
        return list(derivation_blocks(self, checks, level=level, anchors=anchors))


@dataclass(frozen=True)
class LentEquations(ShownEquations):
    """Equations that another derivation shows, the ``lender``: what it assumes is assumed with them."""

    lender: Derivation = field(hash=False, repr=False, kw_only=True)

    def __post_init__(self) -> None:
        """Refuse what the lender does not show."""
        super().__post_init__()
        if not all(part in self.lender.calculations for part in self.proof.calculations):
            message = f"{self.lender.label} cannot lend '{self.title}': no part of it shows that"
            raise ValueError(message)


@dataclass(frozen=True)
class DerivedLemma(Lemma):
    """A result of the derivation that ``shown_by`` makes; what that assumes are the lemma's hypotheses."""

    shown_by: Callable[[], Derivation] = field(kw_only=True)

    def derivation(self) -> Derivation:
        """The derivation of the inequality.

        Raises ValueError if its results are other inequalities, or assume more than the hypotheses.
        """
        return _shown(self)

    @property
    def shown_for(self) -> tuple[Parameter, ...]:
        """The sizes and indices for which the derivation shows it."""
        shown = next(filter(self.is_shown_by, self.derivation().results))
        return (*super().shown_for, *shown.holds_for.parameters)

    def is_shown_by(self, part: Calculation) -> bool:
        """Whether a calculation ends in the inequality."""
        return (part.start, part.relation, part.end) == (self.small, Relation.AT_MOST, self.large)


@cache
def _shown(lemma: DerivedLemma) -> Derivation:
    """Made once, of equal lemmas too: what is checked is what is used."""
    derivation = lemma.shown_by()
    if not any(map(lemma.is_shown_by, derivation.results)):
        message = f"{derivation.label} does not show {lemma.label}: its two ends are others"
        raise ValueError(message)
    assumed = (*derivation.assumptions, *(each for c in derivation.calculations for each in c.premises))
    if beyond := unstated(assumed, (lemma.small, lemma.large), lemma.hypotheses):
        message = f"{derivation.label} assumes '{beyond[0].title}', which is no hypothesis of {lemma.label}"
        raise ValueError(message)
    return derivation
