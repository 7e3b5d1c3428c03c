"""The verdicts as a Markdown file that can be handed to a co-author."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from jacspec.documents import markdown
from jacspec.proofs_check.claims.claim import Claim
from jacspec.proofs_check.claims.report import Hypothesis, Report
from jacspec.proofs_check.reports.pictures import ShownExperiment

__all__ = ["needed_tally", "report_markdown", "report_section"]


def report_markdown(
    verdicts: Sequence[tuple[Claim, Report]],
    versions: Mapping[str, str],
    seed: int,
    effort: str,
    experiments: Sequence[ShownExperiment] = (),
) -> str:
    """Render the verdicts, the evidence, what was weighed, counterexamples and derivations.

    Each report stands beside its claim, of which it takes the derivation. Experiments say what they found.
    """
    lines = [*_lines(verdicts, versions, seed, effort), *_experiments(experiments)]
    return "\n".join(lines) + "\n"


def report_section(report: Report) -> str:
    """Render one report, without the derivation."""
    return "\n".join(_section(report)).strip() + "\n"


def _lines(
    verdicts: Sequence[tuple[Claim, Report]], versions: Mapping[str, str], seed: int, effort: str
) -> Iterator[str]:
    expected = sum(report.as_expected for _, report in verdicts)
    yield "# jacspec: verdicts"
    yield ""
    yield f"{expected} of {len(verdicts)} verdicts are as expected. Effort {effort}, seed {seed}."
    yield "Versions: " + ", ".join(f"{name} {version}" for name, version in versions.items()) + "."
    yield ""
    yield "| claim | verdict | expected | mutants caught | hypotheses needed | sharpness |"
    yield "|---|---|---|---|---|---|"
    for _, report in verdicts:
        tally, sharpness = report.mutants, report.sharpness
        row = (
            f"[`{report.label}`](#{report.label})",
            report.verdict.value,
            report.expected.value,
            f"{tally.killed} of {tally.total}" if tally.total else "not tried",
            needed_tally(report.hypotheses),
            "–" if sharpness is None else f"{sharpness.ratio:.4f}",
        )
        yield f"| {' | '.join(row)} |"
    for claim, report in verdicts:
        yield from _section(report)
        if claim.derivation is not None:
            yield ""
            yield markdown.write(claim.derivation().blocks(level=3))


def _experiments(experiments: Sequence[ShownExperiment]) -> Iterator[str]:
    told = [each for each in experiments if each.seed is not None]
    if told:
        yield from ("", "## Experiments")
    for each in told:
        yield from ("", f"### {each.title}", "")
        yield from (f"* {finding}" for finding in each.findings)
        yield from ("", f"`jacspec reproduce {each.name} --seed {each.seed}`")


def needed_tally(hypotheses: Sequence[Hypothesis]) -> str:
    """How many hypotheses are known to carry weight."""
    tried = [each for each in hypotheses if each.needed is not None]
    if not hypotheses:
        return "–"
    return f"{sum(bool(each.needed) for each in tried)} of {len(tried)} tried" if tried else "not tried"


def _section(report: Report) -> Iterator[str]:
    yield ""
    yield f"## {report.label}"
    yield ""
    yield f"{report.statement}"
    yield ""
    yield f"**{report.verdict.value}**"
    yield ""
    for each in report.evidence:
        yield f"* {each.kind}, {each.status.value} the claim: {each.summary}"
    if report.sharpness is not None:
        yield ""
        found = report.sharpness
        yield f"Sharpness: {found.ratio:.6f} of the bound is reached ({found.reading}), at"
        yield from _fenced(found.example)
    if report.hypotheses or report.pairs:
        yield ""
        yield "| hypothesis | | why |"
        yield "|---|---|---|"
        for weighed in (*report.hypotheses, *report.pairs):
            yield f"| {_cell(weighed.name)} | {weighed.state} | {_cell(weighed.why)} |"
    if report.counterexample is not None:
        contrary = report.counterexample
        yield ""
        yield f"Counterexample (margin {contrary.margin}, re-verified at {contrary.precision_bits} bits):"
        yield from _fenced(contrary.text)
    for note in filter(None, (report.remark, report.error)):
        yield ""
        yield note


def _fenced(text: str) -> Iterator[str]:
    yield ""
    yield "```"
    yield text
    yield "```"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
