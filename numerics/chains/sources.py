"""Where a chain comes from, as one string: a file, an ensemble with its options, a network's file."""

from __future__ import annotations

import inspect
import os
from collections.abc import Sequence
from pathlib import Path

from jacspec.numerics import networks
from jacspec.numerics.chains.chain import Chain
from jacspec.numerics.chains.ensembles import ENSEMBLES
from jacspec.numerics.support.arguments import hint
from jacspec.numerics.support.errors import InputError

_EXACT = 2**53
"""Below it a whole number in another spelling, such as 1e6, is that number."""


def open_source(
    source: str,
    *,
    input_file: str | None = None,
    kinks: str = "refuse",
    matrix_free: bool | None = None,
    order: Sequence[str] | None = None,
) -> Chain:
    """Open ``weights.npz``, ``weights.safetensors`` or ``gaussian:depth=1000,width=64`` (seed=0).

    An exported network, ``model.pt2`` or ``model.onnx``, takes an ``input_file`` (``.npy``) at which its
    Jacobian is taken, ``kinks`` and ``matrix_free`` (:meth:`Chain.from_exported`); a file of factors takes
    the ``order`` in which they are applied, by name (:meth:`Chain.load`).

    Raises InputError for an unknown ensemble, an unknown, missing, repeated or malformed option, an
    input for anything but a network, an order for anything but a file of factors, and whatever is wrong
    with a file.
    """
    network = Path(source).suffix in (".pt2", ".onnx")
    if order is not None and Path(source).suffix not in (".npz", ".safetensors"):
        message = (
            f"{source!r} takes no order ({', '.join(order)!r}); expected a chain file, .npz or .safetensors: "
            f"leave --order out"
        )
        raise InputError(message)
    if not network and (input_file is not None or kinks != "refuse"):
        what = f"input ({input_file!r})" if input_file is not None else f"kinks ({kinks!r})"
        message = (
            f"{source!r} takes no {what}; expected an exported network, .pt2 or .onnx: leave "
            f"--{what.split()[0]} out"
        )
        raise InputError(message)
    if network and input_file is not None:
        x = networks.read_input(Path(input_file))
        return Chain.from_exported(source, x, kinks=kinks, matrix_free=matrix_free)
    name, colon, options = source.partition(":")
    if name in ENSEMBLES:
        return Chain(ENSEMBLES[name](**_options(name, options)))
    there = os.path.exists(source)  # noqa: PTH110 -- of a name that is too long, Path's raises
    if colon and "=" in options and not there:
        meant = hint(name, ENSEMBLES, f"expected one of {', '.join(ENSEMBLES)}")
        message = f"unknown ensemble {name!r}: {meant}"
        raise InputError(message)
    if not Path(source).suffix and not there:
        message = (
            f"{source!r} is neither a file nor an ensemble; expected a chain file (.npz or .safetensors), an "
            f"exported network (.pt2, .onnx), or one of {', '.join(ENSEMBLES)} with its options, e.g. "
            f"gaussian:depth=100,width=8"
        )
        raise InputError(message)
    return Chain.load(source, order=order)


def _options(name: str, text: str) -> dict[str, int | float]:
    parameters = inspect.signature(ENSEMBLES[name]).parameters
    found: dict[str, int | float] = {}
    for piece in filter(None, (part.strip() for part in text.split(","))):
        key, equals, value = (part.strip() for part in piece.partition("="))
        if not equals or key not in parameters:
            known = ", ".join(f"{each}=…" for each in parameters)
            message = f"option {piece!r} of {name}: expected {known}, separated by commas"
            raise InputError(message)
        if key in found:
            message = f"option {key!r} of {name} is given twice; give it once"
            raise InputError(message)
        found[key] = _number(name, key, value)
    missing = [
        key
        for key, parameter in parameters.items()
        if parameter.default is parameter.empty and key not in (*found, "seed")
    ]
    if missing:
        message = f"{name} lacks {', '.join(missing)}; expected e.g. {name}:depth=100,width=8"
        raise InputError(message)
    return {"seed": 0, **found}


def _number(name: str, key: str, value: str) -> int | float:
    try:
        return int(value)
    except ValueError:
        pass
    try:
        number = float(value)
        return int(number) if abs(number) < _EXACT and number.is_integer() else number
    except ValueError as error:
        message = f"{name}: {key}={value!r} is not a number; expected e.g. {key}=8"
        raise InputError(message) from error
