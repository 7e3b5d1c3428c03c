"""What is smooth: its value and its derivative by PyTorch, in float64, at the rounded point."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from jacspec.numerics.networks.graphs.program import Element, Node, Ref, UntraceableError
from jacspec.numerics.networks.graphs.sides import refuse_sides
from jacspec.numerics.networks.graphs.switches import SWITCHES
from jacspec.numerics.networks.linearise import Traced, Walk, column, rounded
from jacspec.numerics.support.budget import demand
from jacspec.numerics.support.errors import InputError
from jacspec.numerics.support.factors import as_factor

Floats = NDArray[np.float64]

_POINTWISE = frozenset(
    (
        "tanh", "sigmoid", "gelu", "silu", "elu", "selu", "celu", "mish", "softplus", "softsign", "exp",
        "expm1", "log", "log1p", "sqrt", "rsqrt", "reciprocal", "sin", "cos", "tan", "atan", "sinh",
        "cosh", "erf", "square", "hardswish", "hardsigmoid", "log_sigmoid", "softshrink", "hardshrink",
        "tanhshrink", "threshold",
    )
)  # fmt: skip
SMOOTH = _POINTWISE | frozenset(
    (
        "pow", "add", "sub", "rsub", "mul", "div", "matmul", "mm", "bmm", "mv", "addmm", "baddbmm",
        "dot", "linear", "einsum", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d",
        "softmax", "_softmax", "log_softmax", "_log_softmax", "layer_norm", "native_layer_norm",
        "rms_norm", "group_norm", "instance_norm", "scaled_dot_product_attention", "mean", "sum", "var",
        "std", "var_mean", "amax", "amin", "max", "min", "maximum", "minimum", "logsumexp",
        "linalg_vector_norm", "norm", "prod", "cumsum", "adaptive_avg_pool1d", "adaptive_avg_pool2d",
        "adaptive_max_pool2d", "avg_pool1d", "avg_pool2d", "avg_pool3d", "upsample_nearest2d",
        "upsample_bilinear2d", "pixel_shuffle", "pad", "constant_pad_nd", "where", "masked_fill",
        "clamp", "prelu", "glu", "cat", "stack", "index", "index_select", "gather", "type_as",
        "expand_as", "view_as", "tril", "triu", "movedim", "transpose", "permute", "arange", "zeros",
        "ones", "full", "eye", "zeros_like", "ones_like", "full_like", "scalar_tensor", "eq", "ne",
        "lt", "le", "gt", "ge", "logical_not", "bitwise_not", "logical_and", "logical_or", "lstm",
        "gru", "rnn_tanh", "rnn_relu", "cosine_similarity", "outer", "repeat_interleave",
        "_weight_norm", "new_zeros", "new_ones", "new_full", "fill", "copy",
        "select_scatter", "slice_scatter", "index_put", "to", "_to_copy", "sort", "topk", "argsort", "argmax",
        "argmin",
    )
)  # fmt: skip
"""Operators that a file may have PyTorch call; a module in memory may have any that is not random."""

_PARTS = 5


def torch_or_refuse(why: str) -> Any:
    """PyTorch; raises InputError where it is not installed."""
    try:
        import torch
    except ImportError as error:
        message = f"PyTorch is not installed; expected it for {why}: pip install 'jacspec[torch]'"
        raise InputError(message) from error
    return torch


def operator_of(node: Node, known: Sequence[str], *, trusted: bool) -> Any:
    """PyTorch's function of the node; raises InputError for one that is random, or not known."""
    short, _, overload = node.operator.rpartition(".")
    if not trusted and (short not in SMOOTH or not node.target.startswith("torch.ops.aten.")):
        names = ", ".join(sorted({*SMOOTH, *(each.partition(".")[0] for each in known)}))
        message = (
            f"{node.name} is {node.target}, which is not supported in a file; expected one of {names}: use "
            f"these, or give the module itself, Chain.from_torch(module, x)"
        )
        raise InputError(message)
    torch = torch_or_refuse(f"{node.name}, {node.target}, which only it differentiates")
    parts = node.target.split(".")
    if len(parts) != _PARTS:
        message = (
            f"{node.name} is {node.target}, which is no operator; expected a plain forward method: give it "
            f"as a block, Chain.from_blocks([module], x)"
        )
        raise UntraceableError(message)
    name = parts[3].rstrip("_") if node.in_place else parts[3]
    if node.operator == "copy.default":  # of which PyTorch has no derivative
        return lambda to, given, *_: given.expand_as(to).to(to)
    function = getattr(getattr(getattr(torch.ops, parts[2]), name), overload)
    if torch.Tag.nondeterministic_seeded in function.tags and short not in SMOOTH:
        message = (
            f"{node.name} is random ({node.target}); expected a network that is none: call module.eval()"
        )
        raise InputError(message)
    return function


