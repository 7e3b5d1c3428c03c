"""Chains in files: ``.npz`` and ``.safetensors``. Exact both ways; nothing that is read can run code.

An ``.npz`` holds the factors as ``M_1, …, M_N``, or under any other names in the order in which the
file stores them. A factor of rationals is stored as strings 'p/q'. A ``.safetensors`` holds them in
the natural order of their names (``layer2`` before ``layer10``).
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import safetensors
from flint import fmpz
from numpy.typing import NDArray
from safetensors.numpy import save_file

from jacspec.numerics.support.errors import InputError
from jacspec.numerics.support.factors import Factor

__all__ = ["elements", "read", "write"]

_SUFFIXES = (".npz", ".safetensors")
_PICKLES = (".pt", ".pth", ".ckpt", ".bin", ".pkl", ".pickle", ".joblib")
_LAYER = re.compile(r"M_0*(\d+)", re.ASCII)
_DTYPES = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "I64": "<i8", "I32": "<i4", "I16": "<i2",
    "I8": "i1", "U8": "u1", "U16": "<u2", "U32": "<u4", "U64": "<u8", "BOOL": "?",
}  # fmt: skip
"""The element types of safetensors as NumPy's; BF16 is the upper half of a float32."""


def read(path: Path) -> list[Any]:
    """Read the factors of a chain, in order of application.

    Raises InputError for a missing or unreadable file, an unknown suffix or that of a pickle, a file
    without arrays, and arrays of Python objects (which only code could read).
    """
    if not path.is_dir():
        _refuse_networks(path)
        _check_suffix(path)
    if not path.is_file():
        what = "a folder" if path.is_dir() else "not there"
        message = f"{str(path)!r} is {what}; expected a chain file (.npz or .safetensors): check the path"
        raise InputError(message)
    factors = _read_npz(path) if path.suffix == ".npz" else _read_safetensors(path)
    if not factors:
        message = f"{str(path)!r} holds no arrays; expected the factors M_1, …, M_N: save it again"
        raise InputError(message)
    _refuse_gap([name for name, _ in factors], path)
    for name, array in factors:
        if array.ndim != 2:
            message = (
                f"{str(path)!r} stores {name} with shape {array.shape}; expected matrices only: leave "
                f"biases and scalars out, or reshape them"
            )
            raise InputError(message)
    return [array for _, array in factors]


def elements(kind: str, data: bytes) -> NDArray[Any]:
    """Raw little-endian elements of the type that safetensors calls ``kind``, as numbers."""
    flat = np.frombuffer(data, dtype=_DTYPES[kind])
    return (flat.astype(np.uint32) << 16).view(np.float32) if kind == "BF16" else flat


def _refuse_gap(names: Sequence[str], path: Path) -> None:
    """Refuse names M_1, M_3, …: a factor is missing, and the chain would be another."""
    layers = sorted(int(match[1]) for name in names if (match := _LAYER.fullmatch(name)))
    missing = sorted(set(range(1, layers[-1] + 1)) - set(layers))[:1] if layers and layers[0] > 0 else []
    if missing:
        held = ", ".join(f"M_{layer}" for layer in layers[:4]) + (", …" if len(layers) > 4 else "")
        message = (
            f"{str(path)!r} holds {held} but no M_{missing[0]}; expected M_1, …, M_N without a gap: add the "
            f"missing factor, or number them anew"
        )
        raise InputError(message)


def write(path: Path, factors: Sequence[Factor]) -> None:
    """Write factors as M_1, …, M_N; exact.

    Raises InputError for an unknown suffix, a folder that does not exist, and rationals that are no
    float64 in a ``.safetensors``.
    """
    _check_suffix(path)
    if not path.parent.is_dir():
        message = f"cannot write {str(path)!r}: expected an existing folder; make it first"
        raise InputError(message)
    try:
        (_write_npz if path.suffix == ".npz" else _write_safetensors)(path, factors)
    except (OSError, safetensors.SafetensorError) as error:
        message = f"cannot write {str(path)!r} ({error}): expected a writable file; choose another place"
        raise InputError(message) from error


def _write_npz(path: Path, factors: Sequence[Factor]) -> None:
    arrays: dict[str, Any] = {f"M_{layer}": _storable(f) for layer, f in enumerate(factors, 1)}
    np.savez_compressed(path, allow_pickle=False, **arrays)


def _write_safetensors(path: Path, factors: Sequence[Factor]) -> None:
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
    save_file(named, str(path))


def _refuse_networks(path: Path) -> None:
    """Point those who have a network rather than a chain to what reads it."""
    if path.suffix in _PICKLES:
        message = (
            f"{str(path)!r} is taken for a pickle, which is not loaded because that could run code; expected "
            f".npz, .safetensors or an exported module: "
            f"torch.export.save(torch.export.export(module.eval(), (x,)), 'model.pt2')"
        )
        raise InputError(message)
    if path.suffix == ".pt2":
        message = (
            f"{str(path)!r} is an exported module, whose Jacobian depends on the input; expected one with "
            f"it: jacspec probe model.pt2 --input x.npy, or Chain.from_exported('model.pt2', x)"
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


def _read_npz(path: Path) -> list[tuple[str, NDArray[Any]]]:
    if not zipfile.is_zipfile(path):  # np.load would take it for a pickle, or for a single array
        raise _corrupt(path, "not a zip archive")
    try:
        with np.load(path, allow_pickle=False) as archive:
            names = list(archive.files)
            canonical = [f"M_{layer}" for layer in range(1, len(names) + 1)]
            order = canonical if set(names) == set(canonical) else names
            return [(name, _array(archive, name, path)) for name in order]
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError) as error:
        raise _corrupt(path, error) from error


def _array(archive: Any, name: str, path: Path) -> NDArray[Any]:
    try:
        array = archive[name]
    except ValueError as error:
        if "pickle" not in str(error).lower():
            raise _corrupt(path, error) from error
        message = (
            f"{str(path)!r} stores {name} as Python objects, which are not loaded because that could run "
            f"code; expected numbers, or strings such as '3/4': save it again as such"
        )
        raise InputError(message) from error
    if not isinstance(array, np.ndarray):  # NumPy hands on members in other formats as bytes
        raise _corrupt(path, f"its member {name} is not an array")
    return array


def _read_safetensors(path: Path) -> list[tuple[str, NDArray[Any]]]:
    try:
        tensors = dict(safetensors.deserialize(path.read_bytes()))  # type: ignore[no-untyped-call]
    except (safetensors.SafetensorError, OSError) as error:
        raise _corrupt(path, error) from error
    return [(name, _tensor(name, tensors[name], path)) for name in sorted(tensors, key=_natural)]


def _tensor(name: str, tensor: dict[str, Any], path: Path) -> NDArray[Any]:
    kind = tensor["dtype"]
    if kind not in _DTYPES:
        message = f"{str(path)!r} stores {name} as {kind}; expected one of {', '.join(_DTYPES)}"
        raise InputError(message)
    return elements(kind, tensor["data"]).reshape(tensor["shape"])


def _natural(name: str) -> list[tuple[bool, int, str]]:
    """Sort key under which layer2 comes before layer10."""
    parts = re.split(r"(\d+)", name)
    return [(part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts]


def _corrupt(path: Path, reason: object) -> InputError:
    return InputError(
        f"{str(path)!r} cannot be read ({reason}); expected an intact {path.suffix} file: write it again"
    )
