"""Operators that only move entries, by NumPy: of values, or of the indices of a derivative's rows."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jacspec.numerics.networks.build import flatten, reshape
from jacspec.numerics.networks.graphs.program import Element
from jacspec.numerics.support.budget import demand

Entries = NDArray[Any]
Arguments = Mapping[str, Any]


def moved(operator: str, entries: Entries, a: Arguments, name: str) -> list[Entries]:
    """What an operator of :data:`STRUCTURE` gives for an array; ``a`` are its other arguments by name."""
    found = STRUCTURE[operator](entries, a, name)
    return list(found) if isinstance(found, list | tuple) else [found]


def is_structure(operator: str, a: Arguments) -> bool:
    """Whether the operator, with these arguments, only moves entries and puts zeros beside them."""
    asked = _ONLY_IF.get(operator)
    return operator in STRUCTURE and (asked is None or asked(a))


def to_integers(a: Arguments) -> bool:
    """Whether the arguments name an element type that is none of the floating ones."""
    return any(isinstance(each, Element) and not each.is_floating_point for each in a.values())


def cast(entries: Entries, a: Arguments) -> Entries:
    """The entries in the element type that the arguments name, if any; floating numbers are not rounded."""
    kind = next((each for each in a.values() if isinstance(each, Element)), None)
    if kind is None or (kind.is_floating_point and entries.dtype.kind == "f"):
        return entries
    return entries.astype(kind.dtype)


def _same(entries: Entries, _a: Arguments, _name: str) -> Entries:
    return entries


def _reshaped(key: str) -> Callable[[Entries, Arguments, str], Entries]:
    return lambda x, a, name: x.reshape(reshape(name, a[key]).target(x.shape))


def _flattened(x: Entries, a: Arguments, name: str) -> Entries:
    return x.reshape(flatten(name, a.get("start_dim", 0), a.get("end_dim", -1)).target(x.shape))


def _unflattened(x: Entries, a: Arguments, name: str) -> Entries:
    axis = a["dim"] % x.ndim
    sizes = reshape(name, a["sizes"]).target((x.shape[axis],))
    return x.reshape(*x.shape[:axis], *sizes, *x.shape[axis + 1 :])


def _squeezed(x: Entries, a: Arguments, _name: str) -> Entries:
    axes = a.get("dim", range(x.ndim))
    axes = [axes] if isinstance(axes, int) else axes
    return np.squeeze(x, axis=tuple(axis for axis in axes if x.shape[axis] == 1))


def _sliced(x: Entries, a: Arguments, _name: str) -> Entries:
    cut: list[slice] = [slice(None)] * x.ndim
    cut[a.get("dim", 0)] = slice(a.get("start"), a.get("end"), a.get("step", 1))
    return x[tuple(cut)]


def _expanded(x: Entries, a: Arguments, _name: str) -> Entries:
    sizes = list(a["size"])
    own = [1] * (len(sizes) - x.ndim) + list(x.shape)
    return np.broadcast_to(x, [mine if size == -1 else size for size, mine in zip(sizes, own, strict=True)])


def _split(x: Entries, a: Arguments, _name: str) -> list[Entries]:
    axis = a.get("dim", 0)
    size = a["split_size"] if "split_size" in a else -(-x.shape[axis] // a["chunks"])
    return np.array_split(x, range(size, x.shape[axis], size), axis=axis)


def _split_by_sizes(x: Entries, a: Arguments, _name: str) -> list[Entries]:
    return np.split(x, np.cumsum(a["split_sizes"])[:-1].tolist(), axis=a.get("dim", 0))


def _unbound(x: Entries, a: Arguments, _name: str) -> list[Entries]:
    return list(np.moveaxis(x, a.get("dim", 0), 0))


def _tiled(x: Entries, a: Arguments, name: str) -> Entries:
    demand(f"what {name} repeats", x.nbytes * math.prod(a["repeats"]))
    return np.tile(x, a["repeats"])


def _padded(x: Entries, a: Arguments, name: str) -> Entries:
    """Zeros around: pairs (before, after), the last axis first."""
    pairs = [tuple(a["pad"][k : k + 2]) for k in range(0, len(a["pad"]), 2)]
    grown = zip(x.shape[::-1], map(sum, pairs), strict=False)
    demand(f"what {name} pads", x.nbytes * math.prod(size + more for size, more in grown))
    return np.pad(x, [*[(0, 0)] * (x.ndim - len(pairs)), *reversed(pairs)])


def _pads_zeros(a: Arguments) -> bool:
    return a.get("mode", "constant") == "constant" and not a.get("value") and min(a["pad"], default=0) >= 0


def _shuffled(x: Entries, a: Arguments, _name: str) -> Entries:
    times = a["upscale_factor"]
    *lead, channels, rows, columns = x.shape
    apart = x.reshape(-1, channels // times**2, times, times, rows, columns).transpose(0, 1, 4, 2, 5, 3)
    return apart.reshape(*lead, channels // times**2, rows * times, columns * times)


def _upsampled(x: Entries, a: Arguments, name: str) -> Entries:
    down, across = map(int, a["scale_factors"])
    demand(f"what {name} repeats", x.nbytes * down * across)
    return x.repeat(down, axis=-2).repeat(across, axis=-1)


def _whole_scales(a: Arguments) -> bool:
    return bool(a.get("scale_factors")) and all(scale % 1 == 0 for scale in a["scale_factors"])


STRUCTURE: Mapping[str, Callable[[Entries, Arguments, str], Entries | list[Entries]]] = {
    **dict.fromkeys(
        (
            "contiguous.default", "clone.default", "detach.default", "alias.default", "dropout.default",
            "lift_fresh_copy.default", "to.dtype", "to.device", "to.dtype_layout", "_to_copy.default",
            "feature_dropout.default",
        ),
        _same,
    ),
    **dict.fromkeys(("view.default", "_unsafe_view.default"), _reshaped("size")),
    "reshape.default": _reshaped("shape"),
    "flatten.using_ints": _flattened,
    "unflatten.int": _unflattened,
    "permute.default": lambda x, a, _: x.transpose(a["dims"]),
    "transpose.int": lambda x, a, _: x.swapaxes(a["dim0"], a["dim1"]),
    **dict.fromkeys(("t.default", "numpy_T.default"), lambda x, _a, _: x.T),
    "mT.default": lambda x, _a, _: x.swapaxes(-1, -2),
    "unsqueeze.default": lambda x, a, _: np.expand_dims(x, a["dim"]),
    **dict.fromkeys(("squeeze.default", "squeeze.dim", "squeeze.dims"), _squeezed),
    "select.int": lambda x, a, _: x.take(a["index"], axis=a["dim"]),
    "slice.Tensor": _sliced,
    "narrow.default": lambda x, a, name: _sliced(x, {**a, "end": a["start"] + a["length"]}, name),
    "expand.default": _expanded,
    "repeat.default": _tiled,
    "flip.default": lambda x, a, _: np.flip(x, a["dims"]),
    "roll.default": lambda x, a, _: np.roll(x, a["shifts"], a.get("dims") or None),
    **dict.fromkeys(("chunk.default", "split.Tensor"), _split),
    **dict.fromkeys(("split_with_sizes.default", "split.sizes"), _split_by_sizes),
    "unbind.int": _unbound,
    "index_select.default": lambda x, a, _: x.take(a["index"], axis=a["dim"]),
    **dict.fromkeys(("constant_pad_nd.default", "pad.default"), _padded),
    "pixel_shuffle.default": _shuffled,
    "upsample_nearest2d.vec": _upsampled,
}  # fmt: skip
"""By operator; of several outputs, a list."""

_ONLY_IF: Mapping[str, Callable[[Arguments], bool]] = {
    **dict.fromkeys(("constant_pad_nd.default", "pad.default"), _pads_zeros),
    "upsample_nearest2d.vec": _whole_scales,
}

COPIES = (
    "clone.default",
    "repeat.default",
    "flip.default",
    "roll.default",
    "lift_fresh_copy.default",
    "_to_copy.default",
    "index_select.default",
    "constant_pad_nd.default",
    "pad.default",
    "pixel_shuffle.default",
    "upsample_nearest2d.vec",
)
"""Those of them whose result is no view."""