def constant(node: Node, function: Any, stored: Callable[[str], Any]) -> list[Any]:
    """What an operator makes of stored tensors alone, as arrays."""
    torch = torch_or_refuse(node.name)
    with torch.no_grad():
        found = values(torch, node, function, lambda name: tensor(torch, stored(name)))
    return [each.numpy() for each in found]


def differentiated(
    node: Node, function: Any, computed: dict[str, Traced], stored: Callable[[str], Any], walk: Walk
) -> list[Traced | NDArray[Any]]:
    """The values of an operator and their derivatives; see :func:`through`.

    Of truth values and integers, which are locally constant, the values alone. Raises UntraceableError where
    PyTorch has no derivative, and InputError at a kink or a jump.
    """
    torch = torch_or_refuse(node.name)
    names = list(computed)

    def at(*tensors: Any) -> tuple[Any, ...]:
        given = dict(zip(names, tensors, strict=True))

        def look(name: str) -> Any:
            return given[name] if name in given else tensor(torch, stored(name))

        return tuple(values(torch, node, function, look))

    given = list(computed.values())
    with torch.no_grad():
        here = at(*(_point(torch, each) for each in given))
    moving = [k for k, value in enumerate(here) if value.is_floating_point() and value.numel()]
    found: list[Traced | NDArray[Any]] = [value.numpy() for value in here]
    if any(value.is_complex() for value in here):
        message = (
            f"{node.name} gives complex numbers; expected real ones: give all that makes them real as one "
            f"block, Chain.from_blocks([part_1, …], x)"
        )
        raise UntraceableError(message)
    if moving:
        short = node.operator.partition(".")[0]
        pointwise = short in _POINTWISE
        try:
            if short in SWITCHES or not pointwise:
                refuse_kink(torch, node.name, lambda *z: tuple(each.double() for each in at(*z)), given, walk)
            parts = through(
                torch, node.name, lambda *z: tuple(at(*z)[k] for k in moving), given, pointwise=pointwise
            )
        except RuntimeError as error:
            message = (
                f"{node.name} ({node.target}) cannot be differentiated by torch.func "
                f"({' '.join(str(error).split())[:160]}); expected an operator with a derivative: use another"
            )
            raise UntraceableError(message) from error
        for k, part in zip(moving, parts, strict=True):
            found[k] = part
    return found


