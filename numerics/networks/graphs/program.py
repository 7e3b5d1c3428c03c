"""A network as PyTorch exports it: operators in order, each with its arguments by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from jacspec.numerics.networks.graphs.archive import Archive
from jacspec.numerics.networks.windows import Shape
from jacspec.numerics.support.errors import InputError


class UntraceableError(InputError):
    """A module that PyTorch makes no program of, or one that we do not read."""


@dataclass(frozen=True)
class Ref:
    """The name of a tensor, among the arguments of an operator."""

    name: str


@dataclass(frozen=True)
class Element:
    """An element type, by PyTorch's number of it."""

    number: int

    @property
    def is_floating_point(self) -> bool:
        """Whether it is one of the floating types, all of which are float64 here."""
        return self.number in (6, 7, 8, 13)

    @property
    def dtype(self) -> np.dtype[Any]:
        """NumPy's name of it; raises InputError for complex and quantised numbers."""
        if self.is_floating_point:
            return np.dtype(np.float64)
        if self.number not in _DTYPES:
            message = (
                f"the exported module has element type {self.number}; expected real numbers: leave it out"
            )
            raise InputError(message)
        return np.dtype(_DTYPES[self.number])


_DTYPES = {1: np.uint8, 2: np.int8, 3: np.int16, 4: np.int32, 5: np.int64, 12: np.bool_}


@dataclass(frozen=True)
class Node:
    """One operator: ``target`` is all of its name, ``operator`` is that without namespace and underscore."""

    name: str
    target: str
    operator: str
    in_place: bool
    arguments: Mapping[str, Any]
    keywords: frozenset[str]
    """The names of those arguments that are given by name."""
    outputs: tuple[str, ...]


@dataclass(frozen=True)
class Program:
    """Operators in order, the tensors that are stored, and the names and shape of what goes in and out."""

    nodes: tuple[Node, ...]
    stored: Mapping[str, Any]
    given: str
    shape: Shape
    returned: str


def references(value: Any) -> Iterator[str]:
    """The names of the tensors within an argument."""
    if isinstance(value, Ref):
        yield value.name
    elif isinstance(value, list):
        for part in value:
            yield from references(part)


def without_changes(program: Program) -> Program:
    """The same program, where a tensor that was changed in place goes under the name of the result."""
    names: dict[str, str] = {}

    def current(value: Any) -> Any:
        if isinstance(value, Ref):
            return Ref(_latest(names, value.name))
        return [current(part) for part in value] if isinstance(value, list) else value

    nodes = []
    for node in program.nodes:
        now = replace(node, arguments={key: current(value) for key, value in node.arguments.items()})
        nodes.append(now)
        if now.in_place and now.outputs:
            taken = [name for value in now.arguments.values() for name in references(value)]
            names[(taken or [""])[0]] = now.outputs[0]
    return replace(program, nodes=tuple(nodes), returned=_latest(names, program.returned))


def _latest(names: Mapping[str, str], name: str) -> str:
    while name in names:
        name = names[name]
    return name


def program_of(archive: Archive) -> Program:
    """The program of an archive; raises InputError for two inputs or outputs, or shapes that vary."""
    graph, signature = archive.graph, archive.signature
    stored, given = _bindings(archive)
    nodes = tuple(map(_node, graph["nodes"]))
    _refuse_training(nodes)
    if any("user_output" not in each for each in signature["output_specs"]):
        message = (
            "the module changes a buffer; expected none that changes: call module.eval() before the export"
        )
        raise InputError(message)
    refuse_several(len(given), len(graph["outputs"]))
    shape = _fixed(graph["tensor_values"][given[0]]["sizes"])
    return Program(nodes, stored, given[0], shape, graph["outputs"][0]["as_tensor"]["name"])


def refuse_several(inputs: int, outputs: int) -> None:
    """Raise InputError for a network of several inputs, or outputs."""
    if (inputs, outputs) != (1, 1):
        message = (
            f"the network takes {inputs} input(s) and gives {outputs} output(s); expected one each: give a "
            f"function of one tensor that returns one, Chain.from_blocks([lambda z: module(z, …)[0]], x)"
        )
        raise InputError(message)


def _refuse_training(nodes: tuple[Node, ...]) -> None:
    for node in nodes:
        a = node.arguments
        training = {
            "batch_norm.default": a.get("training"),
            "instance_norm.default": False,
            "dropout.default": a.get("train") and a.get("p", 0) > 0,
        }
        if training.get(node.operator):
            message = (
                f"{node.name} is in training mode; expected evaluation mode: call module.eval() before the "
                f"export"
            )
            raise InputError(message)


def _node(entry: Mapping[str, Any]) -> Node:
    target = entry["target"]
    short, _, overload = target.removeprefix("torch.ops.aten.").rpartition(".")
    base = short.rstrip("_") if short.endswith("_") and not short.startswith("_") else short
    name = f"operator {entry.get('name') or f'{short}.{overload}'!r}"
    arguments = {each["name"]: _value(name, each["arg"]) for each in entry["inputs"]}
    keywords = frozenset(each["name"] for each in entry["inputs"] if each.get("kind", 1) == _KEYWORD)
    outputs = tuple(_outputs(name, entry["outputs"]))
    return Node(name, target, f"{base}.{overload}", base != short, arguments, keywords, outputs)


_KEYWORD = 2


def _outputs(name: str, outputs: list[Mapping[str, Any]]) -> Iterator[str]:
    for output in outputs:
        ((kind, value),) = output.items()
        if kind == "as_tensor":
            yield value["name"]
        elif kind == "as_tensors":
            yield from (each["name"] for each in value)
        elif kind != "as_none":
            message = f"{name} gives an output of kind {kind}; expected tensors: export for fixed shapes"
            raise InputError(message)


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


def _value(name: str, argument: Mapping[str, Any]) -> Any:
    ((kind, value),) = argument.items()
    if kind in _NOTHING:
        return None
    if kind == "as_tensor":
        return Ref(value["name"])
    if kind == "as_tensors":
        return [Ref(each["name"]) for each in value]
    if kind == "as_optional_tensors":
        return [_value(name, each) for each in value]
    if kind == "as_scalar_type":
        return Element(value)
    if kind not in _KINDS:
        message = f"{name} has an argument of kind {kind}; expected fixed numbers: export for fixed shapes"
        raise InputError(message)
    if kind.startswith("as_float"):  # JSON has no other way to say these
        value = [_float(part) for part in value] if kind.endswith("s") else _float(value)
    parts = value if kind.endswith("s") else [value]
    if any(type(part) not in _KINDS[kind] for part in parts):
        message = f"{name} has {value!r} for an argument of kind {kind}"
        raise TypeError(message)
    return value


def _float(value: Any) -> Any:
    return float(value) if value in ("Infinity", "-Infinity", "NaN") else value


_NOTHING = ("as_none", "as_device", "as_layout", "as_memory_format")
_KINDS: Mapping[str, tuple[type, ...]] = {
    "as_int": (int,), "as_ints": (int,), "as_float": (int, float), "as_floats": (int, float),
    "as_bool": (bool,), "as_bools": (bool,), "as_string": (str,),
}  # fmt: skip


def _fixed(sizes: list[Mapping[str, Any]]) -> Shape:
    if any("as_int" not in size for size in sizes):
        message = (
            "the exported module takes inputs of varying shape; expected a fixed one: export it without "
            "dynamic shapes"
        )
        raise InputError(message)
    return tuple(size["as_int"] for size in sizes)
