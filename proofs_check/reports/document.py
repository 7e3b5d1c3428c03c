"""The verdicts as a Markdown file that can be handed to a co-author."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jacspec.documents import markdown
from jacspec.documents.blocks import Block, Heading, Paragraph
from jacspec.documents.prose import literal
from jacspec.proofs_check.reports.experiments import ShownExperiment, experiments_summary
from jacspec.proofs_check.reports.run import Run
from jacspec.proofs_check.reports.sections import claim_section, summary_table


def report_markdown(run: Run, experiments: Sequence[ShownExperiment] = ()) -> str:
    """The summary, then each claim with its evidence and its derivation, and what experiments found."""
    return markdown.write(tuple(_document(run, experiments))) + "\n"


def _document(run: Run, experiments: Sequence[ShownExperiment]) -> Iterator[Block]:
    yield Heading("jacspec: verdicts", 1)
    yield from opening(run)
    yield Heading("Summary", 2, "summary")
    yield summary_table(run)
    yield Heading("Claims", 2)
    yield from (claim_section(run, claim, report) for claim, report in run.verdicts)
    yield from experiments_summary(experiments)


def opening(run: Run) -> Iterator[Block]:
    """What came out, and with what it was reached."""
    versions = ", ".join(f"{name} {version}" for name, version in run.versions.items())
    yield Paragraph(f"{run.headline}. Effort {run.effort}, seed {run.seed}.")
    yield Paragraph(literal(f"Versions: {versions}."))
