"""PyTorch modules as layers. PyTorch is imported only when one is given."""

from __future__ import annotations

import copy
import logging
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from functools import partial
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jacspec.numerics.networks.build import average_pool, convolution, dense, flatten, max_pool, normalisation
from jacspec.numerics.networks.exported import program_factors, read_program
from jacspec.numerics.networks.graphs.aliases import refuse_shared_changes
from jacspec.numerics.networks.graphs.columns import by_size, factors_of_parts, parts_of_program
from jacspec.numerics.networks.graphs.program import Program, UntraceableError
from jacspec.numerics.networks.graphs.smooth import torch_or_refuse
from jacspec.numerics.networks.inputs import as_array, example_array
from jacspec.numerics.networks.layers import Layer
from jacspec.numerics.networks.linearise import Factors
from jacspec.numerics.networks.many import factors_at_each
from jacspec.numerics.networks.pointwise import Gate
from jacspec.numerics.networks.weights import as_slope
from jacspec.numerics.support.errors import InputError, TooLargeError


def torch_factors(module: Any, x: Any, *, kinks: str = "refuse", matrix_free: bool | None = None) -> Factors:
    """The factors of the Jacobian at x of a PyTorch module.

    A ``Sequential`` (nested) of Linear, Conv1d, Conv2d, ReLU, LeakyReLU, AvgPool, MaxPool, BatchNorm (1d,
    2d), Flatten, Identity and Dropout is read layer by layer, BatchNorm and Dropout in evaluation mode. Any
    other is exported (``torch.export``) and read operator by operator: what is a layer is
    exact, all else is differentiated by PyTorch in float64, and ``Chain.origins`` says which.
    The network meant is the module in exact arithmetic on its stored weights; of these, only batch
    normalisation's scale γ/√(σ²+ε) is rounded. Factors are matrix-free
    (:mod:`jacspec.numerics.networks.graphs.columns`), rounded, where ``matrix_free`` says
    so, or says nothing and matrices do not fit in memory. Raises InputError for a module that cannot be
    traced, and for an input on a kink (see :func:`~jacspec.numerics.networks.linearise.factors_at`).
    """
    torch = _torch_of(module)
    return by_size(
        partial(_matrices, torch, module, x, kinks),
        partial(_columns, torch, module, x, kinks),
        matrix_free=matrix_free,
    )


def torch_factors_at_each(module: Any, inputs: NDArray[Any], *, kinks: str = "refuse") -> Iterator[Factors]:
    """The factors at each input, along the first axis, of a module that is read, or exported, once."""
    done = 0
    try:
        for made in _matrices_at_each(_torch_of(module), module, inputs, kinks):
            yield made
            done += 1
    except TooLargeError:
        for x in inputs[done:]:
            yield torch_factors(module, x, kinks=kinks)


def _matrices_at_each(torch: Any, module: Any, inputs: NDArray[Any], kinks: str) -> Iterator[Factors]:
    layers = _layers(torch, module)
    if layers is not None:
        return factors_at_each(layers, inputs, kinks=kinks)
    program = exported(torch, module, inputs[0])
    return (program_factors(program, x, kinks=kinks, trusted=True) for x in inputs)


def _torch_of(module: Any) -> Any:
    """PyTorch; raises InputError without it, and for what is no module of it."""
    torch = torch_or_refuse("a module")
    if not isinstance(module, torch.nn.Module):
        remedy = "give functions to Chain.from_blocks([f_1, …], x)"
        if isinstance(module, Mapping):  # a state_dict
            remedy = "load it by module.load_state_dict(state), and give the module"
        kind = type(module).__name__
        message = f"a {kind} is no PyTorch module; expected torch.nn.Sequential or another: {remedy}"
        raise InputError(message)
    return torch


def _columns(torch: Any, module: Any, x: Any, kinks: str) -> Factors:
    device = next((each.device for each in module.parameters()), None)
    parts = parts_of_program(exported(torch, module, x), trusted=True, device=device)
    return factors_of_parts(parts, x, device, kinks=kinks)


def _matrices(torch: Any, module: Any, x: Any, kinks: str) -> Factors:
    return next(_matrices_at_each(torch, module, example_array(x)[None], kinks))


def _layers(torch: Any, module: Any) -> list[Layer] | None:
    """The layers of a module that is read layer by layer; None for any other."""
    readers = _readers(torch.nn)
    leaves = list(_leaves(torch.nn, module, ""))
    if not all(type(leaf) in readers and _is_plain(leaf) for _, leaf in leaves):
        return None
    layers = [
        readers[type(leaf)](f"{type(leaf).__name__} {path!r}" if path else type(leaf).__name__, leaf)
        for path, leaf in leaves
    ]
    return [layer for layer in layers if layer is not None]


