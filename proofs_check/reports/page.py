"""The verdicts as one web page that needs nothing else: no network, no scripts, no other file."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from jacspec.documents import html
from jacspec.documents.blocks import Block
from jacspec.proofs_check.claims.report_blocks import as_prose
from jacspec.proofs_check.reports.experiments import ShownExperiment, experiments_blocks
from jacspec.proofs_check.reports.graph import claim_graph, graph_svg
from jacspec.proofs_check.reports.run import Run
from jacspec.proofs_check.reports.sections import COLUMNS, claim_section, refuted_blocks, summary_cells

__all__ = ["report_page"]


def report_page(run: Run, experiments: Sequence[ShownExperiment] = ()) -> str:
    """The page: what was found, the summary, the graph, claims, experiments, what was run."""
    folder = files("jacspec.proofs_check.reports")
    template = _environment().from_string(folder.joinpath("page.html.j2").read_text(encoding="utf-8"))
    graph = claim_graph(run.verdicts)
    return template.render(
        run=run,
        style=Markup(folder.joinpath("style.css").read_text(encoding="utf-8")),  # noqa: S704 -- our own
        columns=COLUMNS,
        cells=summary_cells,
        refuted=tuple(refuted_blocks(run)),
        graph=graph,
        graph_svg=Markup(graph_svg(graph, run.anchors)),  # noqa: S704 -- escaped where it is made
        claims=[claim_section(run, claim, report) for claim, report in run.verdicts],
        experiments=tuple(experiments_blocks(experiments)),
    )


def _environment() -> Environment:
    """Everything is escaped, but for what the writer of blocks has made, which escapes itself."""
    made = Environment(
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    made.filters.update(blocks=_blocks, prose=_prose, as_prose=as_prose)
    return made


def _blocks(blocks: Sequence[Block]) -> Markup:
    return Markup(html.write(blocks))  # noqa: S704


def _prose(text: str) -> Markup:
    return Markup(html.prose(text))  # noqa: S704
