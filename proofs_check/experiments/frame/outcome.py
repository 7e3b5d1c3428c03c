"""From what an experiment computed to the files that it leaves, the same for every experiment.

``NAME.npz`` holds the arrays; ``NAME.json`` everything else::

    {"experiment", "seed", "parameters", "complete", "findings", "summary", "seconds", "versions"}

``NAME.svg`` and ``NAME.png`` are its picture (further ones are ``NAME-what.svg`` …). The same seed and
parameters write the same bytes on one machine, but for the seconds in the JSON.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from jacspec.numerics import Chain
from jacspec.numerics.files.writing import replacing, write_text
from jacspec.numerics.support.errors import InputError
from jacspec.numerics.support.versions import versions
from jacspec.proofs_check.experiments.frame.pictures import save
from jacspec.proofs_check.experiments.frame.report import ExperimentReport

_VERSIONED: Final = ("numpy", "python-flint")
_PICTURES: Final = (".svg", ".png")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What an experiment computed, before it is written.

    Attributes
    ----------
    experiment, seed, parameters:
        What determines the run: its name, its seed, and every other setting by name.
    arrays:
        What was measured, by name, for the ``.npz``.
    summary:
        The figures worth having without NumPy, by name; arrays and NaN are allowed (NaN becomes null).
    findings:
        The sentences worth reading.
    seconds:
        What it took.
    interruption:
        The sentence of `Progress.interruption`; it becomes the last finding. None if complete.
    packages:
        Distributions, besides the usual ones, whose versions decide about the figures.
    """

    experiment: str
    seed: int
    parameters: Mapping[str, Any]
    arrays: Mapping[str, NDArray[Any]] = field(repr=False)
    summary: Mapping[str, Any] = field(repr=False)
    findings: tuple[str, ...]
    seconds: float
    interruption: str | None = None
    packages: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether the run was not interrupted."""
        return self.interruption is None

    @property
    def all_findings(self) -> tuple[str, ...]:
        """The findings, and at the end that it was interrupted."""
        return self.findings if self.interruption is None else (*self.findings, self.interruption)


def prepared(out_dir: Path) -> Path:
    """The directory, made if need be, before anything is computed that could not be written.

    Raises
    ------
    InputError
        If it cannot be made or written to.
    """
    out_dir = Path(out_dir)
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
        if not os.access(out_dir, os.W_OK):
            raise PermissionError(None, "Permission denied")
    except OSError as error:
        raise InputError(
            f"out_dir {str(out_dir)!r} cannot be used ({error.strerror}): "
            "expected a directory, or a place to make one"
        ) from error
    return out_dir


def written(
    out_dir: Path, outcome: Outcome, pictures: Mapping[str, Figure], chains: Mapping[str, Chain] | None = None
) -> ExperimentReport:
    """Write everything into a `prepared` directory; files of an earlier run are replaced.

    Parameters
    ----------
    out_dir, outcome
        Where, and what.
    pictures
        Figures by the end of their file names: "" for ``NAME.svg`` and ``NAME.png``, "-relu" for
        ``NAME-relu.svg`` and so on.
    chains
        Chains to keep, by file name.

    Raises
    ------
    InputError
        If a file cannot be written.
    """
    name = outcome.experiment
    files: list[Path] = []
    files.append(out_dir / f"{name}.npz")
    with replacing(files[-1]) as out:
        np.savez_compressed(out, allow_pickle=False, **outcome.arrays)
    files.append(out_dir / f"{name}.json")
    write_text(files[-1], _json(outcome))
    for file_name, chain in (chains or {}).items():
        files.append(out_dir / file_name)
        chain.save(files[-1])
    for end, figure in pictures.items():
        for suffix in _PICTURES:
            files.append(out_dir / f"{name}{end}{suffix}")
            save(figure, files[-1])
    return ExperimentReport(
        name=name,
        findings=outcome.all_findings,
        files=tuple(files),
        seconds=outcome.seconds,
        complete=outcome.complete,
    )


def _json(outcome: Outcome) -> str:
    content = {
        "experiment": outcome.experiment,
        "seed": outcome.seed,
        "parameters": outcome.parameters,
        "complete": outcome.complete,
        "findings": outcome.all_findings,
        "summary": outcome.summary,
        "seconds": round(outcome.seconds, 3),
        "versions": versions(*_VERSIONED, *outcome.packages),
    }
    return json.dumps(_plain(content), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _plain(value: Any) -> Any:
    """A value in JSON's types: what is not a number is null, an infinity is "inf" or "-inf"."""
    if isinstance(value, np.ndarray | np.generic):
        return _plain(value.tolist())
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, float) and not np.isfinite(value):
        return None if np.isnan(value) else str(value)
    return value
