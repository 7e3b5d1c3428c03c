"""PyTorch modules as layers. PyTorch is imported only here, and only when a module is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from jacspec.numerics.networks.build import average_pool, convolution, dense, flatten, max_pool, normalisation
from jacspec.numerics.networks.inputs import as_example
from jacspec.numerics.networks.layers import Gate, Layer
from jacspec.numerics.networks.linearise import factors_at
from jacspec.numerics.networks.weights import as_slope
from jacspec.numerics.support.errors import InputError
from jacspec.numerics.support.factors import Factor

__all__ = ["torch_factors"]


def torch_factors(module: Any, x: Any, *, kinks: str = "refuse") -> list[Factor]:
    """The factors of the Jacobian at x of a PyTorch module: ``Sequential`` (nested) of known layers.

    Known are Linear, Conv1d, Conv2d, ReLU, LeakyReLU, AvgPool, MaxPool and BatchNorm (1d, 2d), Flatten,
    Identity and Dropout; the last of BatchNorm and Dropout in evaluation mode. The network meant is the
    module in exact arithmetic on its stored weights; only batch normalisation's scale γ/√(σ²+ε) is
    rounded, to float64. Raises InputError, naming it, for any other module, for one with hooks, and for
    an input on a kink (see :func:`~jacspec.numerics.networks.linearise.factors_at`).
    """
    torch = _torch()
    if not isinstance(module, torch.nn.Module):
        message = f"a {type(module).__name__} is no PyTorch module; expected torch.nn.Sequential or a layer"
        raise InputError(message)
    readers = _readers(torch.nn)
    layers = [
        readers[type(leaf)](f"{type(leaf).__name__} {path!r}" if path else type(leaf).__name__, leaf)
        for path, leaf in _leaves(torch.nn, module, "", readers)
    ]
    return factors_at([layer for layer in layers if layer is not None], as_example(x), kinks=kinks)


def _torch() -> Any:
    try:
        import torch
    except ImportError as error:
        message = "PyTorch is not installed; expected it for a module: pip install 'jacspec[torch]'"
        raise InputError(message) from error
    return torch


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


def _leaves(nn: Any, module: Any, path: str, known: dict[type, _Reader]) -> Iterator[tuple[str, Any]]:
    if module._forward_hooks or module._forward_pre_hooks or "forward" in vars(module):
        message = (
            f"{_where(module, path)} has forward hooks or a forward method of its own, which may change what "
            f"it does; expected a layer as PyTorch defines it: remove them"
        )
        raise InputError(message)
    # By exact type: a subclass may have a forward method of its own.
    if type(module) is nn.Sequential:
        for name, child in module._modules.items():  # named_children leaves repeated modules out
            yield from _leaves(nn, child, f"{path}.{name}" if path else name, known)
    elif type(module) in known:
        yield path, module
    else:
        names = ", ".join(kind.__name__ for kind in known)
        message = (
            f"{_where(module, path)} is not supported; expected a Sequential (nested, if need be) of "
            f"{names}: build the network of these, or export a module with a forward method of its own "
            f"(torch.export.save) and use Chain.from_exported"
        )
        raise InputError(message)


def _where(module: Any, path: str) -> str:
    return f"module {path!r} ({type(module).__name__})" if path else f"module {type(module).__name__}"


def _convolution(name: str, m: Any) -> Layer:
    if m.padding_mode != "zeros":
        message = f"{name}: padding_mode {m.padding_mode!r} is not supported; expected 'zeros': pad otherwise"
        raise InputError(message)
    return convolution(name, m.weight, m.bias, m.stride, m.padding, m.dilation, m.groups)


def _normalisation(name: str, m: Any, axes: tuple[int, ...]) -> Layer:
    if m.training or m.running_mean is None:
        message = (
            f"{name} normalises with the statistics of the batch; expected evaluation mode with running "
            f"statistics: call module.eval() first"
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
