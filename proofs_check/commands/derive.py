"""``jacspec derive``: a derivation, step by step."""

from __future__ import annotations

import click

from proofs_check.commands.shared import loading

__all__ = ["derive"]


@click.command("derive", short_help="Print the derivation of a claim, step by step.")
@click.argument("label", required=False)
@click.option("--all", "everything", is_flag=True, help="The whole theory, as one document.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "latex", "markdown"]),
    default="text",
    show_default=True,
    help="latex gives a document that compiles, markdown a section for your notes.",
)
def derive(label: str | None, everything: bool, style: str) -> None:
    """Print the derivation of a claim, step by step; 'jacspec list' shows which claims have one.

    \b
    jacspec derive gradient-flow-dynamics
    jacspec derive gradient-flow-dynamics --format latex > proof.tex
    jacspec derive --all --format latex > theory.tex
    """
    with loading():
        from numerics import InputError
        from proofs_check.derivations import derivation_of
        from theory import FORMATS
        from theory.document import WHOLE

    if everything is (label is not None):
        message = f"derive {label or ''}: expected one label, or --all; 'jacspec list' shows the labels"
        raise InputError(message)
    click.echo(WHOLE[style]() if label is None else FORMATS[style](derivation_of(label)))