def through(
    torch: Any,
    name: str,
    at: Callable[..., tuple[Any, ...]],
    computed: Sequence[Traced],
    *,
    pointwise: bool = False,
    rounding: float = 2.0**-53,
) -> list[Traced]:
    """The values of a function and their derivatives, ``Σ_i L_i · M_i`` over its arguments i.

    L_i is by PyTorch in float64. Its error is estimated by a second one, at a point that is one unit in the
    last place away: about the rounding of the point itself, and of what is computed there.
    """
    points = [_point(torch, each) for each in computed]
    with torch.no_grad():
        values = at(*points)
    entries = sum(v.numel() for v in values) * sum(p.numel() for p in points)
    demand(f"{name}, differentiated,", 0 if pointwise else 24 * entries)
    local = _diagonals if pointwise else _jacobians
    signs = torch.Generator().manual_seed(0)
    moved = [p * (1 + 2.0**-52 * (2 * torch.randint(2, p.shape, generator=signs) - 1)) for p in points]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what PyTorch does not do quickly
        here, there = local(torch, at, points), local(torch, at, moved)
    layers = (*dict.fromkeys(layer for each in computed for layer in each.layers), name)
    before = max(each.error for each in computed)
    found = []
    for value, mine, others in zip(values, here, there, strict=True):
        largest = max(float(abs(L).max()) for L in mine)
        error = max(float(abs(L - K).max()) for L, K in zip(mine, others, strict=True))
        matrix = np.asarray(sum(_times(L, each) for L, each in zip(mine, computed, strict=True)))
        numbers = value.reshape(-1).tolist()
        if not all(map(math.isfinite, numbers)) or not np.isfinite(matrix).all():
            message = (
                f"{name} has no finite value, or no finite derivative, at this input; expected both: move "
                f"the input, mask by a large number, or give what masks by infinity as one block, "
                f"Chain.from_blocks([part_1, …], x)"
            )
            raise UntraceableError(message)
        relative = before + (error / largest if largest else 0.0) + rounding
        exact = column([fmpq(*number.as_integer_ratio()) for number in numbers])
        found.append(Traced(exact, tuple(value.shape), as_factor(matrix), relative, layers))
    return found


def refuse_kink(
    torch: Any,
    name: str,
    at: Callable[..., tuple[Any, ...]],
    computed: Sequence[Traced],
    walk: Walk,
    rounding: float = 2.0**-53,
) -> None:
    """Raise InputError if the walk refuses kinks, and the function has one, or a jump, at these tensors."""
    if walk.refuses_kinks:
        points = [_point(torch, each) for each in computed]
        tangents = [torch.tensor(walk.direction(each)) for each in computed]
        refuse_sides(torch, name, at, points, tangents, rounding=rounding)


def _jacobians(torch: Any, at: Callable[..., Any], points: list[Any]) -> list[list[Floats]]:
    """Of each output, a matrix for each input."""
    found = torch.func.jacrev(at, argnums=tuple(range(len(points))))(*points)
    sizes = [point.numel() for point in points]
    return [
        [L.detach().reshape(-1, size).numpy() for L, size in zip(of_one, sizes, strict=True)]
        for of_one in found
    ]


def _diagonals(torch: Any, at: Callable[..., Any], points: list[Any]) -> list[list[Floats]]:
    """The same of a function of each entry by itself: a column, which stands for a diagonal."""
    (point,) = points
    slopes = torch.func.grad(lambda z: at(z)[0].sum())(point)
    return [[slopes.detach().reshape(-1, 1).numpy()]]


def _times(L: Floats, at: Traced) -> Floats:
    if L.shape[1] == 1 and at.value.nrows() != 1:  # a diagonal
        return np.asarray(L * at.derivative.astype(np.float64))
    return L if at.matrix is None else np.asarray(L @ at.derivative.astype(np.float64))


def _point(torch: Any, at: Traced) -> Any:
    return torch.tensor(rounded(at.value), dtype=torch.float64).reshape(at.shape)


def values(torch: Any, node: Node, function: Any, look: Callable[[str], Any]) -> list[Any]:
    """What the operator makes of tensors, which are looked up by name; floating types are float64."""

    def given(value: Any) -> Any:
        if isinstance(value, Ref):
            return look(value.name)
        if isinstance(value, Element):
            return getattr(torch, value.dtype.name)
        return [given(part) for part in value] if isinstance(value, list) else value

    arguments = {name: given(value) for name, value in node.arguments.items()}
    by_name = {name: value for name, value in arguments.items() if name in node.keywords}
    found = function(*(value for name, value in arguments.items() if name not in by_name), **by_name)
    parts = [each for each in found if each is not None] if isinstance(found, tuple | list) else [found]
    return [_double(torch, each) for each in parts]


def tensor(torch: Any, array: Any) -> Any:
    """A stored array as a tensor."""
    return _double(torch, torch.from_numpy(np.array(array)))


def _double(torch: Any, given: Any) -> Any:
    return given.to(torch.float64) if given.is_floating_point() else given
