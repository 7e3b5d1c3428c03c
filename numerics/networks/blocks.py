"""A network given as its blocks: functions or modules, applied one after another; each is one factor."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from jacspec.numerics.networks.graphs.columns import by_size, factors_of_parts
from jacspec.numerics.networks.graphs.program import UntraceableError
from jacspec.numerics.networks.graphs.run import run
from jacspec.numerics.networks.graphs.smooth import refuse_kink, through, torch_or_refuse
from jacspec.numerics.networks.inputs import as_example
from jacspec.numerics.networks.linearise import Factors, Traced, Walk, rounded
from jacspec.numerics.networks.torch_modules import exported
from jacspec.numerics.support.errors import InputError


def block_factors(
    blocks: Iterable[Any], x: Any, *, kinks: str = "refuse", matrix_free: bool | None = None
) -> Factors:
    """The Jacobians of the blocks, each at the point at which the input has arrived, ``J = M_N ⋯ M_1``.

    A block is a PyTorch module or a function of one tensor. One that PyTorch can export is read operator by
    operator, exactly where these are layers; any other is differentiated by ``torch.func`` in float64.
    ``matrix_free`` is as for modules. Raises InputError for a block that is neither, or fails.
    """
    torch = torch_or_refuse("blocks")
    given = [blocks] if callable(blocks) else list(blocks)
    if not given or not all(map(callable, given)):
        message = (
            f"{len(given)} blocks; expected functions or modules, [f_1, f_2, …], the first applied first"
        )
        raise InputError(message)
    named = [(f"block {number}, {_name(block)}", block) for number, block in enumerate(given, 1)]
    return by_size(
        partial(_matrices, torch, named, x, kinks),
        partial(_columns, torch, named, x, kinks),
        matrix_free=matrix_free,
    )


def _columns(torch: Any, named: list[tuple[str, Any]], x: Any, kinks: str) -> Factors:
    parts, device = [], None
    for name, block in named:
        if isinstance(block, torch.nn.Module):
            block = copy.deepcopy(block).double().requires_grad_(False)
            device = next((each.device for each in block.parameters()), device)
        parts.append((name, block))
    return factors_of_parts(parts, x, device, kinks=kinks)


def _matrices(torch: Any, named: list[tuple[str, Any]], x: Any, kinks: str) -> Factors:
    walk, example = Walk(kinks), as_example(x)
    at = Traced(example.column, example.shape)
    for name, block in named:
        at = _through(torch, name, block, at, walk)
        at = walk.cut(replace(at, matrix=at.derivative))
    return walk.factors


def _name(block: Any) -> str:
    return str(getattr(block, "__name__", type(block).__name__))


def _through(torch: Any, name: str, block: Any, at: Traced, walk: Walk) -> Traced:
    module = block if isinstance(block, torch.nn.Module) else _as_module(torch, block)
    arrived = np.array(rounded(at.value)).reshape(at.shape)
    try:
        after = run(exported(torch, module, arrived), at, walk, trusted=True, whole=True)
    except UntraceableError:
        after = _differentiated(torch, name, module, at, walk)
    return replace(after, layers=(name,))


def _as_module(torch: Any, function: Callable[[Any], Any]) -> Any:
    class Block(torch.nn.Module):  # type: ignore[misc]
        def forward(self, z: Any) -> Any:
            return function(z)

    return Block()


def _differentiated(torch: Any, name: str, module: Any, at: Traced, walk: Walk) -> Traced:
    """The block by ``torch.func``, in float64 if it takes that."""
    double = copy.deepcopy(module).double().requires_grad_(False)
    ways: tuple[tuple[Callable[[Any], Any], float], ...] = (
        (lambda z: (double(z),), 2.0**-53),
        (lambda z: (module(z.float()).double(),), 2.0**-24),
    )
    reasons = []
    for function, rounding in ways:
        try:
            refuse_kink(torch, name, function, [at], walk, rounding)
            return through(torch, name, function, [at], rounding=rounding)[0]
        except InputError:
            raise
        except Exception as error:
            reasons.append(" ".join(str(error).split())[:160])
    message = (
        f"{name} cannot be differentiated by torch.func ({reasons[0]}); expected a function of one tensor, "
        f"made of PyTorch's operators: rewrite it with these"
    )
    raise InputError(message)
