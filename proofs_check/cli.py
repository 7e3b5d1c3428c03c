"""The command line: ``jacspec`` and ``python -m proofs_check``.

Exit status: 0 if every verdict is the one its claim expects; 1 if some verdict is not; 2 for bad
input, with one line on standard error that names the value, what was expected and a remedy; 130 if
interrupted.
"""

from __future__ import annotations

import json
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from types import FrameType
from typing import Any

import click
from hypothesis.configuration import set_hypothesis_home_dir
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from numerics import InputError, PrecisionError
from proofs_check.effort import EFFORTS
from proofs_check.evidence import Report
from proofs_check.parallel import available_cores, process_pool, run
from proofs_check.tables import claims_table, console, report_details, verdict_table

__all__ = ["main"]

_VERSIONED = ("jacspec", "sympy", "mpmath", "numpy", "python-flint", "hypothesis")
_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; every mistake of the user's ends in one line and exit status 2."""
    # Hypothesis keeps a cache of constants; not in whatever folder the user happens to be.
    set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "jacspec-hypothesis")
    try:
        status = _jacspec.main(args=arguments, prog_name="jacspec", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        status = 0
    except click.ClickException as error:
        status = _complain(error.format_message())
    except (InputError, PrecisionError) as error:
        status = _complain(str(error))
    except (KeyboardInterrupt, click.Abort):
        click.echo("jacspec: interrupted", err=True)
        status = _INTERRUPTED
    sys.exit(status if isinstance(status, int) else 0)


def _complain(message: str) -> int:
    click.echo(f"jacspec: {' '.join(message.split())}", err=True)
    return 2


@click.group(
    "jacspec",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with 'jacspec verify', or 'jacspec probe gaussian:depth=1000,width=8,seed=0'.",
)
@click.version_option(version("jacspec"), message="jacspec %(version)s")
def _jacspec() -> None:
    """An executable referee for the theory of deep Jacobian spectra."""


# --- verify and list ----------------------------------------------------------------------------


@_jacspec.command("verify")
@click.argument("targets", nargs=-1, metavar="[LABEL… | FILE.py]")
@click.option("--json", "json_file", metavar="FILE", help="Write the reports as JSON; - for stdout.")
@click.option("--report", "report_folder", metavar="DIR", help="Write DIR/report.md.")
@click.option("--effort", type=click.Choice(list(EFFORTS)), default="standard", show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--jobs", type=click.IntRange(min=1), help="Processes; default: all processors.")
def _verify(
    targets: tuple[str, ...],
    json_file: str | None,
    report_folder: str | None,
    effort: str,
    seed: int,
    jobs: int | None,
) -> int:
    """Verify claims: the whole ledger, some labels of it, or the claims of a Python file.

    \b
    jacspec verify
    jacspec verify alignment alignment-as-stated
    jacspec verify my_claims.py --effort deep
    """
    from proofs_check.report import make_folder, write_report
    from proofs_check.sources import ClaimTask, run_task, select

    _check_writable(json_file)
    if report_folder is not None:
        make_folder(Path(report_folder))
    tasks = select(targets, effort=effort, seed=seed)
    order = {task: position for position, task in enumerate(tasks)}
    reached: dict[ClaimTask, Report] = {}
    out = console(stderr=json_file == "-")
    with _interrupts() as interrupted:
        try:
            with (
                process_pool(min(jobs or available_cores(), len(tasks))) as executor,
                _progress("verifying", len(tasks)) as advance,
            ):
                for task, report in run(run_task, tasks, executor):
                    if interrupted:  # the exception was lost in a callback; so may this verdict be
                        break
                    reached[task] = report
                    advance(f"{report.label}: {report.verdict.value}")
        except KeyboardInterrupt:
            interrupted.append(True)
        except BrokenProcessPool:
            click.echo("jacspec: a worker process died; the verdicts reached so far follow", err=True)
    reports = [reached[task] for task in sorted(reached, key=order.__getitem__)]
    for report in reports:
        out.print(report_details(report), end="")
    if reports:
        out.print(verdict_table(reports))
    if json_file is not None:
        claims = [report.to_json() for report in reports]
        _write(json_file, json.dumps({"claims": claims, "versions": _versions()}, indent=2))
    if report_folder is not None:
        out.print(f"report: {write_report(Path(report_folder), reports, _versions(), seed, effort)}")
    if interrupted:
        click.echo(f"jacspec: interrupted; {len(reports)} of {len(tasks)} verdicts were reached", err=True)
        return _INTERRUPTED
    unexpected = [report.label for report in reports if not report.as_expected]
    if unexpected:
        out.print(f"not as expected: {', '.join(unexpected)}")
    return 1 if unexpected or len(reports) < len(tasks) else 0


@_jacspec.command("list")
@click.option(
    "--derivations",
    is_flag=True,
    help="Check every derivation; list status, generality, assumptions, mutants.",
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--jobs", type=click.IntRange(min=1), help="Processes; default: all processors.")
def _list(derivations: bool, seed: int, jobs: int | None) -> int:
    """List the claims of the ledger, or its derivations."""
    from proofs_check.derivation_table import derivation_table, summaries
    from proofs_check.ledger import LEDGER

    if not derivations:
        console().print(claims_table(LEDGER.values()))
        return 0
    found = summaries(seed=seed, workers=jobs or available_cores())
    console().print(derivation_table(found))
    return 0 if all(summary.holds for summary in found) else 1


@_jacspec.command("derive")
@click.argument("label", required=False)
@click.option("--all", "everything", is_flag=True, help="The whole theory, as one document.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "latex", "markdown"]),
    default="text",
    show_default=True,
)
def _derive(label: str | None, everything: bool, style: str) -> None:
    """Print the derivation of a claim, step by step.

    \b
    jacspec derive gradient-flow-dynamics
    jacspec derive gradient-flow-dynamics --format latex > proof.tex
    jacspec derive --all --format latex > theory.tex
    """
    from proofs_check.derivations import derivation_of
    from theory import FORMATS
    from theory.document import WHOLE

    if everything is (label is not None):
        message = f"derive {label or ''}: expected one label, or --all; 'jacspec list' shows the labels"
        raise InputError(message)
    click.echo(WHOLE[style]() if label is None else FORMATS[style](derivation_of(label)))


# --- probe --------------------------------------------------------------------------------------


@_jacspec.command("probe")
@click.argument("source")
@click.option("--input", "input_file", metavar="X.npy", help="The input of an exported network (.pt2).")
@click.option("--kinks", default="refuse", show_default=True, help="At a kink of a network: refuse or left.")
@click.option("--digits", type=int, help="Correct digits of every s_k; default 30 (float64: 10).")
@click.option("--top", type=int, help="Show only the K largest.", metavar="K")
@click.option("--engine", default="certified", show_default=True, help="certified, mpmath or float64.")
@click.option("--json", "json_file", metavar="FILE", help="Write the spectrum as JSON; - for stdout.")
@click.option("--plot", "plot_file", metavar="FILE", help="Draw the spectrum (.png, .svg or .pdf).")
def _probe(
    source: str,
    input_file: str | None,
    kinks: str,
    digits: int | None,
    top: int | None,
    engine: str,
    json_file: str | None,
    plot_file: str | None,
) -> None:
    """Print the log singular values of a chain's product, at any depth.

    SOURCE is a file (.npz, .safetensors), an ensemble with its options, or an exported PyTorch module
    (.pt2) together with the input at which its Jacobian is taken.

    \b
    jacspec probe weights.npz --digits 40
    jacspec probe gaussian:depth=2000,width=8,seed=0 --plot spectrum.png
    jacspec probe model.pt2 --input x.npy
    """
    from numerics import open_source, spectrum
    from proofs_check.plots import check_picture, plot_spectrum

    _check_writable(json_file)
    if plot_file is not None:
        check_picture(Path(plot_file))
    chain = open_source(source, input_file=input_file, kinks=kinks)
    with _progress("computing", None):
        result = spectrum(chain, digits=digits, top=top, engine=engine)
    if json_file != "-":
        click.echo(str(result))
    if json_file is not None:
        _write(json_file, json.dumps(result.to_json(), indent=2))
    if plot_file is not None:
        plot_spectrum(result, source, Path(plot_file))
        click.echo(f"picture: {plot_file}", err=json_file == "-")


# --- reproduce ----------------------------------------------------------------------------------


@_jacspec.command("reproduce")
@click.argument("name")
@click.option("--out", default="out", show_default=True, metavar="DIR", help="Where results are written.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
def _reproduce(name: str, out: str, seed: int) -> int:
    """Run an experiment of the paper; write its data, its chain and its pictures to DIR.

    \b
    jacspec reproduce training --out out
    """
    from proofs_check.experiments import EXPERIMENTS

    if name not in EXPERIMENTS:
        message = f"unknown experiment {name!r}: expected one of {', '.join(EXPERIMENTS)}"
        raise InputError(message)
    report = EXPERIMENTS[name](Path(out), seed=seed, console=console(stderr=True))
    click.echo(str(report))
    return 0 if report.complete else _INTERRUPTED


# --- shared -------------------------------------------------------------------------------------


@contextmanager
def _interrupts() -> Iterator[list[bool]]:
    """Note every Ctrl-C, besides raising it: an exception raised in a callback from C can get lost."""
    noted: list[bool] = []

    def note(_signal: int, _frame: FrameType | None) -> None:
        noted.append(True)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, note)
    try:
        yield noted
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _progress(what: str, total: int | None) -> Iterator[Any]:
    """Progress on standard error, where that is a terminal."""
    columns = [SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()]
    with Progress(
        *columns, console=console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    ) as bar:
        task = bar.add_task(what, total=total)

        def advance(note: str) -> None:
            bar.update(task, advance=1)
            bar.console.print(note)

        yield advance


def _versions() -> dict[str, str]:
    return {"python": sys.version.split()[0], **{name: version(name) for name in _VERSIONED}}


def _check_writable(file: str | None) -> None:
    """Refuse an output file whose folder does not exist before anything is computed."""
    if file is None or file == "-":
        return
    if not Path(file).parent.is_dir():
        message = f"cannot write {file!r}: expected an existing folder; make it first"
        raise InputError(message)
    if Path(file).is_dir():
        message = f"cannot write {file!r}: it is a folder; name a file in it"
        raise InputError(message)


def _write(file: str, content: str) -> None:
    if file == "-":
        click.echo(content)
        return
    try:
        Path(file).write_text(content + "\n", encoding="utf-8")
    except OSError as error:
        message = f"cannot write {file!r}: {error.strerror}; choose another file"
        raise InputError(message) from error
