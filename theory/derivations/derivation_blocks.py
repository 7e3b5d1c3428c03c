"""A derivation as the blocks of a document: result, assumptions, then the steps, each with its rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from sympy import Expr, Integer, Symbol, oo

from jacspec.documents.blocks import Block, Bullets, Formula, Heading, Paragraph, Section
from jacspec.documents.prose import code
from jacspec.theory.derivations.assumption import Assumption, Condition
from jacspec.theory.derivations.calculation import Calculation
from jacspec.theory.derivations.domain import Parameter
from jacspec.theory.derivations.lemma import Lemma
from jacspec.theory.derivations.relation import Relation, approached
from jacspec.theory.derivations.scalars.steps import ScalarStep
from jacspec.theory.derivations.step import Step
from jacspec.theory.notation.chance import Law
from jacspec.theory.notation.line_breaking import broken_latex, width
from jacspec.theory.notation.printing import latex, text
from jacspec.theory.notation.symbols import epsilon, k

_SHORT = 60.0
"""Letters up to which both sides of a result stand on one line."""
_RELATIONS = {
    Relation.EQUAL: "=",
    Relation.AT_MOST: r"\le",
    Relation.AT_LEAST: r"\ge",
}
_TURNED = "on the transposed chain, where $A_l$ and $B_lᵀ$ change places"
_LEVEL = (epsilon, Integer(0))
_STRICT = {Relation.AT_MOST: ("<", "<"), Relation.AT_LEAST: (">", ">")}


class ShowableDerivation(Protocol):
    """What of a derivation is shown; see :class:`~jacspec.theory.derivations.derivation.Derivation`."""

    # ruff: noqa: D102

    @property
    def label(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def scope(self) -> str: ...
    @property
    def rests_on(self) -> Sequence[ShowableDerivation]: ...
    @property
    def results(self) -> Sequence[Calculation]: ...
    @property
    def symbols(self) -> Sequence[str]: ...
    @property
    def definitions(self) -> Sequence[Assumption]: ...
    @property
    def assumptions(self) -> Sequence[Assumption]: ...
    @property
    def inequalities(self) -> Sequence[Lemma]: ...
    @property
    def unproved_lemmas(self) -> Sequence[Lemma]: ...
    @property
    def explained(self) -> Sequence[tuple[str, str]]: ...
    @property
    def calculations(self) -> Sequence[Calculation]: ...
    @property
    def argument(self) -> str: ...
    @property
    def remark(self) -> str: ...
    @property
    def proofs(self) -> Mapping[Lemma, ShowableDerivation]: ...
    @property
    def turned(self) -> ShowableDerivation | None: ...


def derivation_blocks(
    derivation: ShowableDerivation, checks: str, *, level: int, anchors: Mapping[str, str]
) -> Iterator[Block]:
    """The whole derivation, under a heading of that level.

    ``checks`` says what became of its steps, ``anchors`` where the document shows the derivations of which
    labels.
    """
    yield from opening_blocks(derivation, level=level, anchors=anchors, scope=derivation.scope)
    defined = [assumption_blocks(f"**{each.title}**", each) for each in derivation.definitions]
    if derivation.symbols or defined:
        yield Heading("Definitions", level + 1)
        yield Bullets((*derivation.symbols, *defined))
    if derivation.assumptions:
        yield Heading("Assumed", level + 1)
        yield Bullets(tuple(assumption_blocks(f"**{each.title}**", each) for each in derivation.assumptions))
    yield from proof_blocks(derivation, checks, level=level, anchors=anchors)


def opening_blocks(
    derivation: ShowableDerivation,
    *,
    level: int,
    anchors: Mapping[str, str],
    anchor: str = "",
    scope: str,
    assumed: str = "",
) -> Iterator[Block]:
    """Title, label, ``scope``, what it rests on, what is said to be ``assumed``, and what it shows."""
    yield Heading(derivation.title, level, anchor)
    lenders = ", ".join(_linked(each.label, anchors) for each in derivation.rests_on)
    rests_on = f" Rests on {lenders}." if lenders else ""
    holds = f", for {scope}" if scope else ""
    said = Paragraph(f"{code(derivation.label)}{holds}.{rests_on}{assumed}")
    kind = "lemma" if derivation.label.startswith("lemma-") else "theorem"
    yield Section((said, *results_blocks(derivation.results)), kind=kind)


def assumption_blocks(name: str, assumption: Assumption) -> tuple[Block, ...]:
    """An assumption or a definition under that name: all that it says is read off its data."""
    explained = f": {assumption.where}" if assumption.where else ""
    return (Paragraph(f"{name}{explained}"), *_conditions(assumption))


def _conditions(assumption: Assumption) -> Iterator[Formula]:
    """What holds where an assumption does, each with the indices for which it is claimed."""
    yield from map(_condition, assumption.says)
    yield from (Formula(each.text, (each.latex,)) for each in assumption.laws)
    for parameter in assumption.restricts:
        yield Formula(str(parameter), (parameter.latex,))
    if assumption.distinct:
        yield _listed(assumption.distinct, (" ≠ ", r" \ne "))
    if assumption.differentiable:
        moving = tuple(head(k) for head in assumption.differentiable)
        yield _listed(moving, (", ", r",\ "), (" differentiable", r"\ \text{differentiable}"))


def _listed(
    expressions: tuple[Expr, ...], between: tuple[str, str], after: tuple[str, str] = ("", "")
) -> Formula:
    shown, written = between[0].join(map(text, expressions)), between[1].join(map(latex, expressions))
    return Formula(shown + after[0], (written + after[1],))


def is_cited(derivation: ShowableDerivation, anchors: Mapping[str, str]) -> bool:
    """Whether its proof is that of another which the document shows, on the transposed chain."""
    return derivation.turned is not None and derivation.turned.label in anchors


def proof_blocks(
    derivation: ShowableDerivation,
    checks: str,
    *,
    level: int,
    anchors: Mapping[str, str],
    named: Callable[[Assumption | Lemma], str] | None = None,
) -> Iterator[Block]:
    """The proof, the remark, and what the checks found.

    ``named`` is how steps name what the document states elsewhere, if it does.
    """
    turned, remark = derivation.turned, derivation.remark
    proof: Iterable[Block] = _proof(derivation, level, anchors, named)
    if turned is not None and is_cited(derivation, anchors):
        proof, remark = (Paragraph(f"The proof of {_linked(turned.label, anchors)}, {_TURNED}."),), ""
    yield Section(tuple(proof), kind="proof")
    for lead, words in (("Remark", remark), ("Checks", checks)):
        if words:
            yield Paragraph(words, lead)


def _proof(
    derivation: ShowableDerivation,
    level: int,
    anchors: Mapping[str, str],
    named: Callable[[Assumption | Lemma], str] | None,
) -> Iterator[Block]:
    """The inequalities used, the calculations step by step, and what follows from them in words.

    Inequalities that the document shows are linked where a step uses them.
    """
    labels = {lemma: shown_by.label for lemma, shown_by in derivation.proofs.items()}
    for each in derivation.inequalities:
        if labels.get(each) not in anchors:
            source = (
                code(labels[each])
                if each in labels
                else f"{code(f'lemma-{each.label}')}, supported by search"
            )
            yield Paragraph(f"{each.title} ({source})", "Inequality used")
            yield inequality_block(each)
    for title in dict.fromkeys(each.title for each in derivation.unproved_lemmas if named is None):
        yield Paragraph(title, "Taken without proof")
        yield from (inequality_block(each) for each in derivation.unproved_lemmas if each.title == title)

    def name(used: Assumption | Lemma) -> str:
        if isinstance(used, Lemma) and labels.get(used) in anchors:
            return _linked(labels[used], anchors)
        return named(used) if named else used.title

    for unneeded, why in derivation.explained:
        yield Paragraph(f"Named, not needed: {unneeded}, {why}.")
    for number, calculation in enumerate(derivation.calculations, 1):
        yield Heading(f"{number}. {calculation.title}", level + 1)
        yield Formula(text(calculation.start), tuple(broken_latex(calculation.start)))
        yield from (_step(step, name) for step in calculation.steps)
    if derivation.argument:
        yield Paragraph(derivation.argument, "In words")


def results_blocks(results: Sequence[Calculation]) -> Iterator[Formula]:
    """What a derivation shows, each with the ranges of its numbers, and those of sizes that not all have."""
    shared = set.intersection(*({*each.holds_for.whole.parameters} for each in results)) if results else set()
    for each in results:
        confined = (
            x for x in each.holds_for.parameters if not x.least.is_infinite or x.most not in (None, oo)
        )
        own = [x for x in confined if x not in shared]
        yield replace(result_block(each), where=_ranges(own))


def _ranges(parameters: Sequence[Parameter]) -> tuple[str, str]:
    return r",\ ".join(each.latex for each in parameters), ", ".join(map(str, parameters))


def result_block(calculation: Calculation) -> Formula:
    """The two ends of a calculation, as all of its steps relate them; those of a limit say of what."""
    limits = [step for step in calculation.steps if step.relation is calculation.relation is Relation.LIMIT]
    sign = _relation(limits[-1]) if limits else _signs(calculation.relation)
    return _related(calculation.start, sign, calculation.end)


def relation_block(
    left: Expr, relation: Relation, right: Expr, towards: tuple[Symbol, Expr] = _LEVEL
) -> Formula:
    """Two sides and their relation; that of a limit says of what, and if it is in law."""
    return _related(left, _signs(relation, towards, in_law=isinstance(right, Law)), right)


def _related(left: Expr, sign: tuple[str, str], right: Expr) -> Formula:
    """Two sides on one line if they fit, else the second below the first."""
    shown = f"{text(left)} {sign[0]} {text(right)}"
    whole = f"{latex(left)} {sign[1]} {latex(right)}"
    if width(whole) < _SHORT:
        return Formula(shown, (whole,))
    first, *others = broken_latex(right)
    return Formula(shown, (*broken_latex(left), f"{sign[1]} {first}", *others))


def _step(step: Step, name: Callable[[Assumption | Lemma], str]) -> Formula:
    shown, written = _relation(step)
    first, *others = broken_latex(step.after)
    lines = (f"{written} {first}", *others)
    return Formula(f"{shown} {text(step.after)}", lines, step.reason_citing(name), continues=True)


def _relation(step: Step) -> tuple[str, str]:
    """The sign of a step, as text and in LaTeX."""
    limit = step.limit if isinstance(step, ScalarStep) else None
    return _signs(step.relation, limit or _LEVEL)


def _signs(
    relation: Relation, towards: tuple[Symbol, Expr] = _LEVEL, *, in_law: bool = False
) -> tuple[str, str]:
    """The sign of a relation, as text and in LaTeX; a limit says of what."""
    if relation is not Relation.LIMIT:
        return relation.value, _RELATIONS[relation]
    (shown, written), law = approached(*towards), ((", in law", r",\ \text{in law}") if in_law else ("", ""))
    return f"{relation.value} ({shown}{law[0]})", rf"\xrightarrow[{written}{law[1]}]{{}}"


def _condition(condition: Condition) -> Formula:
    first, *others = broken_latex(condition.right)
    shown, written = _sign(condition)
    return Formula(
        f"{text(condition.left)} {shown} {text(condition.right)}",
        (f"{latex(condition.left)} {written} {first}", *others),
        where=_ranges([Parameter(index, *ends) for index, ends in condition.claimed.items()]),
    )


def _sign(condition: Condition) -> tuple[str, str]:
    if condition.strict:
        return _STRICT[condition.relation]
    return _signs(condition.relation, condition.towards)


def inequality_block(lemma: Lemma) -> Formula:
    """What a lemma says."""
    return _related(lemma.small, _signs(Relation.AT_MOST), lemma.large)


def _linked(label: str, anchors: Mapping[str, str]) -> str:
    return f"[{code(label)}](#{anchors[label]})" if label in anchors else code(label)
