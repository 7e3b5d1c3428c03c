"""The inequalities that steps may use: small ≤ large, each taken by definition or a claim of its own.

And what a statement assumes or needs, and its premises do not say.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from sympy import Add, Expr, I, Integer, Mul, expand

from jacspec.theory.algebra.definitions import declared_in, introduced, is_given, meant, take_as_given
from jacspec.theory.algebra.rules import match, substituted
from jacspec.theory.algebra.well_defined import UnmetNeed, unmet
from jacspec.theory.derivations.assumption import Assumption, Condition, known
from jacspec.theory.derivations.domain import Domain, Parameter, domain_of
from jacspec.theory.derivations.relation import Relation
from jacspec.theory.notation.heads import Kind, head_of
from jacspec.theory.notation.words import inner, letters


@dataclass(frozen=True)
class Lemma:
    """``small ≤ large``, a named inequality, under ``hypotheses``: a step that uses it has to name them.

    It has a derivation (:class:`~jacspec.theory.derivations.derivation.DerivedLemma`), or is one of what is
    ``taken`` without proof, or is supported by the search for counterexamples alone, and so is every
    derivation that uses it. It is claimed where each of the values ``within`` lies between its two ends.
    """

    label: str
    title: str
    small: Expr
    large: Expr
    hypotheses: tuple[Assumption, ...] = ()
    within: tuple[tuple[Expr, Expr, Expr | None], ...] = field(default=(), kw_only=True)

    @property
    def by_definition(self) -> bool:
        """Whether it is taken without proof; it is evaluated at points all the same."""
        return is_given(self) or self in _EVIDENT

    @property
    def shown_for(self) -> tuple[Parameter, ...]:
        """The sizes and indices at which both sides stand for something; no more than that is claimed."""
        return domain_of((self.small, self.large)).parameters

    @classmethod
    def assumed(cls, title: str, of: Assumption, condition: Condition, at: Mapping[Expr, Expr]) -> Lemma:
        """An inequality that an assumption states, at these values of its indices.

        Raises ValueError if it does not state that.
        """
        named = condition.left.free_symbols | condition.right.free_symbols
        states = condition in of.says and not condition.ranges and {*at} & named <= {*condition.indices}
        if not states or condition.relation is Relation.LIMIT:
            message = f"'{of.title}' does not state the inequality '{title}' at these values of its indices"
            raise ValueError(message)
        sides = [substituted(side, at) for side in (condition.left, condition.right)]
        small, large = reversed(sides) if condition.relation is Relation.AT_LEAST else sides
        within = tuple((substituted(index, at), *ends) for index, ends in condition.claimed.items())
        lemma = cls(title.replace(" ", "-"), title, small, large, (of,), within=within)

        def again(turn: Turn, turned: Callable[[Assumption], Assumption]) -> Lemma:
            there = replace(condition, left=turn(condition.left), right=turn(condition.right))
            return cls.assumed(title, turned(of), there, at)

        return _evident(lemma, again)


Turn = Callable[[Expr], Expr]
_Again = Callable[[Turn, Callable[[Assumption], Assumption]], Lemma]
_EVIDENT: dict[Lemma, _Again] = {}
"""Those that were seen to hold as they were made, squares and what hypotheses say; how to make others so."""


def _evident(lemma: Lemma, again: _Again) -> Lemma:
    _EVIDENT[lemma] = again
    return lemma


def made_again(lemma: Lemma, turn: Turn, turned: Callable[[Assumption], Assumption]) -> Lemma | None:
    """A lemma that was seen to hold, of other expressions: it is seen anew. None for any other lemma."""
    again = _EVIDENT.get(lemma)
    return None if again is None else again(turn, turned)


def without_proof(lemma: Lemma) -> Lemma:
    """What the ledger takes without proof: singular values descend, a norm is the largest size, and the like.

    It is the lemma as it stands: one with another side is none of these. What a derivation takes that no
    result of the theory takes keeps a claim from being proved by it.
    """
    take_as_given([lemma])
    return lemma


def square(root: Expr) -> Lemma:
    """0 ≤ root².

    Raises TypeError for a root that is no real number.
    """
    if not root.is_extended_real or root.has(I):
        message = f"{root} is not seen to be a real number: its square may be negative"
        raise TypeError(message)
    lemma = Lemma("square", "squares are not negative", Integer(0), root**2)
    return _evident(lemma, lambda turn, _: square(turn(root)))


def squared_length(vector: Expr) -> Lemma:
    """0 ≤ ⟨vector, vector⟩.

    Raises TypeError for what is no real column.
    """
    for term in Add.make_args(expand(vector)):
        numbers, word = term.args_cnc()
        head = head_of([*letters(word)][-1]) if word else None
        if head is None or head.kind is not Kind.COLUMN or not Mul(*numbers).is_extended_real or term.has(I):
            message = f"{vector} is not seen to be a real column: its square may be negative"
            raise TypeError(message)
    lemma = Lemma("length", "squares are not negative", Integer(0), inner(vector, vector))
    return _evident(lemma, lambda turn, _: squared_length(turn(vector)))


def unstated(
    assumed: Iterable[Assumption], sides: Iterable[Expr], given: Collection[Assumption]
) -> list[Assumption]:
    """What is assumed and not given; a definition does not count where nothing speaks of what it defines.

    Neither may another definition: two of one symbol, or two in a circle, say more than what symbols are.
    """
    left = [each for each in dict.fromkeys(assumed) if each not in given]
    spoken_of = {each: each.speaks_of for each in (*given, *left)}
    said = declared_in(sides)
    while True:
        for each in left:
            others = said.union(*(heads for other, heads in spoken_of.items() if other != each))
            if each.defines and others.isdisjoint(each.introduces):
                left.remove(each)
                del spoken_of[each]
                break
        else:
            return left


def needs(sides: Iterable[Expr], premises: Collection[Assumption], domain: Domain) -> set[UnmetNeed]:
    """What sides, and what defines the symbols in them, need for a value, and premises do not say."""
    defining = [rule for each in premises for rule in each.rules if introduced(rule) is not None]

    def meaning(atom: Expr) -> Expr:
        for rule in defining:
            values = match(rule.pattern, (atom,), rule.indices)
            if values is not None:
                return rule.right(values)
        return meant(atom)

    kept = known(premises, domain)
    return {need for side in sides for need in unmet(side, kept, meaning)}
