"""A derivation as HTML: what it assumes, and its chains of steps, each with its rule, in MathML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape

from jacspec.proofs_check.reports.mathematics import mathml, prose_html
from jacspec.theory import Calculation, Derivation, Step
from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.derivation import DerivedLemma
from jacspec.theory.notation.line_breaking import broken_latex
from jacspec.theory.notation.printing import latex
from jacspec.theory.rendering.latex import ranges_latex, relation_latex
from jacspec.theory.rendering.text import definitions

__all__ = ["derivation_html", "result_html"]


def result_html(derivation: Derivation) -> str:
    """The first and the last expression of the last part, and how they are related."""
    result = derivation.result
    sign = relation_latex(derivation.calculations[-1].steps[-1] if result.relation.value == "→" else result)
    first, *others = broken_latex(result.after)
    return _lines([f"{latex(result.before)} {sign} {first}", *others])


def derivation_html(derivation: Derivation, anchors: Mapping[str, str]) -> str:
    """The whole derivation; derivations it rests on are links where they have an anchor."""
    return "".join(_pieces(derivation, anchors))


def _pieces(derivation: Derivation, anchors: Mapping[str, str]) -> Iterator[str]:
    yield f"<p><strong>{prose_html(derivation.title)}</strong>, for {prose_html(derivation.scope)}.</p>"
    if derivation.rests_on:
        yield f"<p>Rests on {', '.join(_link(each, anchors) for each in derivation.rests_on)}.</p>"
    meanings = definitions(derivation)
    if meanings:
        yield f"<h5>Definitions</h5>{_list(map(prose_html, meanings))}"
    if derivation.assumptions:
        yield "<h5>Assumed</h5><ul>"
        for assumption in derivation.assumptions:
            yield f"<li><em>{prose_html(assumption.title)}</em>: {prose_html(assumption.statement)}"
            for rule in assumption.rules:
                yield _line(_equation(rule))
            yield "</li>"
        yield "</ul>"
    if derivation.inequalities:
        yield "<h5>Inequalities used</h5><ul>"
        for lemma in derivation.inequalities:
            source = (
                _link(lemma.derivation(), anchors)
                if isinstance(lemma, DerivedLemma)
                else "supported by search"
            )
            yield f"<li>{prose_html(lemma.title)} ({source})"
            small, large = latex(lemma.small), latex(lemma.large)
            yield _line(rf"{small} \le {large}") + "</li>"
        yield "</ul>"
    for part in derivation.calculations:
        yield from _part(part)
    if derivation.argument:
        yield f"<p><em>In words.</em> {prose_html(derivation.argument)}</p>"
    if derivation.remark:
        yield f"<p><em>Remark.</em> {prose_html(derivation.remark)}</p>"


def _link(derivation: Derivation, anchors: Mapping[str, str]) -> str:
    label = f"<code>{escape(derivation.label)}</code>"
    anchor = anchors.get(derivation.label)
    return label if anchor is None else f'<a href="#{anchor}">{label}</a>'


def _equation(rule: Rule) -> str:
    where = ranges_latex(rule)
    return f"{latex(rule.lhs)} = {latex(rule.rhs)}" + (rf"\quad {where}" if where else "")


def _part(part: Calculation) -> Iterator[str]:
    yield f'<h5>{prose_html(part.title)}</h5><ol class="steps"><li>{_line(latex(part.start))}</li>'
    for step in part.steps:
        yield f'<li>{_step(step)}<p class="reason">{prose_html(step.reason)}</p></li>'
    yield "</ol>"


def _step(step: Step) -> str:
    first, *others = broken_latex(step.after)
    return _lines([f"{relation_latex(step)} {first}", *others])


def _lines(lines: Iterable[str]) -> str:
    return "".join(_line(line, "formula more" if number else "formula") for number, line in enumerate(lines))


def _line(line: str, kind: str = "formula") -> str:
    # A long formula scrolls within its line.
    return f'<div class="{kind}">{mathml(_balanced(line), block=True)}</div>'


def _balanced(line: str) -> str:
    """The big brackets of a sum broken over lines close on another line: they stand by themselves."""
    return line.replace(r"\biggl(", "(").replace(r"\biggr)", ")")


def _list(items: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"
