"""The verdicts as web pages without a network: a front with a page for each claim, or one file of all.

They can be read without scripts; with them, the summary can be filtered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, cached_property
from importlib.resources import files
from pathlib import PurePosixPath
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from jacspec.documents import html
from jacspec.documents.blocks import Block
from jacspec.proofs_check.claims.claim import Claim
from jacspec.proofs_check.claims.report_blocks import as_prose
from jacspec.proofs_check.referee.counterexample_files import file_names
from jacspec.proofs_check.reports.experiments import ShownExperiment, experiments_blocks
from jacspec.proofs_check.reports.graph import Graph, claim_graph, graph_svg
from jacspec.proofs_check.reports.run import Run
from jacspec.proofs_check.reports.sections import COLUMNS, claim_section, refuted_blocks, summary_cells
from jacspec.proofs_check.reports.story import NOTATION, arrows_with_reports
from jacspec.proofs_check.reports.tooltips import with_tooltips
from jacspec.theory import Derivation
from jacspec.theory.notation.glossary import meanings


def report_page(run: Run, experiments: Sequence[ShownExperiment] = ()) -> str:
    """All in one file: what was found, the summary, the graph, claims, experiments, what was run."""
    return _Pages(run, experiments).whole()


def report_pages(run: Run, experiments: Sequence[ShownExperiment] = ()) -> dict[str, str]:
    """The files of a report, by their paths: the front, a page for each claim, and their style."""
    pages = _Pages(run, experiments)
    claims = {
        f"claims/{pages.names[claim.label]}": pages.claim(place)
        for place, (claim, _) in enumerate(run.verdicts)
    }
    return {"index.html": pages.front(), "style.css": _source("style.css"), **claims}


class _Pages:
    """The pages of one run; every link is made for the page on which it stands."""

    def __init__(self, run: Run, experiments: Sequence[ShownExperiment]) -> None:
        self._run = run
        self._experiments = experiments
        self.names = {
            label: f"{PurePosixPath(name).stem}.html"
            for (label, _), name in file_names([(report.label, None) for report in run.reports]).items()
        }
        self._labels = {anchor: label for label, anchor in run.anchors.items()}

    @cached_property
    def _graph(self) -> Graph:
        return claim_graph(self._run)

    def whole(self) -> str:
        claims = [claim_section(self._run, claim, report) for claim, report in self._run.verdicts]
        return self._front(lambda label: f"#{self._run.anchors[label]}", whole=True, claims=claims)

    def front(self) -> str:
        return self._front(lambda label: f"claims/{self.names[label]}", whole=False, claims=[])

    def claim(self, number: int) -> str:
        """The page of one claim, with what it rests on and what its symbols stand for."""
        claim, report = self._run.verdicts[number]
        reports = {each.label: each for each in self._run.reports}
        labels = [*reports]

        def neighbour(step: int) -> str | None:
            return labels[number + step] if 0 <= number + step < len(labels) else None

        graph, derivation = self._graph.folded_to(reports), self._run.derivations.get(claim.label)
        symbols = _symbols(claim, derivation)
        page = self._rendered(
            "claim.html.j2",
            lambda label: self.names[label],
            home="../index.html",
            report=report,
            before=neighbour(-1),
            after=neighbour(1),
            section=(claim_section(self._run, claim, report, level=1),),
            rests_on=[reports[other] for one, other in graph.edges if one == claim.label],
            used_by=[reports[one] for one, other in graph.edges if other == claim.label],
            symbols=symbols if derivation is None else (),  # a derivation explains its own
        )
        return with_tooltips(page, symbols)

    def _front(self, place: Callable[[str], str], *, whole: bool, claims: Sequence[Block]) -> str:
        graph = self._graph.without_lemmas()
        anchors = {label: place(label) for label in self._run.anchors}
        return self._rendered(
            "front.html.j2",
            place,
            whole=whole,
            style=Markup(_source("style.css")),  # noqa: S704 -- our own
            script=Markup(_source("filter.js")),  # noqa: S704 -- our own
            story=list(arrows_with_reports(self._run)),
            notation=NOTATION,
            columns=COLUMNS,
            cells=summary_cells,
            refuted=tuple(refuted_blocks(self._run)),
            graph=graph,
            graph_svg=Markup(graph_svg(graph, anchors)),  # noqa: S704 -- escaped where it is made
            claims=claims,
            experiments=tuple(experiments_blocks(self._experiments)),
        )

    def _rendered(self, template: str, place: Callable[[str], str], home: str = "", **given: Any) -> str:
        """A template with what it is given; ``place`` says where the link to a claim leads."""

        def links(anchor: str) -> str:
            label = self._labels.get(anchor)
            return f"{home}#{anchor}" if label is None else place(label)

        return _environment().get_template(template).render(run=self._run, place=place, links=links, **given)


def _symbols(claim: Claim, derivation: Derivation | None) -> tuple[str, ...]:
    """What the symbols of a claim and of its derivation stand for."""
    if derivation is not None:
        return derivation.symbols
    return meanings(side for each in claim.propositions for side in (each.left, each.right))


@cache
def _environment() -> Environment:
    """Everything is escaped, but for what the writer of blocks has made, which escapes itself."""
    environment = Environment(
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        loader=FunctionLoader(_source),
    )
    environment.filters.update(blocks=_blocks, prose=_prose, as_prose=as_prose)
    return environment


@pass_context
def _blocks(context: Context, blocks: Sequence[Block]) -> Markup:
    return Markup(html.write(blocks, context["links"]))  # noqa: S704 -- escapes itself


@pass_context
def _prose(context: Context, text: str) -> Markup:
    return Markup(html.prose(text, context["links"]))  # noqa: S704 -- escapes itself


def _source(name: str) -> str:
    return files("jacspec.proofs_check.reports").joinpath("pages", name).read_text(encoding="utf-8")
