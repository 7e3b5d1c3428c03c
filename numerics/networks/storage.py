"""Chains in files: ``.npz`` and ``.safetensors``. Exact both ways; nothing that is read can run code.

The order of the factors is never guessed. Names that differ in one number only, as ``M_1, …, M_N`` do, are
in the order of that number (``layer2`` before ``layer10``), whatever the order in which a file stores them.
Other names are refused, unless the factors are named in the order of application. A factor of rationals is
stored as strings 'p/q'.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import safetensors
from flint import fmpz
from numpy.typing import NDArray
from safetensors.numpy import save

from jacspec.numerics.files.npy import PickledError, array_of
from jacspec.numerics.files.reading import contents, opened, parsing, what_is_there
from jacspec.numerics.files.writing import replacing
from jacspec.numerics.files.zipped import Zipped
from jacspec.numerics.support.arguments import hint
from jacspec.numerics.support.budget import demand
from jacspec.numerics.support.errors import InputError
from jacspec.numerics.support.factors import Factor, stored_bytes

_SUFFIXES = (".npz", ".safetensors")
_PICKLES = (".pt", ".pth", ".ckpt", ".bin", ".pkl", ".pickle", ".joblib")
_CHAIN = "a chain file (.npz or .safetensors)"
_TELL = "name the factors in order of application, by order=[…] or --order NAME,NAME,…"
_LONGEST = 255
"""Letters of a name."""
_LAYER = re.compile(r"M_0*(\d+)", re.ASCII)
_NUMBER = re.compile(r"\d+", re.ASCII)
_DTYPES = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "I64": "<i8", "I32": "<i4", "I16": "<i2",
    "I8": "i1", "U8": "u1", "U16": "<u2", "U32": "<u4", "U64": "<u8", "BOOL": "?",
}  # fmt: skip
"""The element types of safetensors as NumPy's; BF16 is the upper half of a float32."""


def read(path: Path, order: Sequence[str] | None = None) -> dict[str, Any]:
    """Read the factors of a chain, by name, in order of application: that of the ``order`` given, if one is.

    Arrays that ``order`` does not name are left out.

    Raises InputError for a missing or unreadable file, an unknown suffix or that of a pickle, a file
    without arrays, arrays of Python objects (which only code could read), and an order that nobody knows.
    """
    if what_is_there(path) != "a folder":
        _refuse_networks(path)
        _check_suffix(path)
    arrays = (_read_npz if path.suffix == ".npz" else _read_safetensors)(path)
    if not arrays:
        message = f"{str(path)!r} holds no arrays; expected the factors M_1, …, M_N: save it again"
        raise InputError(message)
    names = _in_order(list(arrays), path) if order is None else _as_told(order, list(arrays), path)
    for name in names:
        if arrays[name].ndim != 2:
            message = (
                f"{str(path)!r} stores {name} with shape {arrays[name].shape}; expected matrices only: "
                f"{_TELL}, without biases and scalars"
            )
            raise InputError(message)
    demand(f"the chain of {str(path)!r}", sum(stored_bytes(arrays[name]) for name in names))
    return {name: arrays[name] for name in names}


def elements(kind: str, data: bytes) -> NDArray[Any]:
    """Raw little-endian elements of the type that safetensors calls ``kind``, as numbers."""
    flat = np.frombuffer(data, dtype=_DTYPES[kind])
    return (flat.astype(np.uint32) << 16).view(np.float32) if kind == "BF16" else flat


def _as_told(order: Sequence[str], names: Sequence[str], path: Path) -> list[str]:
    """The names that were given; raises InputError for one that the file does not hold, or none, or twice."""
    told = list(order)
    for name in told:
        if name not in names:
            meant = hint(name, names, f"it holds {_listed(names)}")
            message = f"{str(path)!r} holds no {name!r}, which is named in the order; {meant}"
            raise InputError(message)
    twice = next((name for name, following in pairwise(sorted(told)) if name == following), None)
    if not told or twice is not None:
        wrong = "no factor" if twice is None else f"{twice!r} twice"
        message = f"the order names {wrong}; expected each factor once, that applied first first: mend it"
        raise InputError(message)
    return told


def _in_order(names: Sequence[str], path: Path) -> list[str]:
    """The names in order of application; raises InputError where nobody can know it.

    Names that differ in one number only are in the order of it: whoever sorts names as text writes layer10
    before layer2.
    """
    longest = max(map(len, names))
    if longest > _LONGEST:
        message = f"{str(path)!r} holds a name of {longest} letters; expected at most {_LONGEST}: shorten it"
        raise InputError(message)
    _refuse_gap(names, path)
    alike = len({_NUMBER.sub("0", name) for name in names}) == 1
    if not alike or sum(len({*place}) > 1 for place in zip(*map(_numbers, names), strict=True)) > 1:
        message = (
            f"{str(path)!r} holds {_listed(sorted(names))}, whose order is not known; expected names that "
            f"differ in one number only, as M_1, …, M_N do: {_TELL}"
        )
        raise InputError(message)
    numbered = sorted(names, key=_numbers)
    for name, following in pairwise(numbered):
        if _numbers(name) == _numbers(following):
            message = (
                f"{str(path)!r} holds both {name} and {following}; expected one factor of each number: "
                f"{_TELL}"
            )
            raise InputError(message)
    return numbered


