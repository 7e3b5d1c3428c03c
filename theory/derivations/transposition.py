"""A derivation on the transposed chain: ``Jᵀ = B_lᵀ A_lᵀ``, so that A_l and B_lᵀ change places.

Every expression, assumption and lemma is rewritten, head by head; the result is a derivation like
any other, and its steps are checked afresh.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache, partial

from sympy import Expr
from sympy.core.function import AppliedUndef

from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.assumption import Assumption
from jacspec.theory.derivations.calculation import Calculation, ShownEquations
from jacspec.theory.derivations.derivation import Derivation, DerivedLemma
from jacspec.theory.derivations.lemma import Lemma
from jacspec.theory.derivations.step import Step
from jacspec.theory.notation.symbols import HEADS

__all__ = ["reworded", "transposed", "transposed_lemma", "transposed_proof"]

_PLACES = (
    ("A", "BT"),
    ("B", "AT"),
    ("J", "JT"),
    ("u", "v"),
    ("uA", "vB"),
    ("vA", "uB"),
    ("sA", "sB"),
    ("w", "wR"),
    ("x", "xR"),
)
_SWAP: dict[str, str] = {"Binv": "AinvT", "BinvT": "Ainv", "Ainv": "BinvT", "AinvT": "Binv"}
for _one, _other in _PLACES:
    _SWAP |= {_one: _other, _other: _one}
    _turned = {name: HEADS[name].transpose for name in (_one, _other)}
    if _turned[_one] is not None and _turned[_other] is not None:
        _SWAP |= {str(_turned[_one]): str(_turned[_other]), str(_turned[_other]): str(_turned[_one])}

_NAMES = {
    "A": "B", "B": "A", "u": "v", "v": "u", "w": "w̃", "x": "x̃", "left": "right",
    "A_l B_l": "A_l B_l", "AB": "AB",
}  # fmt: skip
"""In words; a product exchanges its names and their order, and stays what it is."""

_NAME = re.compile(r"A_l B_l|AB|(?<![A-Za-z])(?:left(?= singular)|[uv](?=_|'s)|[wx](?=_k)|[AB](?![A-Za-z]))")


def transposed(derivation: Derivation, label: str, title: str, remark: str) -> Derivation:
    """The derivation on the transposed chain.

    Raises ValueError for one that uses lemmas of its own or of others: their proofs are not turned.
    """
    shown = [
        used.title for step in derivation.steps for used in step.uses if isinstance(used, ShownEquations)
    ]
    if shown:
        message = f"{derivation.label} cannot be transposed: it uses the lemma '{shown[0]}'"
        raise ValueError(message)
    calculations = tuple(
        Calculation(reworded(part.title), _turn(part.start), tuple(_step(step) for step in part.steps))
        for part in derivation.calculations
    )
    explained = tuple((f"{name}-transposed", why) for name, why in derivation.explained)
    return Derivation(
        label, title, calculations, remark=remark, generality=derivation.generality, explained=explained
    )


@cache
def transposed_lemma(lemma: Lemma) -> Lemma:
    """The lemma about the transposed chain; what shows it is transposed as well."""
    turned = replace(
        lemma,
        label=f"{lemma.label}-transposed",
        small=_turn(lemma.small),
        large=_turn(lemma.large),
        needs=reworded(lemma.needs),
    )
    if isinstance(lemma, DerivedLemma) and isinstance(turned, DerivedLemma):
        return replace(turned, shown_by=partial(transposed_proof, lemma))
    return turned


@cache
def transposed_proof(lemma: DerivedLemma) -> Derivation:
    """The derivation of an inequality, on the transposed chain."""
    proof = lemma.derivation()
    return transposed(
        proof,
        f"{proof.label}-transposed",
        f"{reworded(proof.title)}, on the transposed chain",
        reworded(proof.remark),
    )


def reworded(sentence: str) -> str:
    """A sentence about a chain as one about the transposed chain."""
    return _NAME.sub(lambda name: _NAMES[name[0]], sentence)


def _turn(expression: Expr) -> Expr:
    return expression.xreplace(
        {
            atom: HEADS[_SWAP[atom.func.__name__]].symbol(*atom.args)
            for atom in expression.atoms(AppliedUndef)
            if atom.func.__name__ in _SWAP
        }
    )


def _step(step: Step) -> Step:
    return replace(
        step,
        before=_turn(step.before),
        after=_turn(step.after),
        rule=reworded(step.rule),
        uses=tuple(_assumption(used) for used in step.uses),
        lemmas=tuple((_turn(factor), transposed_lemma(lemma)) for factor, lemma in step.lemmas),
    )


def _assumption(assumed: Assumption) -> Assumption:
    return replace(
        assumed,
        name=f"{assumed.name}-transposed",
        title=reworded(assumed.title),
        statement=reworded(assumed.statement),
        rules=tuple(_rule(rule) for rule in assumed.rules),
        model=tuple(_rule(rule) for rule in assumed.model),
    )


def _rule(rule: Rule) -> Rule:
    return replace(rule, lhs=_turn(rule.lhs), rhs=_turn(rule.rhs))
