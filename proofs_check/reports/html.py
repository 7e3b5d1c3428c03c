"""The verdicts as one web page that needs nothing else: no network, no scripts, no other file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from importlib.resources import files

from jacspec.proofs_check.claims.report import Report
from jacspec.proofs_check.claims.verdict import Verdict
from jacspec.proofs_check.reports.graph import claim_graph, graph_svg
from jacspec.proofs_check.reports.markdown import needed_tally
from jacspec.proofs_check.reports.mathematics import statement_html
from jacspec.proofs_check.reports.pictures import ShownExperiment, experiments_html
from jacspec.proofs_check.reports.run import Run
from jacspec.proofs_check.reports.section import badge, example_html, section_html

__all__ = ["anchors_of", "report_page"]

_BRIEF = 160
"""Characters up to which a counterexample is shown at the top, too."""


def report_page(run: Run, experiments: Sequence[ShownExperiment] = ()) -> str:
    """The page: what was found, the summary, the graph, claims, experiments, what was run."""
    return "\n".join(_page(run, experiments)) + "\n"


def anchors_of(labels: Sequence[str]) -> dict[str, str]:
    """An id for every label, no two the same: letters, digits and hyphens only."""
    anchors: dict[str, str] = {}
    taken: Counter[str] = Counter()
    for label in labels:
        plain = "claim-" + (re.sub(r"[^a-z0-9]+", "-", label).strip("-") or "unnamed")
        taken[plain] += 1
        # Two hyphens are in no plain one.
        anchors[label] = plain if taken[plain] == 1 else f"{plain}--{taken[plain]}"
    return anchors


def _page(run: Run, experiments: Sequence[ShownExperiment]) -> Iterator[str]:
    style = files("jacspec.proofs_check.reports").joinpath("style.css").read_text(encoding="utf-8")
    anchors = anchors_of([report.label for report in run.reports])
    yield "<!DOCTYPE html>"
    yield '<html lang="en"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="color-scheme" content="light dark">'
    yield f'<title>jacspec: {escape(_headline(run))}</title><link rel="icon" href="data:,">'
    yield f"<style>\n{style}</style></head><body>"
    yield '<a class="skip" href="#content">Skip to the claims</a>'
    yield from _header(run, anchors, bool(experiments))
    yield "<main>"
    yield from _findings(run.reports, anchors)
    yield from _summary(run.reports, anchors)
    yield from _graph(run, anchors)
    yield '<section id="content" tabindex="-1" aria-labelledby="claims"><h2 id="claims">Claims</h2>'
    for claim, report in run.verdicts:
        yield section_html(claim, report, anchors)
    yield "</section>"
    if experiments:
        yield f'<section><h2 id="experiments">Experiments</h2>{experiments_html(experiments)}</section>'
    yield from _provenance(run)
    yield "</main></body></html>"


def _headline(run: Run) -> str:
    return f"{run.as_expected} of {len(run.reports)} verdicts as expected"


def _header(run: Run, anchors: Mapping[str, str], experiments: bool) -> Iterator[str]:
    counts = Counter(report.verdict for report in run.reports)
    others = [report for report in run.reports if not report.as_expected]
    state = "bad" if others else "good"
    yield f'<header><p class="brand">jacspec</p><h1 class="{state}">{_headline(run)}</h1>'
    chips = (f"<li>{badge(each.value)} {counts[each]}</li>" for each in Verdict if counts[each])
    yield f'<ul class="chips">{"".join(chips)}</ul>'
    if others:
        links = ", ".join(_link(report, anchors) for report in others)
        yield f'<p class="warning">Not as expected: {links}</p>'
    yield (
        f'<p class="fine">Effort {escape(run.effort)}, seed {run.seed}, '
        f"jacspec {escape(run.versions.get('jacspec', '?'))}, {run.seconds:.0f} s of computation.</p>"
    )
    places = {"summary": "Summary", "graph": "What rests on what", "claims": "Claims"}
    places |= {"experiments": "Experiments"} if experiments else {}
    links = "".join(
        f'<a href="#{place}">{name}</a>' for place, name in {**places, "run": "What was run"}.items()
    )
    yield f'<nav aria-label="On this page">{links}</nav></header>'


def _link(report: Report, anchors: Mapping[str, str]) -> str:
    return f'<a href="#{anchors[report.label]}"><code>{escape(report.label)}</code></a>'


def _findings(reports: Sequence[Report], anchors: Mapping[str, str]) -> Iterator[str]:
    """What a reader with ten seconds should see: what does not hold, and what could be said better."""
    refuted = [report for report in reports if report.verdict is Verdict.REFUTED]
    if refuted:
        yield '<section aria-labelledby="refuted"><h2 id="refuted">What does not hold</h2><ul class="found">'
        for report in refuted:
            yield f"<li>{_link(report, anchors)}<br>{statement_html(report.statement)}"
            found = report.counterexample
            if found is not None and len(found.text) <= _BRIEF:
                yield f'<div class="example">{example_html(found)}</div>'
            yield "</li>"
        yield "</ul></section>"


def _summary(reports: Sequence[Report], anchors: Mapping[str, str]) -> Iterator[str]:
    yield '<section><h2 id="summary">Summary</h2><table class="summary"><thead><tr>'
    heads = ("claim", "verdict", "expected", "mutants caught", "hypotheses needed", "sharpness")
    yield "".join(f"<th scope=col>{head}</th>" for head in heads)
    yield "</tr></thead><tbody>"
    for report in reports:
        tally, sharpness = report.mutants, report.sharpness
        expected = report.expected.value + (" ✓" if report.as_expected else " <strong>✗</strong>")
        cells = (
            badge(report.verdict.value),
            expected,
            f"{tally.killed} of {tally.total}" if tally.total else "not tried",
            needed_tally(report.hypotheses),
            "–" if sharpness is None else f"{sharpness.ratio:.4f}",
        )
        statement = f'<span class="brief">{statement_html(report.statement)}</span>'
        yield f"<tr><th scope=row>{_link(report, anchors)}{statement}</th>"
        yield "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
    yield "</tbody></table></section>"


def _graph(run: Run, anchors: Mapping[str, str]) -> Iterator[str]:
    graph = claim_graph(run.verdicts)
    yield '<section><h2 id="graph">What rests on what</h2>'
    if graph.edges:
        yield (
            "<p>An arrow leads from what is used to what rests on it. Boxes with a broken border are "
            "derivations that this run did not verify as claims of their own.</p>"
        )
        yield '<div class="graph" tabindex="0" role="region" aria-label="Graph, scrolls">'
        yield f"{graph_svg(graph, anchors)}</div>"
    if graph.alone:
        yield "<h3>By themselves</h3>" if graph.edges else "<p>Each claim stands by itself.</p>"
        items = "".join(
            f'<li class="{graph.nodes[label].verdict}"><a href="#{anchors[label]}">{escape(label)}</a></li>'
            for label in graph.alone
        )
        yield f'<ul class="alone">{items}</ul>'
    yield "</section>"


def _provenance(run: Run) -> Iterator[str]:
    rows = {"effort": run.effort, "seed": str(run.seed), **run.versions, "time": f"{run.seconds:.1f} s"}
    labels = " ".join(report.label for report in run.reports)
    command = f"jacspec verify {labels} --effort {run.effort} --seed {run.seed}"
    yield '<section><h2 id="run">What was run</h2><dl>'
    yield "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in rows.items()
    )
    yield "</dl><details><summary>Run these claims again</summary>"
    yield f"<pre>{escape(command)}</pre></details></section>"