def _refuse_gap(names: Sequence[str], path: Path) -> None:
    """Refuse names M_1, M_3, …: a factor is missing, and the chain would be another."""
    layers = sorted({int(match[1]) for name in names if (match := _LAYER.fullmatch(name))})
    missing = next((layer for layer, held in enumerate(layers, 1) if layer != held), None)
    if missing is not None and layers[0] > 0:
        held = _listed([f"M_{layer}" for layer in layers])
        message = (
            f"{str(path)!r} holds {held} but no M_{missing}; expected "
            f"M_1, …, M_N without a gap: add the missing factor, or number them anew"
        )
        raise InputError(message)


def _numbers(name: str) -> list[int]:
    return list(map(int, _NUMBER.findall(name)))


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:8]) + (", …" if len(names) > 8 else "")


def write(path: Path, factors: Sequence[Factor]) -> None:
    """Write factors as M_1, …, M_N; exact.

    Raises InputError for an unknown suffix, a folder that does not exist, and rationals that are no
    float64 in a ``.safetensors``.
    """
    _check_suffix(path)
    with replacing(path) as file:
        (_write_npz if path.suffix == ".npz" else _write_safetensors)(file, factors)


def _write_npz(file: BinaryIO, factors: Sequence[Factor]) -> None:
    arrays: dict[str, Any] = {f"M_{layer}": _storable(f) for layer, f in enumerate(factors, 1)}
    np.savez_compressed(file, allow_pickle=False, **arrays)


def _write_safetensors(file: BinaryIO, factors: Sequence[Factor]) -> None:
    for layer, factor in enumerate(factors, 1):
        if factor.dtype != np.float64:
            message = (
                f"M_{layer} holds rationals that are no float64; a .safetensors cannot hold them "
                f"exactly: save to .npz"
            )
            raise InputError(message)
    # Zero-padded, so that readers which sort names as plain text get the order right too.
    digits = len(str(len(factors)))
    named = {f"M_{layer:0{digits}}": np.array(f) for layer, f in enumerate(factors, 1)}
    file.write(save(named))


def _refuse_networks(path: Path) -> None:
    """Point those who have a network rather than a chain to what reads it."""
    if path.suffix in _PICKLES:
        message = (
            f"{str(path)!r} is taken for a pickle, which is not loaded because that could run code; expected "
            f".npz, .safetensors or an exported module: "
            f"torch.export.save(torch.export.export(module.eval(), (x,)), 'model.pt2')"
        )
        raise InputError(message)
    if path.suffix in (".pt2", ".onnx"):
        message = (
            f"{str(path)!r} is an exported network, whose Jacobian depends on the input; expected one with "
            f"it: jacspec probe {path.name} --input x.npy, or Chain.from_exported({path.name!r}, x)"
        )
        raise InputError(message)


def _check_suffix(path: Path) -> None:
    if path.suffix not in _SUFFIXES:
        message = f"{str(path)!r}: expected a file that ends in {' or '.join(_SUFFIXES)}"
        raise InputError(message)


def _storable(factor: Factor) -> NDArray[Any]:
    if factor.dtype == np.float64:
        return factor
    # FLINT writes integers of any length, Python's str only a few thousand digits.
    return np.array([[f"{fmpz(x.numerator)}/{fmpz(x.denominator)}" for x in row] for row in factor.tolist()])


def _read_npz(path: Path) -> dict[str, NDArray[Any]]:
    with opened(path, _CHAIN) as file, parsing(partial(_corrupt, path)):
        archive = Zipped(file, repr(str(path)))
        names = [name.removesuffix(".npy") for name in archive.names]
        arrays = {}
        for name, member in zip(names, archive.names, strict=True):
            if name == member:
                message = f"its member {name} is not an array"
                raise ValueError(message)
            arrays[name] = _array(archive.read(member), name, path)
        return arrays


def _array(data: bytes, name: str, path: Path) -> NDArray[Any]:
    try:
        return array_of(data)
    except PickledError as error:
        message = (
            f"{str(path)!r} stores {name} as Python objects, which are not loaded because that could run "
            f"code; expected numbers, or strings such as '3/4': save it again as such"
        )
        raise InputError(message) from error
    except Exception as error:
        message = f"its member {name} is not an array: {error}"
        raise ValueError(message) from error


def _read_safetensors(path: Path) -> dict[str, NDArray[Any]]:
    data = contents(path, _CHAIN)
    demand(f"{str(path)!r}, unpacked,", 3 * len(data))
    with parsing(partial(_corrupt, path)):
        tensors = safetensors.deserialize(data)  # type: ignore[no-untyped-call]
        return {name: _tensor(name, tensor, path) for name, tensor in tensors}


def _tensor(name: str, tensor: dict[str, Any], path: Path) -> NDArray[Any]:
    kind = tensor["dtype"]
    if kind not in _DTYPES:
        message = f"{str(path)!r} stores {name} as {kind}; expected one of {', '.join(_DTYPES)}"
        raise InputError(message)
    return elements(kind, tensor["data"]).reshape(tensor["shape"])


def _corrupt(path: Path, reason: str) -> InputError:
    return InputError(
        f"{str(path)!r} cannot be read ({reason}); expected an intact {path.suffix} file: write it again"
    )
