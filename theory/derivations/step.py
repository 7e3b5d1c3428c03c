"""Steps between two expressions: what is claimed, not how it is reached.

A step states what follows (``after``); it is not told how. Whether it does follow is decided by
:meth:`Step.holds`, by normal form modulo the equations of the assumptions the step names, and
again, independently, by ball evaluation in ``proofs_check``. A step that names an assumption too
few fails.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import FrameType

from sympy import Add, Expr, Function, Integer, KroneckerDelta, Sum, Symbol

from jacspec.theory.algebra.normal_form import Question, Reached, reached, same_form
from jacspec.theory.algebra.rules import Rule, with_own_indices
from jacspec.theory.algebra.trace import Trace, differentiated
from jacspec.theory.algebra.well_defined import part_text
from jacspec.theory.derivations.assumption import Assumption
from jacspec.theory.derivations.domain import Domain, Parameter, domain_of, undefined_heads
from jacspec.theory.derivations.lemma import Lemma
from jacspec.theory.derivations.relation import Relation, refuse_matrices
from jacspec.theory.notation.declare import alike, hidden
from jacspec.theory.notation.heads import Quantity, head_of
from jacspec.theory.notation.printing import text
from jacspec.theory.notation.symbols import epsilon, k, l, n, r
from jacspec.theory.notation.words import D
from jacspec.theory.traces.checker import Claim, fault

_VECTORS = (Quantity.LEFT_VECTOR, Quantity.RIGHT_VECTOR)
"""Differentiable only where the singular value is simple; matrices and drives always are."""


def place_in_source() -> str:
    """File and line of the caller outside of the derivations' own files, where a step is being written."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and Path(frame.f_code.co_filename).is_relative_to(Path(__file__).parent):
        frame = frame.f_back
    return "" if frame is None else f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"


