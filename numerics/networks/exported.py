"""Exported PyTorch modules as layers: the graph of an archive, operator by operator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from jacspec.numerics.files.reading import parsing
from jacspec.numerics.networks.archive import Archive, damaged, open_archive
from jacspec.numerics.networks.arrays import as_array
from jacspec.numerics.networks.build import (
    average_pool,
    convolution,
    dense,
    flatten,
    max_pool,
    normalisation,
    reshape,
)
from jacspec.numerics.networks.inputs import as_example
from jacspec.numerics.networks.layers import Gate, Layer
from jacspec.numerics.networks.linearise import factors_at
from jacspec.numerics.networks.weights import as_slope
from jacspec.numerics.networks.windows import Shape
from jacspec.numerics.support.errors import InputError
from jacspec.numerics.support.factors import Factor

__all__ = ["exported_factors"]

Arguments = Mapping[str, Any]


def exported_factors(path: str | Path, x: Any, *, kinks: str = "refuse") -> list[Factor]:
    """The factors of the Jacobian at x of a module that ``torch.export.save`` wrote; needs no PyTorch.

    The graph must be a straight line of the operators that the layers of
    :func:`~jacspec.numerics.networks.torch_modules.torch_factors` become, ``view`` and ``reshape`` besides.
    ``x`` has the shape that the module was exported for; a batch axis of one may be left out. Nothing is
    unpickled (see :mod:`jacspec.numerics.networks.archive`). Raises InputError, naming it, for any other
    operator.
    """
    archive = open_archive(Path(path))
    with parsing(partial(damaged, Path(path))):
        shape, layers = _layers(archive)
    array = as_array(x, "the input x")
    if array.shape not in (shape, *([shape[1:]] if shape[:1] == (1,) else [])):
        message = (
            f"the input x has shape {array.shape}; expected {shape}, for which the module was exported: "
            f"reshape it, or export again"
        )
        raise InputError(message)
    return factors_at(layers, as_example(array.reshape(shape)), kinks=kinks)


def _layers(archive: Archive) -> tuple[Shape, list[Layer]]:
    """The input's shape and the layers of a graph that is a straight line."""
    graph, signature = archive.graph, archive.signature
    bound, given = _bindings(archive)
    if (
        len(given) != 1
        or len(graph["outputs"]) != 1
        or any("user_output" not in o for o in signature["output_specs"])
    ):
        message = (
            f"the exported module takes {len(given)} input(s) and gives {len(signature['output_specs'])} "
            f"output(s); expected one each, and no buffer changed: export it in evaluation mode"
        )
        raise InputError(message)
    shape = _fixed(graph["tensor_values"][given[0]]["sizes"])
    current, layers = given[0], []
    for node in graph["nodes"]:
        operator = node["target"].removeprefix("torch.ops.aten.")
        name = f"operator {node.get('name') or operator!r}"
        if operator not in _OPERATORS:
            known = ", ".join(dict.fromkeys(each.partition(".")[0].rstrip("_") for each in _OPERATORS))
            message = (
                f"{name} is {node['target']}, which is not supported; expected one of {known}: build the "
                f"network of these"
            )
            raise InputError(message)
        first, *rest = node["inputs"]
        if first["arg"].get("as_tensor", {}).get("name") != current:
            message = (
                f"{name} does not take the output of the operator before it; expected a straight line of "
                f"layers, without branches or sums: leave skip connections out"
            )
            raise InputError(message)
        layer = _OPERATORS[operator](name, {each["name"]: _value(name, each["arg"], bound) for each in rest})
        layers += [] if layer is None else [layer]
        current = node["outputs"][0]["as_tensor"]["name"]
    if graph["outputs"][0]["as_tensor"]["name"] != current:
        message = "the exported module does not return its last layer's output; expected it to: return that"
        raise InputError(message)
    return shape, layers


def _bindings(archive: Archive) -> tuple[dict[str, Any], list[str]]:
    """The graph's names for tensors of the archive, and for the inputs that a user gives."""
    bound, given = {}, []
    for spec in archive.signature["input_specs"]:
        ((kind, what),) = spec.items()
        if kind == "user_input":
            given.append(what["arg"]["as_tensor"]["name"])
        elif kind in ("parameter", "buffer", "tensor_constant"):
            bound[what["arg"]["name"]] = archive.tensors[what[f"{kind}_name"]]
        else:
            message = f"the exported module has an input of kind {kind}; expected tensors only: leave it out"
            raise InputError(message)
    return bound, given