def exported(torch: Any, module: Any, x: Any) -> Program:
    """The program of a module at inputs like x; raises UntraceableError where there is none."""
    like = next(
        (each for each in (*module.parameters(), *module.buffers()) if each.is_floating_point()), None
    )
    example = torch.from_numpy(np.array(as_array(x, "the input x"), dtype=np.float64))
    example = example.float() if like is None else example.to(like)
    with TemporaryDirectory() as folder, _quietly():
        file = Path(folder) / "module.pt2"
        try:
            program = torch.export.export(module, (example,))
            torch.export.save(program, file)
            found = read_program(file)
            try:
                refuse_shared_changes(found)
            except UntraceableError:
                torch.export.save(program.run_decompositions({}), file)  # without changes in place
                found = read_program(file)
        except InputError:
            raise
        except Exception as error:
            _refuse_misfit(torch, module, example)
            message = (
                f"module {type(module).__name__} cannot be traced ({_reason(error)}); expected a forward "
                f"method without decisions that depend on values: give it as a block, "
                f"Chain.from_blocks([module], x), or its parts, Chain.from_blocks([part_1, …], x)"
            )
            raise UntraceableError(message) from error
        return found


@contextmanager
def _quietly() -> Iterator[None]:
    """Without PyTorch's warnings and pages of graphs: what is wrong, the refusal says."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def _refuse_misfit(torch: Any, module: Any, example: Any) -> None:
    """Raise InputError for a module that fails at the input by itself."""
    try:
        with torch.no_grad(), _quietly():
            copy.deepcopy(module)(example)
    except Exception as error:
        message = (
            f"module {type(module).__name__} fails at an input of shape {tuple(example.shape)} "
            f"({_reason(error)}); expected one that it takes: give that"
        )
        with suppress(Exception), torch.no_grad(), _quietly():
            copy.deepcopy(module)(example.long())
            message = (
                f"module {type(module).__name__} takes whole numbers, by which there is no derivative; "
                f"expected an input of real numbers: give what the embedding makes of them, and the module "
                f"behind it, Chain.from_torch(module_behind, embedding(x))"
            )
        raise InputError(message) from error


def _reason(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[0] if lines else type(error).__name__)[:160]


_Reader = Callable[[str, Any], Layer | None]


def _readers(nn: Any) -> dict[type, _Reader]:
    """What makes a layer of each known module; None for one that does nothing."""
    return {
        nn.Linear: lambda name, m: dense(name, m.weight, m.bias),
        nn.Conv1d: _convolution,
        nn.Conv2d: _convolution,
        nn.BatchNorm1d: lambda name, m: _normalisation(name, m, (2, 3)),
        nn.BatchNorm2d: lambda name, m: _normalisation(name, m, (4,)),
        nn.AvgPool1d: lambda name, m: _average(name, m, 1, None),
        nn.AvgPool2d: lambda name, m: _average(name, m, 2, m.divisor_override),
        nn.MaxPool1d: lambda name, m: _maximum(name, m, 1),
        nn.MaxPool2d: lambda name, m: _maximum(name, m, 2),
        nn.ReLU: lambda name, _: Gate(name),
        nn.LeakyReLU: lambda name, m: Gate(name, as_slope(m.negative_slope, f"{name}: negative_slope")),
        nn.Flatten: lambda name, m: flatten(name, m.start_dim, m.end_dim),
        nn.Identity: lambda _name, _: None,
        nn.Dropout: _dropout,
    }


def _leaves(nn: Any, module: Any, path: str) -> Iterator[tuple[str, Any]]:
    # By exact type: a subclass may have a forward method of its own.
    if type(module) is nn.Sequential and _is_plain(module):
        for name, child in module._modules.items():  # named_children leaves repeated modules out
            yield from _leaves(nn, child, f"{path}.{name}" if path else name)
    else:
        yield path, module


def _is_plain(module: Any) -> bool:
    """Whether the module does what its class says: no hooks, no forward of its own, padding by zeros."""
    changed = module._forward_hooks or module._forward_pre_hooks or "forward" in vars(module)
    return not changed and getattr(module, "padding_mode", "zeros") == "zeros"


def _convolution(name: str, m: Any) -> Layer:
    return convolution(name, m.weight, m.bias, m.stride, m.padding, m.dilation, m.groups)


def _normalisation(name: str, m: Any, axes: tuple[int, ...]) -> Layer:
    if m.training or m.running_mean is None:
        remedy = "call module.eval()" if m.training else "build it with track_running_stats=True"
        message = (
            f"{name} normalises with the statistics of the batch; expected evaluation mode with running "
            f"statistics: {remedy}"
        )
        raise InputError(message)
    return normalisation(name, m.weight, m.bias, m.running_mean, m.running_var, m.eps, axes)


def _average(name: str, m: Any, axes: int, divisor: int | None) -> Layer:
    return average_pool(
        name, axes, m.kernel_size, m.stride, m.padding, m.ceil_mode, m.count_include_pad, divisor
    )


def _maximum(name: str, m: Any, axes: int) -> Layer:
    if m.return_indices:
        message = f"{name} returns indices too; expected return_indices=False: build it without"
        raise InputError(message)
    return max_pool(name, axes, m.kernel_size, m.stride, m.padding, m.dilation, m.ceil_mode)


def _dropout(name: str, m: Any) -> None:
    if m.training and m.p > 0:
        message = (
            f"{name} is in training mode, where it is random; expected evaluation mode: call module.eval()"
        )
        raise InputError(message)
