"""Networks by what their Jacobians do to columns: matrix-free factors, by PyTorch in float64.

A factor is the Jacobian of a part f of the network at the point z where the input has arrived: X ↦ f'(z)X by
``torch.func.jvp`` and Y ↦ f'(z)ᵀY by ``torch.func.vjp``, on the device where the part lives. Kinks are looked
for beside z (:mod:`jacspec.numerics.networks.graphs.sides`).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from jacspec.numerics.networks.graphs.aliases import refuse_shared_changes
from jacspec.numerics.networks.graphs.operators import OPERATORS
from jacspec.numerics.networks.graphs.program import Node, Program, references, without_changes
from jacspec.numerics.networks.graphs.run import refuse_detached, refuse_stored, uses_from, uses_of
from jacspec.numerics.networks.graphs.sides import OnAKinkError, refuse_sides
from jacspec.numerics.networks.graphs.smooth import operator_of, tensor, torch_or_refuse, values
from jacspec.numerics.networks.graphs.structure import STRUCTURE
from jacspec.numerics.networks.inputs import as_array
from jacspec.numerics.networks.linearise import Factors, Origin, Walk
from jacspec.numerics.support.errors import InputError, TooLargeError
from jacspec.numerics.support.matrix_free import MatrixFree

_ROUNDED = 2.0**-53

Part = tuple[str, Callable[[Any], Any]]
"""A name, and a function of one tensor."""


def by_size(
    matrices: Callable[[], Factors], columns: Callable[[], Factors], *, matrix_free: bool | None
) -> Factors:
    """The factors as matrices or matrix-free: as said, else by whether matrices fit in memory."""
    if matrix_free:
        return columns()
    try:
        return matrices()
    except TooLargeError:
        if matrix_free is not None:
            raise
        return columns()


def factors_of_parts(parts: Sequence[Part], x: Any, device: Any = None, *, kinks: str = "refuse") -> Factors:
    """The Jacobians of parts of a network, applied one after another to x.

    Raises InputError for a part that fails, has no derivative in both directions, or has a kink or a jump
    where the input has arrived, unless ``kinks='left'``.
    """
    refuses = Walk(kinks).refuses_kinks
    torch = torch_or_refuse("matrix-free factors")
    at = torch.tensor(as_array(x, "the input x").astype(np.float64), device=device)
    direction = torch.tensor(np.random.default_rng(0).standard_normal(at.shape), device=device)
    made = Factors()
    for name, function in parts:
        try:
            with torch.no_grad():
                after = function(at)
            if refuses:
                refuse_sides(torch, name, lambda z, f=function: (f(z),), [at], [direction])
            made.append(_factor(torch, function, at, after))
        except OnAKinkError:
            raise
        except Exception as error:
            message = (
                f"{name} has no matrix-free Jacobian ({' '.join(str(error).split())[:200]}); expected a "
                f"function that torch.func differentiates forward and back, in float64: give modules as "
                f"module.double(), or rewrite it with such operators"
            )
            raise InputError(message) from error
        if refuses:
            direction = made[-1].times(direction.reshape(-1, 1)).reshape(after.shape)
            direction = direction / (float(abs(direction).max()) or 1.0)
        made.origins.append(Origin((name,), _ROUNDED))
        at = after
    return made


def _factor(torch: Any, function: Callable[[Any], Any], at: Any, after: Any) -> MatrixFree:
    func = torch.func

    def apply(columns: Any) -> Any:
        tangents = columns.T.reshape(-1, *at.shape)
        with _quietly():
            moved = func.vmap(lambda t: func.jvp(function, (at,), (t,))[1])(tangents)
        return moved.detach().reshape(len(tangents), -1).T

    def apply_transpose(columns: Any) -> Any:
        covectors = columns.T.reshape(-1, *after.shape)
        with _quietly():
            pull = func.vjp(function, at)[1]
            moved = func.vmap(lambda c: pull(c)[0])(covectors)
        return moved.detach().reshape(len(covectors), -1).T

    return MatrixFree(apply, apply_transpose, (after.numel(), at.numel()), like=at)


@contextmanager
def _quietly() -> Iterator[None]:
    """Without PyTorch's warnings of what it does not do quickly."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@dataclass(frozen=True)
class _Piece:
    """What lies between two cuts of a program, a function of one tensor."""

    given: str
    returned: str
    steps: Sequence[tuple[Node, Any]]
    stored: dict[str, Any]

    def __call__(self, z: Any) -> Any:
        torch = torch_or_refuse("matrix-free factors")
        computed = {self.given: z}
        with torch.device(z.device):
            for node, function in self.steps:
                found = values(
                    torch,
                    node,
                    function,
                    lambda name: computed[name] if name in computed else self.stored[name],
                )
                computed.update(zip(node.outputs, found, strict=False))
        return computed[self.returned]


def parts_of_program(program: Program, *, trusted: bool, device: Any = None) -> list[Part]:
    """The program, cut where one tensor is needed, before operators with weights and before branches."""
    refuse_shared_changes(program)
    program, torch = without_changes(program), torch_or_refuse("matrix-free factors")
    stored = {name: tensor(torch, each).to(device or "cpu") for name, each in program.stored.items()}
    uses, moving = uses_of(program), {program.given}
    cuts: list[tuple[str, list[tuple[Node, Any]]]] = [(program.given, [])]
    for position, node in enumerate(program.nodes):
        if not node.outputs:  # an assertion
            continue
        taken = {name for value in node.arguments.values() for name in references(value)}
        ours = trusted or node.operator in OPERATORS or node.operator in STRUCTURE
        function = operator_of(node, tuple(OPERATORS), trusted=ours)
        if not taken & moving:
            with torch.no_grad(), torch.device(device or "cpu"):
                found = values(torch, node, function, stored.__getitem__)
            stored.update(zip(node.outputs, found, strict=False))
            continue
        refuse_detached(node)
        moving = {name for name in moving if uses_from(position, uses, name)}
        if len(moving) == 1 and cuts[-1][1]:
            (name,) = moving
            if uses_from(position, uses, name) > 1 or taken - moving:
                cuts.append((name, []))
        cuts[-1][1].append((node, function))
        moving.update(node.outputs)
    refuse_stored(program.returned, moving)
    ends = [*(name for name, _ in cuts[1:]), program.returned]
    return [
        (_name(steps), _Piece(given, end, steps, stored))
        for (given, steps), end in zip(cuts, ends, strict=True)
    ]


def _name(steps: Sequence[tuple[Node, Any]]) -> str:
    names = [node.name for node, _ in steps] or ["the identity"]
    return names[0] if len(names) == 1 else f"{names[0]} … {names[-1]}"
