"""What stands behind an equation that is used but not assumed: a proof, or an induction under way.

A lemma carries its proof with it. Hence nobody has to remember what a derivation rests on, whose
assumptions it inherits, or that an equation was only shown in the limit ε → 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sympy import Expr

from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.relation import Relation

if TYPE_CHECKING:
    from jacspec.theory.derivations.derivation import Derivation
    from jacspec.theory.derivations.steps import Calculation

__all__ = ["Proof", "Supposition"]


@dataclass(frozen=True)
class Supposition:
    """The hypothesis of an induction: it may be used only on the way to ``step``, once ``base`` is shown.

    Both are pairs of a left-hand and a right-hand side.
    """

    name: str
    base: tuple[Expr, Expr]
    step: tuple[Expr, Expr]


@dataclass(frozen=True)
class Proof:
    """What shows ``rules``: parts of the derivation that uses them or, if given, of ``derivation``.

    Without an ``argument`` every rule is the equation of the two ends of a part; an argument says in
    words how the rules follow from the parts. ``discharges`` is the hypothesis of the induction of
    which the parts are the base and the step.

    Raises ValueError if the parts show something else, only an inequality, something that is still under
    the hypothesis of an induction, or an equation for a particular index that the rule claims for all.
    """

    rules: tuple[Rule, ...]
    parts: tuple[Calculation, ...]
    argument: str = ""
    derivation: Derivation | None = None
    discharges: Supposition | None = None

    def __post_init__(self) -> None:
        """Refuse a proof that does not show what it is said to show."""
        shown = [{part.start, part.end} for part in self.parts]
        for part in self.parts:
            if part.relation.is_inequality:
                message = f"the part '{part.title}' shows an inequality, which is no equation to rewrite by"
                raise ValueError(message)
            pending = [each.name for each in part.suppositions if each != self.discharges]
            if pending:
                message = (
                    f"the part '{part.title}' is still under the hypothesis of the induction {pending[0]}"
                )
                raise ValueError(message)
            general = {index for rule in self.rules for index in rule.indices}
            particular = sorted(str(index) for index in general & part.particulars)
            if particular:
                message = (
                    f"the part '{part.title}' assumes something of {particular[0]} that is not assumed of "
                    "every index: the rule cannot be for all of them"
                )
                raise ValueError(message)
        if self.argument or self.discharges is not None:
            return
        for rule in self.rules:
            if {rule.lhs, rule.rhs} not in shown:
                titles = ", ".join(f"'{part.title}'" for part in self.parts)
                message = f"{rule.equation} is not what the part {titles} shows"
                raise ValueError(message)

    @property
    def label(self) -> str:
        """The derivation, or the parts, in words."""
        if self.derivation is not None:
            return self.derivation.label
        return ", ".join(part.title for part in self.parts)

    @property
    def relation(self) -> Relation:
        """A limit as soon as one of the parts is one."""
        limits = any(part.relation is Relation.LIMIT for part in self.parts)
        return Relation.LIMIT if limits else Relation.EQUAL

    def holds(self) -> bool:
        """Whether every step of what shows the rules holds by normal form."""
        if self.derivation is not None and not self.derivation.holds():
            return False
        return all(step.holds() for part in self.parts for step in part.steps)
