"""Induction over the layers: from a base and a step, both derivations of their own, to all layers.

Nothing is believed that was not derived: the base must be the statement at the first layer, the
step the statement at the next one, and what the step may use is the statement at the layer before,
as an equation that matches nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.assumption import Assumption, Supposition
from jacspec.theory.derivations.calculation import Calculation, Proof, ShownEquations
from jacspec.theory.notation.heads import Head


@dataclass(frozen=True)
class Induction(Supposition):
    """``left(l) = right(l)``, from layer ``first`` on; ``known`` and ``wanted`` are the step's layers.

    Downwards, the step goes from ``known = l + 1`` to ``wanted = l``; upwards the other way round.
    ``within`` are the assumptions under which all of this happens: their models say how to build a
    point at which the statement holds.
    """

    within: Sequence[Assumption]

    @property
    def hypothesis(self) -> Assumption:
        """The statement at the known layer, and at no other."""
        return Assumption(
            self._name,
            "induction hypothesis",
            (Rule(*self.at(self.known)),),
            *self._domain,
            definition=True,
            supposed_for=self._supposition,
        )

    def concluded(self, base: Calculation, step: Calculation) -> ShownEquations:
        """The statement at every layer, once base and step show what they have to.

        Raises ValueError if the base or the step is about something else, or holds in the limit only.
        """
        proof = Proof((self.statement,), (base, step), discharges=self._supposition)
        return ShownEquations(
            self._name,
            self.name,
            (self.statement,),
            *self._domain,
            proof=proof,
        )

    @property
    def _supposition(self) -> Supposition:
        return Supposition(self.name, self.statement, self.first, self.known, self.wanted)

    @property
    def _name(self) -> str:
        return self.name.replace(" ", "-")

    @property
    def _domain(self) -> tuple[tuple[Rule, ...], tuple[Head, ...]]:
        """The model and the frames of a point at which the statement holds."""
        models = tuple(dict.fromkeys(each for assumed in self.within for each in assumed.model))
        return models, tuple(dict.fromkeys(head for assumed in self.within for head in assumed.frames))