def _value(name: str, argument: Mapping[str, Any], bound: Mapping[str, Any]) -> Any:
    ((kind, value),) = argument.items()
    if kind == "as_none":
        return None
    if kind == "as_tensor":
        if value["name"] not in bound:
            message = (
                f"{name} takes the computed tensor {value['name']!r}; expected stored weights: store them"
            )
            raise InputError(message)
        return bound[value["name"]]
    if kind not in _KINDS:
        message = f"{name} has an argument of kind {kind}; expected fixed numbers: export for fixed shapes"
        raise InputError(message)
    parts = value if kind == "as_ints" else [value]
    if any(type(part) not in _KINDS[kind] for part in parts):
        message = f"{name} has {value!r} for an argument of kind {kind}"
        raise TypeError(message)
    return value


_KINDS: Mapping[str, tuple[type, ...]] = {
    "as_int": (int,), "as_ints": (int,), "as_float": (int, float), "as_bool": (bool,), "as_string": (str,),
}  # fmt: skip


def _fixed(sizes: list[Mapping[str, Any]]) -> Shape:
    if any("as_int" not in size for size in sizes):
        message = (
            "the exported module takes inputs of varying shape; expected a fixed one: export it without "
            "dynamic shapes"
        )
        raise InputError(message)
    return tuple(size["as_int"] for size in sizes)


# --- operators, with the defaults that a graph leaves out ------------------------------------------


def _convolution(name: str, a: Arguments) -> Layer:
    weight, bias = a["weight"], a.get("bias")
    stride, padding, dilation = a.get("stride", 1), a.get("padding", 0), a.get("dilation", 1)
    return convolution(name, weight, bias, stride, padding, dilation, a.get("groups", 1))


def _average(axes: int) -> Callable[[str, Arguments], Layer]:
    return lambda name, a: average_pool(
        name,
        axes,
        a["kernel_size"],
        a.get("stride"),
        a.get("padding", 0),
        a.get("ceil_mode", False),
        a.get("count_include_pad", True),
        a.get("divisor_override"),
    )


def _maximum(axes: int) -> Callable[[str, Arguments], Layer]:
    return lambda name, a: max_pool(
        name,
        axes,
        a["kernel_size"],
        a.get("stride"),
        a.get("padding", 0),
        a.get("dilation", 1),
        a.get("ceil_mode", False),
    )


def _normalisation(name: str, a: Arguments) -> Layer:
    _refuse_training(name, a["training"])
    mean, variance = a["running_mean"], a["running_var"]
    return normalisation(name, a.get("weight"), a.get("bias"), mean, variance, a["eps"], (2, 3, 4))


def _dropout(name: str, a: Arguments) -> None:
    _refuse_training(name, a["train"] and a["p"] > 0)


def _refuse_training(name: str, training: bool) -> None:
    if training:
        message = (
            f"{name} is in training mode; expected evaluation mode: call module.eval() before the export"
        )
        raise InputError(message)


def _leaky(name: str, a: Arguments) -> Layer:
    return Gate(name, as_slope(a.get("negative_slope", 0.01), f"{name}: negative_slope"))


_OPERATORS: dict[str, Callable[[str, Arguments], Layer | None]] = {
    "linear.default": lambda name, a: dense(name, a["weight"], a.get("bias")),
    **dict.fromkeys(("conv1d.default", "conv1d.padding", "conv2d.default", "conv2d.padding"), _convolution),
    "batch_norm.default": _normalisation,
    "avg_pool1d.default": _average(1),
    "avg_pool2d.default": _average(2),
    "max_pool1d.default": _maximum(1),
    "max_pool2d.default": _maximum(2),
    **dict.fromkeys(("relu.default", "relu_.default"), lambda name, _: Gate(name)),
    **dict.fromkeys(("leaky_relu.default", "leaky_relu_.default"), _leaky),
    "flatten.using_ints": lambda name, a: flatten(name, a.get("start_dim", 0), a.get("end_dim", -1)),
    "view.default": lambda name, a: reshape(name, a["size"]),
    "reshape.default": lambda name, a: reshape(name, a["shape"]),
    **dict.fromkeys(("dropout.default", "dropout_.default"), _dropout),
}
