"""A program at an input: each operator by the layers that it is, by its indices, or by PyTorch's derivative.

The network is cut wherever only one tensor is still needed, before an affine operator and before a branch;
what lies between two cuts is one factor, a skip connection with the branch beside it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from jacspec.numerics.networks.graphs.aliases import refuse_shared_changes
from jacspec.numerics.networks.graphs.operators import OPERATORS, layers_of
from jacspec.numerics.networks.graphs.placed import PLACES, placed
from jacspec.numerics.networks.graphs.program import (
    Node,
    Program,
    Ref,
    UntraceableError,
    references,
    without_changes,
)
from jacspec.numerics.networks.graphs.sides import refuse_switch
from jacspec.numerics.networks.graphs.smooth import constant, differentiated, operator_of
from jacspec.numerics.networks.graphs.structure import cast, is_structure, moved, to_integers
from jacspec.numerics.networks.inputs import as_array
from jacspec.numerics.networks.layers import Placed
from jacspec.numerics.networks.linearise import Traced, Walk, column, is_affine
from jacspec.numerics.support.budget import demand
from jacspec.numerics.support.errors import InputError
from jacspec.numerics.support.factors import as_exact, as_factor
from jacspec.numerics.support.progress import done

_ALWAYS = ("add.Tensor", "sub.Tensor", "cat.default", "stack.default")
"""Of several computed tensors, and linear."""

_WRITES = ("fill", "copy", "select_scatter", "slice_scatter")
"""What a change in place of a part is without one; no entry is computed."""


def run(program: Program, at: Traced, walk: Walk, *, trusted: bool, whole: bool = False) -> Traced:
    """What the program makes of the tensor; its factors are added to the walk's.

    ``trusted`` programs may call any operator that PyTorch has; with ``whole`` all of it is one factor.
    """
    refuse_shared_changes(program)
    program = without_changes(program)
    state = _State(program, walk, trusted, whole)
    state.computed[program.given] = at
    for position, node in enumerate(program.nodes):
        state.step(position, node)
        done(len(program.nodes))
    refuse_stored(program.returned, state.computed)
    return state.computed[program.returned]


def refuse_stored(returned: str, computed: Container[str]) -> None:
    """Raise InputError for a network that returns none of what is computed of its input."""
    if returned not in computed:
        message = (
            "the network does not return what depends on its input; expected it to: return its last layer"
        )
        raise InputError(message)


def refuse_detached(node: Node) -> None:
    """Raise UntraceableError for ``detach`` of what is computed of the input."""
    if node.operator == "detach.default":
        message = (
            f"{node.name} is a constant to PyTorch's derivative and the identity to its values; expected "
            f"one function of the input: leave out detach()"
        )
        raise UntraceableError(message)


@dataclass(frozen=True)
class _Stored:
    """A tensor that does not depend on the input, and whether it is as it was stored."""

    array: Any
    error: float = 0.0


class _State:
    def __init__(self, program: Program, walk: Walk, trusted: bool, whole: bool) -> None:
        self.walk, self.trusted, self.whole = walk, trusted, whole
        self.stored = {name: _Stored(array) for name, array in program.stored.items()}
        self.computed: dict[str, Traced] = {}
        self._uses = uses_of(program)

    def step(self, position: int, node: Node) -> None:
        if not node.outputs:  # an assertion
            return
        names = list(dict.fromkeys(name for value in node.arguments.values() for name in references(value)))
        traced = [name for name in names if name in self.computed]
        if missing := next(
            (name for name in names if name not in self.computed and name not in self.stored), None
        ):
            message = (
                f"{node.name} takes {missing!r}, which no operator before it gives; expected them in order"
            )
            raise ValueError(message)
        if traced:
            refuse_detached(node)
            self._cut(position, node)
            error = max(2.0**-53, *(self.computed[name].error for name in traced))
            for name, found in zip(node.outputs, self._of_computed(node, traced), strict=False):
                if isinstance(found, Traced):
                    self.computed[name] = found
                else:
                    self.stored[name] = _Stored(found, error)
        else:
            self.stored.update(zip(node.outputs, self._of_stored(node, names), strict=False))

    def _cut(self, position: int, node: Node) -> None:
        """Let go of what nothing needs any more; where one tensor is left and it pays, end a factor."""
        self.computed = {
            name: at for name, at in self.computed.items() if uses_from(position, self._uses, name)
        }
        if self.whole or len(self.computed) != 1:
            return
        ((name, at),) = self.computed.items()
        ahead = uses_from(position, self._uses, name)
        if ahead > 1 or self._is_affine(node, at):
            self.computed[name] = self.walk.cut(at)

    def _is_affine(self, node: Node, at: Traced) -> bool:
        if is_structure(node.operator, node.arguments):
            return False
        layers = self._layers(node, at)
        return any(map(is_affine, layers)) if layers is not None else self._places(node)

    def _layers(self, node: Node, at: Traced) -> Any:
        stored: dict[str, Any] = {}
        for key, value in node.arguments.items():
            name = value.name if isinstance(value, Ref) else None
            if name in self.computed:
                continue
            if name is not None and (self.stored[name].error or self._masks(node, name)):
                return None
            stored[key] = self.stored[name].array if name is not None else value
        return layers_of(node.operator, node.name, stored, at.shape)

    def _masks(self, node: Node, name: str) -> bool:
        """Whether the stored tensor is -∞ somewhere, and added."""
        numbers = as_array(self.stored[name].array, node.name)
        return (
            node.operator == "add.Tensor" and numbers.dtype.kind == "f" and bool(np.isneginf(numbers).any())
        )

    def _of_computed(self, node: Node, traced: list[str]) -> Sequence[Traced | NDArray[Any]]:
        given = [
            name for value in node.arguments.values() for name in references(value) if name in self.computed
        ]
        if len(given) == 1:
            at = self.computed[traced[0]]
            if is_structure(node.operator, node.arguments) and not to_integers(node.arguments):
                arguments = {
                    key: self.stored[value.name].array if isinstance(value, Ref) else value
                    for key, value in node.arguments.items()
                    if not (isinstance(value, Ref) and value.name in self.computed)
                }
                return _selected(node, at, arguments)
            layers = self._layers(node, at)
            if layers is not None:
                for layer in layers:
                    at = self.walk.through(layer, at)
                return [at]
        elif node.operator in _ALWAYS and (found := self._joined(node)) is not None:
            return [found]
        function = operator_of(node, tuple(OPERATORS), trusted=self.trusted)
        if len(given) == 1 and self._places(node):
            at = self.computed[given[0]]
            affine = placed(node, function, given[0], at.shape, lambda name: self.stored[name].array)
            if affine is not None:
                return [self.walk.through(Placed(node.name, affine), at)]
        computed = {name: self.computed[name] for name in traced}
        stored = {name: each.array for name, each in self.stored.items()}
        refuse_switch(node, computed, stored, self.walk)
        return differentiated(node, function, computed, stored.__getitem__, self.walk)

    def _places(self, node: Node) -> bool:
        """Whether it may be a :func:`placed` one: of its other arguments none is rounded."""
        taken = [name for value in node.arguments.values() for name in references(value)]
        return node.operator.partition(".")[0] in PLACES and not any(
            self.stored[name].error for name in taken if name not in self.computed
        )

    def _joined(self, node: Node) -> Traced | None:
        """A sum or a difference of two, or several one beside another; None if some are stored."""
        if node.operator in ("add.Tensor", "sub.Tensor"):
            operands = [node.arguments[key] for key in ("self", "other")]
        else:
            operands = node.arguments["tensors"]
        parts = [self.computed.get(each.name) for each in operands if isinstance(each, Ref)]
        if any(part is None for part in parts) or node.arguments.get("alpha", 1) != 1:
            return None
        known = [part for part in parts if part is not None]
        if node.operator in ("add.Tensor", "sub.Tensor"):
            return _added(node, known, -1 if node.operator == "sub.Tensor" else 1)
        return _beside(node, known)

    def _of_stored(self, node: Node, names: list[str]) -> list[_Stored]:
        given = [self.stored[name] for name in names]
        error = max((each.error for each in given), default=0.0)
        if is_structure(node.operator, node.arguments) and len(given) == 1:
            arguments = {k: v for k, v in node.arguments.items() if not isinstance(v, Ref)}
            array = cast(as_array(given[0].array, node.name), node.arguments)
            return [_Stored(each, error) for each in moved(node.operator, array, arguments, node.name)]
        function = operator_of(node, tuple(OPERATORS), trusted=self.trusted)
        found = constant(node, function, lambda name: self.stored[name].array)
        # What is made of nothing (a range, zeros, a mask) is exact; what is computed of weights is not.
        exact = not names or node.operator.partition(".")[0] in _WRITES
        return [_Stored(each, error if exact or each.dtype != np.float64 else 2.0**-53) for each in found]


def uses_of(program: Program) -> Mapping[str, list[int]]:
    """At which positions each tensor is taken; what is returned, at the end."""
    uses: dict[str, list[int]] = {}
    for position, node in enumerate(program.nodes):
        for value in node.arguments.values():
            for name in references(value):
                uses.setdefault(name, []).append(position)
    uses.setdefault(program.returned, []).append(len(program.nodes))
    return uses


def uses_from(position: int, uses: Mapping[str, list[int]], name: str) -> int:
    """How often a tensor is taken at that position or later."""
    places = uses.get(name, [])
    return len(places) - bisect_left(places, position)


def _selected(node: Node, at: Traced, arguments: Mapping[str, Any]) -> list[Traced]:
    indices = np.arange(1, at.value.nrows() + 1).reshape(at.shape)  # 0 is for what is padded
    values = [fmpq(0), *at.value.entries()]
    found = []
    for taken in moved(node.operator, indices, arguments, node.name):
        demand(f"what {node.name} gives", 8 * taken.size * (at.derivative.shape[1] + 2))
        flat = taken.ravel()
        if len(flat) == len(indices.ravel()) and (flat == indices.ravel()).all():
            found.append(replace(at, shape=taken.shape))
            continue
        rows = at.derivative[flat - 1]
        rows[flat == 0] = 0
        value = column([values[k] for k in flat])
        found.append(replace(at, value=value, shape=taken.shape, matrix=as_factor(rows)))
    return found


def _added(node: Node, parts: list[Traced], sign: int) -> Traced:
    first, second = parts
    shape = np.broadcast_shapes(first.shape, second.shape)
    spread = [_spread(part, shape) for part in parts]
    (values, matrix), (others, other) = spread
    error = max(part.error for part in parts)
    if error:
        total = as_factor(matrix.astype(np.float64) + sign * other.astype(np.float64))
    else:
        total = as_factor(as_exact(matrix) + sign * as_exact(other))
    summed = [a + sign * b for a, b in zip(values, others, strict=True)]
    return Traced(column(summed), shape, total, error, _layers_of(node, parts))


def _spread(part: Traced, shape: tuple[int, ...]) -> tuple[list[Any], NDArray[Any]]:
    taken = np.broadcast_to(np.arange(part.value.nrows()).reshape(part.shape), shape).ravel()
    values = part.value.entries()
    return [values[k] for k in taken], as_factor(part.derivative[taken])


def _beside(node: Node, parts: list[Traced]) -> Traced:
    axis = node.arguments.get("dim", 0)
    ends = np.cumsum([0, *(part.value.nrows() for part in parts)])
    indices = [
        np.arange(start, start + part.value.nrows()).reshape(part.shape)
        for start, part in zip(ends, parts, strict=False)
    ]
    taken = (np.stack if node.operator == "stack.default" else np.concatenate)(indices, axis=axis)
    values = [value for part in parts for value in part.value.entries()]
    rows = np.concatenate([part.derivative.astype(object) for part in parts])
    error = max(part.error for part in parts)
    flat = taken.ravel()
    matrix = as_factor(rows[flat].astype(np.float64) if error else rows[flat])
    return Traced(column([values[k] for k in flat]), taken.shape, matrix, error, _layers_of(node, parts))


def _layers_of(node: Node, parts: list[Traced]) -> tuple[str, ...]:
    return (*dict.fromkeys(name for part in parts for name in part.layers), node.name)
