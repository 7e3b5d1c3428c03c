"""PyTorch's exported modules (``.pt2``), read without PyTorch and without unpickling anything.

``torch.export.save`` writes a zip archive: the graph as JSON (``models/model.json``), each tensor as raw
bytes (``data/weights``, ``data/constants``), described by a JSON of its own. ``torch.export.load`` also
unpickles (the sample inputs, and tensors marked ``use_pickle``); here the former are never opened, and
the latter are refused. Archives of PyTorch 2.7 and earlier hold nothing but pickles, and are refused.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from jacspec.numerics.files.reading import json_of, opened, parsing
from jacspec.numerics.files.zipped import Zipped
from jacspec.numerics.networks.storage import elements
from jacspec.numerics.support.errors import InputError

_GRAPH = "models/model.json"
_TENSORS = ("weights", "constants")
_SCHEMA = 8
_KINDS = {
    1: "U8", 2: "I8", 3: "I16", 4: "I32", 5: "I64", 6: "F16", 7: "F32", 8: "F64", 12: "BOOL", 13: "BF16",
}  # fmt: skip
"""PyTorch's numbers of its element types, as safetensors names them."""


@dataclass(frozen=True, eq=False)
class Archive:
    """What an exported module holds: its graph, the graph's signature, and its tensors by name."""

    graph: Mapping[str, Any]
    signature: Mapping[str, Any]
    tensors: Mapping[str, NDArray[Any]]


def open_archive(path: Path) -> Archive:
    """Read an exported module; raises InputError for whatever is none, or would have to be unpickled."""
    if path.suffix != ".pt2":
        message = f"{str(path)!r}: expected an exported network, a file that ends in .pt2 or .onnx"
        raise InputError(message)
    with opened(path, "an exported module") as file, parsing(partial(damaged, path)):
        return _read(path, Zipped(file, repr(str(path))))


def damaged(path: Path, reason: str) -> InputError:
    """The error for an archive whose contents are not what they should be."""
    return InputError(
        f"{str(path)!r} cannot be read ({reason}); expected an archive as torch.export.save writes it "
        f"(PyTorch 2.8 or later): export the module again"
    )


def _read(path: Path, archive: Zipped) -> Archive:
    names = archive.names
    graphs = [name for name in names if name.endswith(f"/{_GRAPH}")]
    if len(graphs) != 1:
        if "serialized_exported_program.json" in names:
            message = (
                f"{str(path)!r} was written by PyTorch 2.7 or earlier, with its weights as pickles, which "
                f"are not loaded because that could run code; expected raw weights: export it again with "
                f"2.8 or later"
            )
            raise InputError(message)
        raise damaged(path, f"it holds {len(graphs)} graphs {_GRAPH}, not one")
    root = graphs[0].removesuffix(_GRAPH)
    if f"{root}byteorder" in names and archive.read(f"{root}byteorder") != b"little":
        raise damaged(path, "its byte order is not little-endian")
    program = json_of(archive.read(graphs[0]))
    major = program["schema_version"]["major"]
    if major != _SCHEMA:
        message = (
            f"{str(path)!r} has schema version {major}; expected {_SCHEMA}: export it with PyTorch 2.8–2.13"
        )
        raise InputError(message)
    tensors: dict[str, NDArray[Any]] = {}
    for folder in _TENSORS:
        config = f"{root}data/{folder}/model_{folder}_config.json"
        entries = json_of(archive.read(config))["config"] if config in names else {}
        for name, entry in entries.items():
            if entry["use_pickle"]:
                message = (
                    f"{str(path)!r} stores {name} as a pickle, which is not loaded because that could run "
                    f"code; expected a plain tensor: export the module with plain parameters and buffers"
                )
                raise InputError(message)
            data = archive.read(f"{root}data/{folder}/{entry['path_name']}")
            tensors[name] = _tensor(name, entry["tensor_meta"], data)
    module = program["graph_module"]
    return Archive(module["graph"], module["signature"], tensors)


def _tensor(name: str, meta: Mapping[str, Any], data: bytes) -> NDArray[Any]:
    """A tensor as a view on stored elements; one that reaches outside of them raises ValueError."""
    if meta["dtype"] not in _KINDS:
        message = (
            f"tensor {name} has element type {meta['dtype']}; expected one of {', '.join(_KINDS.values())}"
        )
        raise InputError(message)
    stored = elements(_KINDS[meta["dtype"]], data)
    sizes = tuple(size["as_int"] for size in meta["sizes"])
    strides = [stride["as_int"] for stride in meta["strides"]]
    first = meta["storage_offset"]["as_int"]
    last = first + sum((size - 1) * stride for size, stride in zip(sizes, strides, strict=True))
    entries = math.prod(sizes)
    if min((first, *sizes, *strides)) < 0 or entries > len(stored) or (entries and last >= len(stored)):
        message = f"tensor {name} of sizes {sizes} does not fit the {len(stored)} elements stored for it"
        raise ValueError(message)
    if not entries:
        return np.zeros(sizes, stored.dtype)
    step = stored.itemsize
    return as_strided(stored[first:], sizes, [stride * step for stride in strides], writeable=False)
