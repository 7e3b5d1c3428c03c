"""A file ``.onnx``, read without trust and without running any of it, by the package ``onnx``.

Tensors that are stored in files of their own are read from the folder of the model, nowhere else.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jacspec.numerics.files.reading import contents, opened, parsing
from jacspec.numerics.networks.graphs.program import Program, refuse_several
from jacspec.numerics.networks.onnx.operators import translated
from jacspec.numerics.networks.windows import Shape
from jacspec.numerics.support.budget import demand
from jacspec.numerics.support.errors import InputError

_OLDEST = 13
_MOST = 2**31 - 1
"""Bytes of a protobuf message; larger models keep their tensors in files of their own."""

_DTYPES: Mapping[int, int] = {1: 4, 2: 1, 3: 1, 5: 2, 6: 4, 7: 8, 9: 1, 10: 2, 11: 8, 16: 2}
"""Bytes of an entry, by ONNX's number of its type: floating numbers, integers and truth values."""


def read_model(path: Path) -> Program:
    """The program of a model; raises InputError for whatever is none, or is not understood."""
    onnx = _onnx_or_refuse(path)
    data = contents(path, "an ONNX model", most=_MOST)
    demand(f"{str(path)!r}, unpacked,", 4 * len(data))
    with parsing(partial(damaged, path)):
        model = onnx.ModelProto()
        model.ParseFromString(data)
        _refuse_version(onnx, path, model)
        graph = model.graph
        if not graph.node:
            message = "it holds no operators"
            raise ValueError(message)
        if graph.sparse_initializer:
            message = f"{str(path)!r} stores sparse tensors; expected dense ones: export it without"
            raise InputError(message)
        tensors = _Tensors(onnx, path)
        stored = {each.name: tensors.array_of(each) for each in graph.initializer}
        given = [each for each in graph.input if each.name not in stored]
        refuse_several(len(given), len(graph.output))
        ranks = {each.name: len(shape) for each in (*given, *graph.value_info) if (shape := _shape(each))}
        nodes, returned = translated(graph.node, stored, ranks, graph.output[0].name, tensors.array_of)
        shape = _shape(given[0])
        if not shape:
            message = f"{given[0].name} has no shape; expected that of the input: export it with shapes"
            raise InputError(message)
        return Program(nodes, stored, given[0].name, shape, returned)


def damaged(path: Path, reason: str) -> InputError:
    """The error for a file whose contents are not what they should be."""
    return InputError(
        f"{str(path)!r} cannot be read ({reason}); expected a model as onnx.save writes it: export it again"
    )


def _onnx_or_refuse(path: Path) -> Any:
    try:
        import onnx
        import onnx.defs
        import onnx.numpy_helper
    except ImportError as error:
        message = f"onnx is not installed; expected it to read {str(path)!r}: pip install 'jacspec[onnx]'"
        raise InputError(message) from error
    return onnx


def _refuse_version(onnx: Any, path: Path, model: Any) -> None:
    versions = [each.version for each in model.opset_import if each.domain in ("", "ai.onnx")]
    newest = onnx.defs.onnx_opset_version()
    if len(versions) != 1 or not _OLDEST <= versions[0] <= newest:
        said = ", ".join(map(str, versions)) or "none"
        message = (
            f"{str(path)!r} has version {said} of ONNX's operators; expected one of {_OLDEST} to {newest}: "
            f"convert it, onnx.version_converter.convert_version(model, 18)"
        )
        raise InputError(message)


def _shape(value: Any) -> Shape:
    """The shape of a value, -1 for what varies; none if it says none."""
    dims = value.type.tensor_type.shape.dim
    return tuple(each.dim_value if each.dim_value > 0 else -1 for each in dims)


@dataclass
class _Tensors:
    """The stored tensors of a model, and how many bytes those in files of their own take so far."""

    onnx: Any
    path: Path
    taken: int = 0

    def array_of(self, tensor: Any) -> NDArray[Any]:
        """A tensor as an array; raises InputError for what is no number."""
        if tensor.data_type not in _DTYPES:
            message = (
                f"tensor {tensor.name} has ONNX's element type {tensor.data_type}; expected real numbers of "
                f"8 bits or more: export it with such"
            )
            raise InputError(message)
        if min(tensor.dims, default=0) < 0:
            message = f"tensor {tensor.name} has sizes {list(tensor.dims)}"
            raise ValueError(message)
        if tensor.data_location == self.onnx.TensorProto.EXTERNAL:
            size = math.prod(tensor.dims) * _DTYPES[tensor.data_type]
            self.taken += size
            demand(f"{str(self.path)!r} with its tensors", 2 * self.taken)
            inside = self.onnx.TensorProto()
            inside.dims.extend(tensor.dims)
            inside.data_type, inside.raw_data = tensor.data_type, self._beside(tensor, size)
            tensor = inside
        return np.asarray(self.onnx.numpy_helper.to_array(tensor))

    def _beside(self, tensor: Any, size: int) -> bytes:
        """The bytes of a tensor in a file of its own."""
        said = {each.key: each.value for each in tensor.external_data}
        name = said["location"]
        file = self.path.parent / name
        if Path(name).name != name or file.resolve().parent != self.path.parent.resolve():
            message = (
                f"{str(self.path)!r} stores tensor {tensor.name} in {name!r}; expected a file in the same "
                f"folder: save it with onnx.save(model, path, save_as_external_data=True)"
            )
            raise InputError(message)
        offset = int(said.get("offset", 0))
        with opened(file, f"the tensors of {self.path.name}") as data:
            data.seek(offset)
            found = data.read(size)
        if len(found) != size or int(said.get("length", size)) != size:
            message = f"{name!r} has {len(found)} bytes for tensor {tensor.name}, not {size}"
            raise ValueError(message)
        return found
