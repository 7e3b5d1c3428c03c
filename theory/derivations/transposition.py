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
from jacspec.theory.derivations.assumption import Assumption, by_definition
from jacspec.theory.derivations.calculation import Calculation, ShownEquations
from jacspec.theory.derivations.derivation import Derivation, DerivedLemma
from jacspec.theory.derivations.lemma import Lemma, made_again, without_proof
from jacspec.theory.derivations.step import Step
from jacspec.theory.notation.heads import Argument, Head, Kind, Product, Quantity, UserSymbol, find, head_of
from jacspec.theory.notation.symbols import A, B, l, u, v, w, x

_MIRRORED_PRODUCTS = {Product.J: Product.J, Product.A: Product.B, Product.B: Product.A}
_MIRRORED_QUANTITIES: dict[Quantity | UserSymbol, Quantity] = {
    Quantity.PRODUCT: Quantity.PRODUCT,
    Quantity.SINGULAR_VALUE: Quantity.SINGULAR_VALUE,
    Quantity.LEFT_VECTOR: Quantity.RIGHT_VECTOR,
    Quantity.RIGHT_VECTOR: Quantity.LEFT_VECTOR,
    Quantity.LEFT_COMMON: Quantity.RIGHT_COMMON,
    Quantity.RIGHT_COMMON: Quantity.LEFT_COMMON,
}


def _mirrored(head: Head) -> Head:
    """What takes the head's place on the transposed chain; a matrix is transposed too.

    Raises TypeError for a head without a counterpart there.
    """
    quantity, product = _MIRRORED_QUANTITIES.get(head.quantity), head.of and _MIRRORED_PRODUCTS[head.of]
    turned = head.transposed != (head.kind is Kind.MATRIX)
    mirrored = quantity and find(quantity, product, head.inverse, turned, head.velocity)
    if mirrored is None:
        message = f"{head.name} has no counterpart on the transposed chain"
        raise TypeError(message)
    return mirrored


def _letter(head: Head) -> str:
    """How a head is written, without its indices."""
    return head.text.partition("_")[0]


_WORDS = {"left": "right"} | {_letter(head): _letter(_mirrored(head).upright) for head in (A, B, u, v, w, x)}
"""What takes the place of words and letters in a sentence; a product of A and B stays what it is."""

_WORD = re.compile(r"A_l B_l|AB|(?<![A-Za-z])(?:left(?= singular)|[uv](?=_|'s)|[wx](?=_k)|[AB](?![A-Za-z]))")


def transposed(derivation: Derivation, label: str, title: str, remark: str) -> Derivation:
    """The derivation on the transposed chain.

    Raises ValueError for one that uses lemmas of its own or of others, or the hypothesis of an induction:
    their proofs are not turned.
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
    turned = Derivation(label, title, calculations, remark=remark, explained=explained)
    object.__setattr__(turned, "turned", derivation)  # nothing else may say so
    return turned


@cache
def transposed_lemma(lemma: Lemma) -> Lemma:
    """The lemma about the transposed chain; what shows it is transposed as well."""
    if lemma.by_definition:
        _refuse_layers(lemma.title, lemma.small, lemma.large)
    seen = made_again(lemma, _turn, transposed_assumption)
    if seen is not None:
        return seen
    turned = replace(
        lemma,
        label=f"{lemma.label}-transposed",
        small=_turn(lemma.small),
        large=_turn(lemma.large),
        hypotheses=tuple(map(transposed_assumption, lemma.hypotheses)),
    )
    if isinstance(lemma, DerivedLemma) and isinstance(turned, DerivedLemma):
        return replace(turned, shown_by=partial(transposed_proof, lemma))
    return without_proof(turned) if lemma.by_definition else turned


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
    return _WORD.sub(lambda word: _WORDS.get(word[0], word[0]), sentence)


def _turn(expression: Expr) -> Expr:
    heads = {atom: head_of(atom) for atom in expression.atoms(AppliedUndef)}
    return expression.xreplace(
        {atom: _mirrored(head)(*atom.args) for atom, head in heads.items() if head is not None}
    )


def _step(step: Step) -> Step:
    return replace(
        step,
        before=_turn(step.before),
        after=_turn(step.after),
        rule=reworded(step.rule),
        uses=tuple(transposed_assumption(used) for used in step.uses),
        lemmas=tuple((_turn(factor), transposed_lemma(lemma)) for factor, lemma in step.lemmas),
    )


def _turned_name(name: str) -> str:
    """Turned twice, an assumption is itself again."""
    turned = name.removesuffix("-transposed")
    return turned if turned != name else f"{name}-transposed"


def transposed_assumption(assumed: Assumption) -> Assumption:
    """The assumption about the transposed chain.

    Raises ValueError for the hypothesis of an induction, which holds by no definition, and for a definition
    about some layers only.
    """
    if assumed.supposed_for is not None:
        message = f"'{assumed.title}' cannot be transposed: it is shown by an induction, which is not turned"
        raise ValueError(message)
    if assumed.defines:
        ranged = (index for each in assumed.says for index, _, _ in each.ranges)
        _refuse_layers(assumed.title, *(side for each in assumed.says for side in (each.left, each.right)))
        if l in ranged:
            raise ValueError(_OF_ITS_OWN.format(assumed.title))
    turned = replace(
        assumed,
        name=_turned_name(assumed.name),
        title=reworded(assumed.title),
        where=reworded(assumed.where),
        conditions=tuple(
            replace(each, left=_turn(each.left), right=_turn(each.right)) for each in assumed.conditions
        ),
        rules=tuple(_rule(rule) for rule in assumed.rules),
        model=tuple(_rule(rule) for rule in assumed.model),
        frames=tuple(map(_mirrored, assumed.frames)),
        positive=tuple(map(_turn, assumed.positive)),
        differentiable=tuple(map(_mirrored, assumed.differentiable)),
    )
    return by_definition(turned) if assumed.defines else turned


_OF_ITS_OWN = "'{}' cannot be transposed: it is about some layers only, which are others there"


def _refuse_layers(title: str, *sides: Expr) -> None:
    """Raise ValueError for A_{N+1}, say, in what is taken without proof: B_{N+1} is no empty product."""
    for atom in (atom for side in sides for atom in side.atoms(AppliedUndef)):
        head = head_of(atom)
        counted = () if head is None else zip(head.takes, atom.args, strict=True)
        if any(what is Argument.PRODUCT and layer != l for what, layer in counted):
            raise ValueError(_OF_ITS_OWN.format(title))


def _rule(rule: Rule) -> Rule:
    return replace(rule, lhs=_turn(rule.lhs), rhs=_turn(rule.rhs))
