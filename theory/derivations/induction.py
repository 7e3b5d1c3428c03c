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
from jacspec.theory.derivations.derivation import Calculation
from jacspec.theory.derivations.proof import Proof, Supposition
from jacspec.theory.derivations.relation import Relation
from jacspec.theory.notation.symbols import l
from jacspec.theory.results.assumptions import Assumption

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
        return self._assumption(
            "induction hypothesis",
            "the statement one layer before",
            Rule(left, right),
            supposed_for=self._supposition,
        )

    def concluded(self, base: Calculation, step: Calculation) -> Assumption:
        """The statement at every layer, once base and step show what they have to.

        Raises ValueError if the base or the step is about something else, or holds in the limit only.
        """
        for part, layer in ((base, self.first), (step, self.wanted)):
            if (part.start, part.end) != self._at(layer):
                message = f"the part '{part.title}' does not show {self.name} at layer {layer}"
                raise ValueError(message)
            if part.relation is not Relation.EQUAL:
                message = f"the part '{part.title}' is no equality: an induction over {self.name} needs one"
                raise ValueError(message)
        if base.suppositions:
            message = f"the part '{base.title}' cannot be the base of {self.name}: it uses a hypothesis"
            raise ValueError(message)
        proof = Proof((self.statement,), (base, step), discharges=self._supposition)
        return self._assumption(self.name, "by induction, shown above", self.statement, shown_by=proof)

    @property
    def _supposition(self) -> Supposition:
        return Supposition(self.name, base=self._at(self.first), step=self._at(self.wanted))

    def _at(self, layer: Expr) -> tuple[Expr, Expr]:
        return self.statement.lhs.subs(l, layer), self.statement.rhs.subs(l, layer)

    def _assumption(
        self,
        title: str,
        statement: str,
        rule: Rule,
        *,
        shown_by: Proof | None = None,
        supposed_for: Supposition | None = None,
    ) -> Assumption:
        return Assumption(
            name=self.name.replace(" ", "-"),
            title=title,
            statement=statement,
            rules=(rule,),
            model=tuple(dict.fromkeys(each for assumed in self.within for each in assumed.model)),
            frames=tuple(dict.fromkeys(name for assumed in self.within for name in assumed.frames)),
            definition=True,
            shown_by=shown_by,
            supposed_for=supposed_for,
        )
