"""Operators that only move entries, by NumPy: of values, or of the indices of a derivative's rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jacspec.numerics.networks.build import flatten, reshape
from jacspec.numerics.networks.graphs.program import Element

Entries = NDArray[Any]
Arguments = Mapping[str, Any]


def moved(operator: str, entries: Entries, a: Arguments, name: str) -> list[Entries]:
    """What an operator of :data:`STRUCTURE` gives for an array; ``a`` are its other arguments by name."""
    found = STRUCTURE[operator](entries, a, name)
    return list(found) if isinstance(found, list | tuple) else [found]


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
    "repeat.default": lambda x, a, _: np.tile(x, a["repeats"]),
    "flip.default": lambda x, a, _: np.flip(x, a["dims"]),
    "roll.default": lambda x, a, _: np.roll(x, a["shifts"], a.get("dims") or None),
    **dict.fromkeys(("chunk.default", "split.Tensor"), _split),
    **dict.fromkeys(("split_with_sizes.default", "split.sizes"), _split_by_sizes),
    "unbind.int": _unbound,
}  # fmt: skip
"""By operator; of several outputs, a list."""

COPIES = (
    "clone.default",
    "repeat.default",
    "flip.default",
    "roll.default",
    "lift_fresh_copy.default",
    "_to_copy.default",
)
"""Those of them whose result is no view."""
