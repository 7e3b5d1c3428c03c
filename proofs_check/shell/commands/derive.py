"""``jacspec derive``: a derivation, step by step."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path

import click

from jacspec.interrupts import loading
from jacspec.proofs_check.shell.commands.shared import jobs_option, seed_option


@click.command("derive", short_help="Print the derivation of a claim, step by step.")
@click.argument("label", required=False, metavar="[LABEL | FILE.py:NAME]")
@click.option("--all", "everything", is_flag=True, help="The whole theory, as one document.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "latex", "markdown"]),
    default="text",
    show_default=True,
    help="latex gives a document that compiles, markdown a section for your notes.",
)
@click.option(
    "--out",
    "folder",
    metavar="DIR",
    help="With --all --format latex: a file for each derivation in DIR, and theory.tex, which inputs them.",
)
@click.option("--checked", is_flag=True, help="Check every step and its wrong variants; say what came out.")
@seed_option
@jobs_option
def derive(
    label: str | None,
    everything: bool,
    style: str,
    folder: str | None,
    checked: bool,
    seed: int,
    jobs: int | None,
) -> None:
    """Print the derivation of a claim, step by step; 'jacspec list' shows which claims have one.

    With --checked (a few seconds for one, minutes for all) each ends with a record of its checks, and the
    exit status is 1 if a step is not accepted; --seed and --jobs are for these.

    \b
    Examples:
      jacspec derive gradient-flow-dynamics
      jacspec derive gradient-flow-dynamics --format latex > proof.tex
      jacspec derive my_theory.py:decay --checked    your own, by its name in the file or its label
      jacspec derive --all --format latex --checked > theory.tex
      jacspec derive --all --format latex --out theory    each derivation in a file, for a paper
    """
    with loading():
        from jacspec.documents import latex
        from jacspec.documents.formats import FORMATS
        from jacspec.numerics import InputError
        from jacspec.numerics.files.writing import made_folder, write_text
        from jacspec.numerics.support.arguments import refuse_control_characters
        from jacspec.numerics.support.cores import available_cores
        from jacspec.proofs_check.ledger.derivations import derivation_of
        from jacspec.proofs_check.shell.derivation_table import Summary, summaries, summary_of
        from jacspec.proofs_check.shell.user_files import derivation_in, guarded, split_target
        from jacspec.theory.rendering.document import theory_blocks
        from jacspec.theory.results.catalogue import catalogue

    if everything is (label is not None):
        asked = "derive" if label is None else f"derive {label}"
        message = f"{asked}: expected one label or FILE.py:NAME, or --all; 'jacspec list' shows the labels"
        raise InputError(message)
    if folder is not None and (label is not None or style != "latex"):
        message = f"--out {folder!r}: expected it with --all --format latex; else the output is one document"
        raise InputError(message)
    made = None if folder is None else made_folder(Path(folder))
    found: list[Summary] = []
    if label is None:
        for each in catalogue():
            derivation_of(each)  # one that cannot be made is told before the others are checked
        found = summaries(seed=seed, workers=jobs or available_cores()) if checked else []
        blocks = theory_blocks({summary.label: summary.sentence for summary in found})
        document = FORMATS[style](blocks) if made is None else ""
    else:
        place = split_target(label)
        derivation = derivation_of(label) if place is None else derivation_in(*place)
        with nullcontext() if place is None else guarded(place[0].resolve()):
            found = [summary_of(derivation, seed=seed)] if checked else []
            blocks = derivation.blocks(found[0].sentence if checked else "")
            document = FORMATS[style](blocks)
        refuse_control_characters(label, document)
    if made is None:
        click.echo(document)
    else:
        for name, source in latex.files(blocks, "theory").items():
            write_text(made / name, source, streams=False)
        click.echo(f"{made / 'theory.tex'} inputs the others; pdflatex theory, twice, in {made}")
    if not all(summary.holds for summary in found):
        sys.exit(1)
