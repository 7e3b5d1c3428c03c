"""What derivations take without proof, and which of it the theory itself takes: the rest is anyone's word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain

from sympy import Symbol

from jacspec.theory.algebra.definitions import introduced, is_given
from jacspec.theory.derivations.assumption import Assumption, Condition, equation
from jacspec.theory.derivations.derivation import Derivation
from jacspec.theory.derivations.lemma import Lemma
from jacspec.theory.derivations.transposition import transposed_assumption, transposed_lemma
from jacspec.theory.results.alignment.facts import is_in_order
from jacspec.theory.results.catalogue import catalogue


def taken_beyond_the_theory(derivation: Derivation, premises: Iterable[Assumption] = ()) -> tuple[str, ...]:
    """The titles of what a derivation, or one of these premises, takes without proof, and no result of ours.

    What can be seen of it by itself, such as 0 ≤ x² or s_2 ≤ s_1, and what its own hypotheses say, does not
    count.
    """
    parts = chain(_parts(derivation), premises)
    taken = {relation: part.title for part in parts for relation in _taken(part)}
    if not taken or derivation == catalogue().get(derivation.label):
        return ()
    return tuple(dict.fromkeys(title for relation, title in taken.items() if relation not in _known()))


@cache
def _known() -> frozenset[Condition | Lemma]:
    """What the theory takes, on chains and on transposed ones.

    What it says of plain numbers it says in the derivation where they are explained, and in no other.
    """
    parts = dict.fromkeys(part for derivation in catalogue().values() for part in _parts(derivation))
    taken = (relation for part in parts for each in _turned_too(part) for relation in _taken(each))
    return frozenset(x for x in taken if isinstance(x, Lemma) or not isinstance(x.left, Symbol))


def _turned_too(part: Assumption | Lemma) -> Iterator[Assumption | Lemma]:
    yield part
    if any(_taken(part)) or (isinstance(part, Lemma) and is_in_order(part)):
        try:
            yield transposed_assumption(part) if isinstance(part, Assumption) else transposed_lemma(part)
        except (TypeError, ValueError):  # it is of some layers alone
            return


def _parts(derivation: Derivation) -> Iterator[Assumption | Lemma]:
    """All assumptions, definitions and inequalities of a derivation, and of what it rests on."""
    for each in (*derivation.lemmas, derivation):
        yield from each.argument_uses
        for part in each.calculations:
            yield from part.premises
        for step in each.steps:
            yield from step.uses
            for _, lemma in step.lemmas:
                yield lemma
                yield from lemma.hypotheses


def _taken(part: Assumption | Lemma) -> Iterator[Condition | Lemma]:
    """What of it is taken without proof, beside what introduces a symbol."""
    if isinstance(part, Lemma):
        if is_given(part) and not is_in_order(part):
            yield part
        return
    introducing = {(rule.lhs, rule.rhs) for rule in part.rules if introduced(rule) is not None}
    for each in (*map(equation, part.rules), *part.conditions):
        if part.definition and is_given(each) and (each.left, each.right) not in introducing:
            yield each