@dataclass(frozen=True)
class Step:
    """``before = after`` (or ``→``, ``≤``, ``≥``), by a named rule, using named assumptions.

    An inequality rests on ``lemmas``, each with the factor by which it is multiplied: it holds if
    ``after - before`` is the sum of ``factor · (large - small)``, term by term, with factors that
    are manifestly not negative (for ≥, the sum with the opposite sign). A ``Sum`` as a factor uses its
    lemma term by term.

    ``checked_for`` is empty where the expressions hold for general sizes; where only explicit sizes
    were written out it names them, and a derivation says no more than its weakest step. ``written`` is the
    file and the line where the step stands.

    Raises ValueError for an equality or an inequality by a lemma that was only shown in the limit, and for
    a lemma whose hypotheses it does not name.
    """

    before: Expr
    relation: Relation
    after: Expr
    rule: str
    uses: tuple[Assumption, ...] = ()
    lemmas: tuple[tuple[Expr, Lemma], ...] = ()
    checked_for: str = ""
    written: str = field(default="", compare=False, repr=False, kw_only=True)

    def __post_init__(self) -> None:
        """Refuse to use in an exact step what holds in the limit only, and lemmas without what they need."""
        refuse_matrices(self.before, self.relation, self.after)
        for _, lemma in self.lemmas:
            for needed in lemma.hypotheses:
                if needed not in self.uses:
                    message = (
                        f"the step '{self.rule}' uses '{lemma.title}', which needs '{needed.title}': name it"
                    )
                    raise ValueError(message)
        if self.relation is Relation.LIMIT:
            return
        for used in self.uses:
            if used.relation is Relation.LIMIT:
                message = (
                    f"the step '{self.rule}' is a '{self.relation.value}', but '{used.title}' was only "
                    "shown in the limit ε → 0: make it a limit too (tends_to)"
                )
                raise ValueError(message)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The equations that the step may use."""
        return tuple(rule for assumption in self.uses for rule in assumption.rules)

    @property
    def premises(self) -> tuple[Assumption, ...]:
        """What has to be assumed for the step, and for what shows the equations that it uses."""
        return tuple(dict.fromkeys(each for used in self.uses for each in used.premises))

    @property
    def shown_for(self) -> Iterator[Parameter]:
        """Ranges of sizes and indices outside of which its equations and lemmas are not shown."""
        for used in self.uses:
            yield from used.shown_for
        for factor, lemma in self.lemmas:
            yield from (each for each in lemma.shown_for if each.symbol not in _limits(factor))

    @property
    def faults(self) -> Iterator[str]:
        """What it uses and none of its assumptions gives: velocities, and lemmas beyond their range."""
        symbols = self.before.atoms(Symbol) | self.after.atoms(Symbol)
        yield from (*hidden(symbols), *alike(symbols))
        let = {head(k) for used in self.uses for head in used.differentiable}
        begun = _differentiated(self.after) - _differentiated(self.before) - let
        for each in sorted(map(part_text, begun)):
            yield f"it differentiates ${each}$, and names no assumption that lets it"
        moving = self.before.has(D) or self.after.has(D)
        for rule in {each: None for trace in self.traces for each in differentiated(trace)} if moving else ():
            owners = [used for used in self.uses if rule in used.rules]
            if not any(used.timeless for used in owners):
                yield f"it differentiates '{owners[0].title}', which may hold at one time only"
        for factor, lemma in self.lemmas:
            for needed in lemma.hypotheses:
                for index in sorted(needed.particulars & _limits(factor).keys(), key=str):
                    yield f"it uses '{lemma.title}' at every ${index}$, and '{needed.title}' is about one"
            sides = (_summand(factor), lemma.small, lemma.large)
            there = domain_of((self.before, self.after, *sides), self._restricted).within(_limits(factor))
            outside = (each for side in sides for each in undefined_heads(side, there))
            yield from (f"it uses '{lemma.title}' where {each}" for each in outside)
            for value, *ends in lemma.within:
                if not there.contains(value, *ends):
                    yield f"it uses '{lemma.title}' at {text(value)}, where it may not be claimed"
            inside = self.defined_for.within(_limits(factor))
            for narrower in inside.beyond(Domain(lemma.shown_for)):
                if narrower.symbol in _limits(factor):
                    yield f"'{lemma.title}' is shown for ${narrower}$ only"

    @property
    def distinct(self) -> tuple[frozenset[Symbol], ...]:
        """The sets of directions that differ from one another by an assumption."""
        return tuple(frozenset(used.distinct) for used in self.uses if used.distinct)

    @property
    def defined_for(self) -> Domain:
        """The sizes and free indices at which both sides stand for something."""
        return domain_of((self.before, self.after), self._restricted)

    @property
    def _restricted(self) -> tuple[Parameter, ...]:
        return tuple(parameter for each in self.premises for parameter in each.restricts)

    @property
    def directions(self) -> Iterator[Parameter]:
        """Directions that no head on its sides says to be some, as in [i = k]: for others it is undecided.

        And a layer in an exponent alone: it is declared to be ≥ 1.
        """
        about = self.before.free_symbols | self.after.free_symbols
        about -= {each.symbol for each in self.defined_for.parameters}
        for index, *ends in (*Question().free, (r, Integer(1), n), (l, Integer(1), None)):
            if index in about:
                yield Parameter(index, *ends)

    @cached_property
    def question(self) -> Question:
        """Modulo what its sides are compared."""
        found = tuple((each.symbol, each.least, each.most) for each in self.defined_for.parameters)
        named = {symbol for symbol, _, _ in found}
        directions = tuple(each for each in Question().free if each[0] not in named)
        vanishing = epsilon if self.relation is Relation.LIMIT else None
        return Question(self.rules, vanishing, self.distinct, (*found, *directions))

    @property
    def compared(self) -> tuple[Expr, Expr]:
        """What has to be equal: its sides; for ≤ and ≥ the gap between them and what the lemmas give."""
        if not self.relation.is_inequality:
            return self.before, self.after
        sign = 1 if self.relation is Relation.AT_MOST else -1
        slack = Add(*(_slack(factor, lemma) for factor, lemma in self.lemmas))
        return sign * (self.after - self.before), slack

    def holds(self) -> bool:
        """Decide the step by normal form; an inequality by that of the difference of its sides.

        Raises ValueError for a limit of what is not continuous there before limits are put in.
        """
        if self.relation.is_inequality and not all(
            _never_negative(_summand(factor)) for factor, _ in self.lemmas
        ):
            return False
        exact = tuple(used for used in self.uses if used.relation is not Relation.LIMIT)
        if exact != self.uses:  # what holds in the limit only is multiplied by nothing that grows
            _ = replace(self, uses=exact).traces
        return same_form(*self.compared, self.question) and not self.fault_of_trace

    def holds_on(self, domain: Domain) -> bool:
        """Whether it holds wherever the domain allows."""
        return self.holds() and not any(domain.beyond(Domain(tuple(self.directions))))

    @property
    def _reached(self) -> tuple[Reached, Reached]:
        asked = self.question
        left, right = self.compared
        return reached(left, asked), reached(right, asked)

    @property
    def traces(self) -> tuple[Trace, Trace]:
        """How the normal forms of what is compared were reached."""
        left, right = self._reached
        return left.trace, right.trace

    @property
    def fault_of_trace(self) -> str:
        """What a checker without code of the normal form says against its traces; empty if nothing."""
        asked = self.question
        factors = tuple(factor for factor, _ in self.lemmas)
        claim = Claim(*self.compared, asked.rules, asked.vanishing, asked.distinct, asked.free, factors)
        return fault(claim, *self.traces)

    @property
    def out_of_range(self) -> tuple[str, ...]:
        """Rules that fit and were not used, as they are not claimed there: rule, index and range."""
        return tuple(dict.fromkeys(str(each) for side in self._reached for each in side.refused))

    @property
    def residual(self) -> Expr:
        """What is left of ``after - before`` (less the lemmas, for ≤ and ≥) in normal form: 0 if it holds."""
        left, right = self.compared
        return reached(left - right if self.relation.is_inequality else right - left, self.question).form

    @property
    def reason(self) -> str:
        """The rule and the assumptions, in words."""
        return self.reason_citing(lambda used: used.title)

    def reason_citing(self, cited: Callable[[Assumption | Lemma], str]) -> str:
        """The rule, and what is said of the assumptions and lemmas that it uses, each once."""
        named: list[Assumption | Lemma] = [*self.uses, *(lemma for _, lemma in self.lemmas)]
        used = ", ".join(dict.fromkeys(map(cited, named)))
        scope = f" (checked for {self.checked_for})" if self.checked_for else ""
        return f"{self.rule} [{used}]{scope}" if used else f"{self.rule}{scope}"


def _differentiated(expression: Expr) -> set[Expr]:
    """The singular vectors of which an expression holds a time derivative; those of a sum are no one's."""
    whole = with_own_indices(expression)
    heads = {atom: head_of(atom) for atom in whole.atoms(Function)}
    under = {atom for derivative in whole.atoms(D) for atom in derivative.args[0].atoms(Function)}
    return {
        head.at_rest.upright(*atom.args)
        for atom, head in heads.items()
        if head is not None and head.quantity in _VECTORS and (head.velocity or atom in under)
    }


def _limits(factor: Expr) -> dict[Symbol, tuple[Expr, Expr]]:
    """What a factor of a lemma sums over."""
    if not isinstance(factor, Sum):
        return {}
    return {index: (first, last) for index, first, last in factor.limits}


def _summand(factor: Expr) -> Expr:
    return factor.function if isinstance(factor, Sum) else factor


def _never_negative(factor: Expr) -> bool:
    """Whether a factor is manifestly ≥ 0, whichever of the indices in it coincide."""
    cases = [factor]
    for delta in factor.atoms(KroneckerDelta):
        cases = [each.xreplace({delta: value}) for each in cases for value in (Integer(0), Integer(1))]
    return all(case.is_extended_nonnegative for case in cases)


def _slack(factor: Expr, lemma: Lemma) -> Expr:
    """The lemma times its factor; a sum as a factor uses the lemma term by term."""
    gap = lemma.large - lemma.small
    return Sum(factor.function * gap, *factor.limits) if isinstance(factor, Sum) else factor * gap
