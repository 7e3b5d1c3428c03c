"""A node of an ONNX graph, and what it becomes: operators that exported modules have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jacspec.numerics.networks.graphs.program import Node, Ref
from jacspec.numerics.support.errors import InputError

Rule = Callable[["Operator"], "Ref | list[Ref]"]


@dataclass
class Graph:
    """What is translated so far."""

    stored: dict[str, NDArray[Any]]
    ranks: dict[str, int]
    array_of: Callable[[Any], NDArray[Any]]
    nodes: list[Node] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)

    def latest(self, name: str) -> str:
        """The name under which the program has a value of the model."""
        return self.names.get(name, name)

    def fresh(self) -> str:
        """A name that no value has."""
        return f"value {len(self.nodes)}.{len(self.stored)}"


class Operator:
    """One node of a model: its inputs, attributes, and what it becomes."""

    def __init__(self, graph: Graph, node: Any) -> None:
        self.graph = graph
        self.name = f"operator {node.name or (*node.output, '?')[0]!r} ({node.op_type})"
        self.outputs = len(node.output)
        self._inputs = list(node.input)
        self.attributes = {each.name: each for each in node.attribute}

    def attribute(self, name: str, default: Any = None) -> Any:
        """A number, a text, a tensor or a list of numbers; a default is in float32, as ONNX's are."""
        found = self.attributes.get(name)
        if found is None:
            return float(np.float32(default)) if isinstance(default, float) else default
        match found.type:
            case 1:
                return found.f
            case 2:
                return found.i
            case 3:
                return found.s.decode()
            case 4:
                return self.graph.array_of(found.t)
            case 6:
                return list(found.floats)
            case 7:
                return list(found.ints)
        raise self.refused(f"has an attribute {name} of type {found.type}", "numbers, texts or tensors")

    @property
    def inputs(self) -> list[Ref]:
        """All that are given."""
        return [self[k] for k in range(len(self._inputs))]

    def has(self, position: int) -> bool:
        """Whether there is an input at this position."""
        return position < len(self._inputs) and self._inputs[position] != ""

    def __getitem__(self, position: int) -> Ref:
        if not self.has(position):
            raise self.refused(f"lacks its input {position + 1}", "it")
        return Ref(self.graph.latest(self._inputs[position]))

    def array(self, position: int) -> NDArray[Any] | None:
        """The input as an array, if it is stored."""
        return self.graph.stored.get(self[position].name) if self.has(position) else None

    def numbers(self, position: int, name: str = "", default: Any = None) -> Any:
        """A stored input, or an attribute of this name, as a list of numbers or one number."""
        if not self.has(position):
            return self.attribute(name, default)
        found = self.array(position)
        if found is None:
            raise self.refused(
                f"takes its input {position + 1} from what is computed",
                "numbers that are stored: export for fixed shapes, with constants folded",
            )
        return found.tolist()

    def refused(self, what: str, expected: str) -> InputError:
        """The error for a use of the operator that is not understood."""
        remedy = "" if ":" in expected else ": export it otherwise, or use Chain.from_torch(module, x)"
        return InputError(f"{self.name} {what}; expected {expected}{remedy}")

    def rank(self) -> int:
        """How many axes the first input has; raises InputError where the model does not say."""
        name = self._inputs[0]
        if name not in self.graph.ranks:
            raise self.refused(
                "does not say how many axes its input has",
                "shapes in the model: onnx.shape_inference.infer_shapes(model)",
            )
        return self.graph.ranks[name]

    def store(self, array: Any) -> Ref:
        """An array under a name of its own."""
        name = self.graph.fresh()
        self.graph.stored[name] = np.asarray(array)
        return Ref(name)

    def emit(self, operator: str, /, **arguments: Any) -> Ref:
        """PyTorch's operator of this name, its arguments by name; what it gives."""
        return self.emit_all(operator, 1, **arguments)[0]

    def emit_all(self, operator: str, outputs: int, /, **arguments: Any) -> list[Ref]:
        """The same of an operator with so many outputs."""
        start, target = self.graph.fresh(), f"torch.ops.aten.{operator}"
        names = tuple(f"{start} {k}" for k in range(outputs))
        self.graph.nodes.append(
            Node(self.name, target, operator, False, arguments, frozenset(arguments), names)
        )
        return [Ref(name) for name in names]
