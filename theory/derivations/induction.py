"""Induction over the layers: from a base and a step, both derivations of their own, to all layers.

Nothing is believed that was not derived: the base must be the statement at the first layer, the
step the statement at the next one, and what the step may use is the statement at the layer before,
as an equation that matches nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Expr

from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.assumption import Assumption, Supposition
from jacspec.theory.derivations.calculation import Calculation, Proof, ShownEquations
from jacspec.theory.derivations.relation import Relation
from jacspec.theory.notation.heads import Head
from jacspec.theory.notation.symbols import l

__all__ = ["Induction"]


@dataclass(frozen=True)
class Induction:
    """``left(l) = right(l)``, from layer ``first`` on; ``known`` and ``wanted`` are the step's layers.

    Downwards, the step goes from ``known = l + 1`` to ``wanted = l``; upwards the other way round.
    ``within`` are the assumptions under which all of this happens: their models say how to build a
    point at which the statement holds.
    """

    name: str
    statement: Rule
    first: Expr
    known: Expr
    wanted: Expr
    within: Sequence[Assumption]

    def __post_init__(self) -> None:
        """Refuse a step that leaves out layers."""
        if {self.known, self.wanted} not in ({l, l + 1}, {l, l - 1}):
            message = (
                f"the induction {self.name} goes from {self.known} to {self.wanted}: expected neighbours of l"
            )
            raise ValueError(message)

    @property
    def hypothesis(self) -> Assumption:
        """The statement at the known layer, and at no other."""
        left, right = self._at(self.known)
        return Assumption(
            self._name,
            "induction hypothesis",
            (Rule(left, right),),
            *self._domain,
            definition=True,
            supposed_for=self._supposition,
        )

    def concluded(self, base: Calculation, step: Calculation) -> ShownEquations:
        """The statement at every layer, once base and step show what they have to.

        Raises ValueError if the base or the step is about something else, or holds in the limit only.
        """
        for part, layer in ((base, self.first), (step, self.wanted)):
            if (part.start, part.end) != self._at(layer):
                message = f"calculation '{part.title}' does not show {self.name} at layer {layer}"
                raise ValueError(message)
            if part.relation is not Relation.EQUAL:
                message = (
                    f"calculation '{part.title}' is no equality: an induction over {self.name} needs one"
                )
                raise ValueError(message)
        if base.suppositions:
            message = f"calculation '{base.title}' cannot be the base of {self.name}: it uses a hypothesis"
            raise ValueError(message)
        proof = Proof((self.statement,), (base, step), discharges=self._supposition)
        return ShownEquations(
            self._name,
            self.name,
            (self.statement,),
            *self._domain,
            definition=True,
            proof=proof,
        )

    @property
    def _supposition(self) -> Supposition:
        return Supposition(self.name, base=self._at(self.first), step=self._at(self.wanted))

    def _at(self, layer: Expr) -> tuple[Expr, Expr]:
        return self.statement.lhs.subs(l, layer), self.statement.rhs.subs(l, layer)

    @property
    def _name(self) -> str:
        return self.name.replace(" ", "-")

    @property
    def _domain(self) -> tuple[tuple[Rule, ...], tuple[Head, ...]]:
        """The model and the frames of a point at which the statement holds."""
        models = tuple(dict.fromkeys(each for assumed in self.within for each in assumed.model))
        return models, tuple(dict.fromkeys(head for assumed in self.within for head in assumed.frames))
