"""Networks from files, operator by operator: modules that PyTorch has exported, and ONNX."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from jacspec.numerics.files.reading import parsing
from jacspec.numerics.networks.graphs.archive import damaged, open_archive
from jacspec.numerics.networks.graphs.columns import by_size, factors_of_parts, parts_of_program
from jacspec.numerics.networks.graphs.program import Program, program_of
from jacspec.numerics.networks.graphs.run import run
from jacspec.numerics.networks.inputs import as_array, as_example
from jacspec.numerics.networks.linearise import Factors, Traced, Walk
from jacspec.numerics.networks.onnx import model
from jacspec.numerics.support.errors import InputError


def exported_factors(
    path: str | Path, x: Any, *, kinks: str = "refuse", matrix_free: bool | None = None
) -> Factors:
    """The factors of the Jacobian at x of a module that ``torch.export.save`` wrote, or of an ONNX model.

    Operators that are layers are exact and need no PyTorch; all others need it, and are rounded.
    ``x`` has the shape that the module was exported for; a batch axis of one may be left out. Nothing is
    unpickled (see :mod:`jacspec.numerics.networks.graphs.archive`,
    :mod:`jacspec.numerics.networks.onnx.model`), and only operators that are known are
    called. Raises InputError, naming it, for any other. ``matrix_free`` is as for modules.
    """
    with parsing(partial(_damaged(Path(path)), Path(path))):
        program = read_program(Path(path))
        return by_size(
            partial(program_factors, program, x, kinks=kinks, trusted=False),
            lambda: factors_of_parts(
                parts_of_program(program, trusted=False), fitting(program, x), kinks=kinks
            ),
            matrix_free=matrix_free,
        )


def _damaged(path: Path) -> Callable[[Path, str], InputError]:
    return model.damaged if path.suffix == ".onnx" else damaged


def read_program(path: Path) -> Program:
    """The program of a file."""
    if path.suffix == ".onnx":
        return model.read_model(path)
    archive = open_archive(path)
    with parsing(partial(damaged, path)):
        return program_of(archive)


def program_factors(program: Program, x: Any, *, kinks: str, trusted: bool) -> Factors:
    """The factors of a program's Jacobian at x."""
    walk, example = Walk(kinks), as_example(fitting(program, x))
    return walk.finished(run(program, Traced(example.column, example.shape), walk, trusted=trusted))


def fitting(program: Program, x: Any) -> NDArray[Any]:
    """The input in the shape of the program; raises InputError for one of another."""
    array, shape = as_array(x, "the input x"), program.shape
    for given in (array, array[None]):  # a batch axis of one may be left out
        if given.ndim == len(shape) and all(
            size in (-1, own) for size, own in zip(shape, given.shape, strict=True)
        ):
            return given
    message = (
        f"the input x has shape {array.shape}; expected {shape}, for which the network was exported"
        f"{' (-1: any size)' if -1 in shape else ''}: reshape it, or export again"
    )
    raise InputError(message)
