"""``jacspec probe``: the log singular values of a chain."""

from __future__ import annotations

import json
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jacspec.interrupts import loading
from jacspec.proofs_check.shell.commands.shared import check_writable, counting, memory_option, write

if TYPE_CHECKING:
    from jacspec.numerics import Chain

_MATRIX_FREE = "matrix-free"


@click.command("probe", short_help="Print the log singular values of a chain's product, at any depth.")
@click.argument("source")
@click.option("--input", "input_file", metavar="X.npy", help="The input of an exported network.")
@click.option("--kinks", default="refuse", show_default=True, help="At a kink of a network: refuse or left.")
@click.option("--order", metavar="NAME,…", help="The factors of a file, by name, that applied first first.")
@click.option("--digits", type=int, help="Correct digits of every s_k; default 30 (float64: 10).")
@click.option("--top", type=int, help="Show only the K largest.", metavar="K")
@click.option(
    "--engine", default="certified", show_default=True, help="certified, mpmath, float64, matrix-free."
)
@click.option("--json", "json_file", metavar="FILE", help="Write the spectrum as JSON; - for stdout.")
@click.option("--plot", "plot_file", metavar="FILE", help="Draw the spectrum (.png, .svg or .pdf).")
@memory_option
def probe(
    source: str,
    input_file: str | None,
    kinks: str,
    order: str | None,
    digits: int | None,
    top: int | None,
    engine: str,
    json_file: str | None,
    plot_file: str | None,
) -> None:
    """Print the log singular values of a chain's product, at any depth.

    SOURCE is a file (.npz, .safetensors), an ensemble with its options, or an exported network (.pt2 of
    PyTorch, .onnx) together with the input at which its Jacobian is taken.

    \b
    Examples:
      jacspec probe weights.npz --digits 40
      jacspec probe gaussian:depth=2000,width=8,seed=0 --plot spectrum.png
      jacspec probe masked:depth=300,width=16,p=0.5,seed=0 --top 5
      jacspec probe model.pt2 --input x.npy --json spectrum.json

    In a file, factors are in the order of the one number in which their names differ: M_1, M_2, …, or in
    that of --order; their names are printed, if they are others. Values are natural logarithms of the
    singular values of M_N ⋯ M_1, each certified to the digits asked for. Where matrices do not fit in
    memory, or with --engine matrix-free, the K largest are estimated, with residuals, and it says so.
    """
    with loading():
        from jacspec.numerics import LeadingModes, Spectrum, leading_modes, open_source, spectrum
        from jacspec.numerics.spectra.compute import ENGINES
        from jacspec.numerics.support.arguments import choice
        from jacspec.numerics.support.errors import InputError, TooLargeError
        from jacspec.numerics.support.progress import watching

    check_writable(json_file, source, input_file, plot_file)
    if plot_file is not None:
        with loading():
            from jacspec.proofs_check.shell.plots import check_picture, plot_spectrum
        check_picture(Path(plot_file))
    asked = choice("engine", engine, (*ENGINES, _MATRIX_FREE)) == _MATRIX_FREE
    network: dict[str, Any] = {"input_file": input_file, "kinks": kinks, "matrix_free": asked or None}
    named = None if order is None else [name.strip() for name in order.split(",")]
    with counting("reading", then="reading") as step, watching(step):
        chain = open_source(source, **network, order=named)
    result: Spectrum | LeadingModes | None = None
    # Wide chains take two products more, their ends.
    if chain.is_dense and not asked:
        counted = counting("multiplying", max(chain.depth - 1, 1), then="refining")
        with suppress(TooLargeError) if top else nullcontext(), counted as step, watching(step):
            result = spectrum(chain, digits=digits, top=top, engine=engine)
    if result is None:
        if top is None or digits is not None:
            narrowest = min(size for each in chain.maps for size in each.shape)
            message = (
                f"{chain!r} is probed without its matrices, which gives the largest singular values, to no "
                f"digits that one could ask for; expected --top K, and no --digits: say --top "
                f"{min(15, narrowest)}"
            )
            raise InputError(message)
        with counting("estimating"):
            result = leading_modes(chain, top)
    if json_file != "-":
        click.echo(f"{_as_applied(chain)}{result}")
    if json_file is not None:
        write(json_file, json.dumps(result.to_json(), indent=2))
    if plot_file is not None:
        plot_spectrum(result, source, Path(plot_file))
        click.echo(f"picture: {plot_file}", err=json_file == "-")


def _as_applied(chain: Chain) -> str:
    """A line with the names of the factors of a file, unless they are M_1, …, M_N."""
    if all(name == f"M_{layer}" for layer, name in enumerate(chain.names, 1)):
        return ""
    return f"factors, in the order in which they are applied: {', '.join(chain.names)}\n\n"
