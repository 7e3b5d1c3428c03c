"""What operators of ONNX do to shapes: axes, slices, padding."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

import numpy as np

from jacspec.numerics.networks.graphs.program import Ref
from jacspec.numerics.networks.onnx.nodes import Operator, Rule


def _flatten(n: Operator) -> Ref:
    axis = n.attribute("axis", 1)
    if axis == 0:
        return n.emit("reshape.default", self=n[0], shape=[1, -1])
    first = n[0] if axis == 1 else n.emit("flatten.using_ints", self=n[0], start_dim=0, end_dim=axis - 1)
    return n.emit("flatten.using_ints", self=first, start_dim=1, end_dim=-1)


def _reshape(n: Operator) -> Ref:
    sizes = n.numbers(1)
    kept = next((k for k, size in enumerate(sizes) if size != 0), len(sizes))
    if n.attribute("allowzero", 0) or 0 in sizes[kept:]:
        raise n.refused(f"reshapes to {sizes}", "sizes of which the first may be 0, as they were")
    if not kept:
        return n.emit("reshape.default", self=n[0], shape=sizes)
    if kept == len(sizes):
        return n[0]
    flat = n.emit("flatten.using_ints", self=n[0], start_dim=kept, end_dim=-1)
    if len(sizes) == kept + 1:
        return flat
    return n.emit("unflatten.int", self=flat, dim=kept, sizes=sizes[kept:])


def _transposed(n: Operator) -> Ref:
    axes = n.attribute("perm")
    return (
        n.emit("numpy_T.default", self=n[0])
        if axes is None
        else n.emit("permute.default", self=n[0], dims=axes)
    )


def _squeezed(n: Operator) -> Ref:
    return n.emit("squeeze.dims", self=n[0], dim=n.numbers(1, "axes"))


def _unsqueezed(n: Operator) -> Ref:
    axes = n.numbers(1, "axes")
    if min(axes) < 0 < len(axes) - 1:
        raise n.refused(f"makes axes {axes}", "axes that are counted from the front")
    return reduce(lambda z, axis: n.emit("unsqueeze.default", self=z, dim=axis), sorted(axes), n[0])


def _split(n: Operator) -> list[Ref]:
    sizes, axis = n.numbers(1, "split"), n.attribute("axis", 0)
    if sizes is None:
        return n.emit_all("chunk.default", n.outputs, self=n[0], chunks=n.outputs, dim=axis)
    return n.emit_all("split_with_sizes.default", n.outputs, self=n[0], split_sizes=sizes, dim=axis)


def _sliced(n: Operator) -> Ref:
    starts, ends = n.numbers(1), n.numbers(2)
    axes, steps = n.numbers(3, default=list(range(len(starts)))), n.numbers(4, default=[1] * len(starts))
    cuts = zip(axes, starts, ends, steps, strict=True)
    return reduce(
        lambda z, cut: n.emit("slice.Tensor", self=z, dim=cut[0], start=cut[1], end=cut[2], step=cut[3]),
        cuts,
        n[0],
    )


def _gathered(n: Operator) -> Ref:
    indices, axis = n.array(1), n.attribute("axis", 0)
    if indices is None or indices.ndim > 1:
        raise n.refused("takes what no list of stored indices names", "such a list, or one index")
    if not indices.ndim:
        return n.emit("select.int", self=n[0], dim=axis, index=int(indices))
    return n.emit("index_select.default", self=n[0], dim=axis, index=n[1])


def _padded(n: Operator) -> Ref:
    pads, modes = (
        n.numbers(1),
        {"constant": "constant", "reflect": "reflect", "edge": "replicate", "wrap": "circular"},
    )
    if n.has(3):
        raise n.refused("names axes", "paddings of all axes, in their order")
    before, after = pads[: len(pads) // 2], pads[len(pads) // 2 :]
    around = [size for pair in zip(reversed(before), reversed(after), strict=True) for size in pair]
    mode, value = n.attribute("mode", "constant"), n.numbers(2, default=0)
    if mode == "constant":
        return n.emit("constant_pad_nd.default", self=n[0], pad=around, value=float(np.ravel(value)[0]))
    while around and around[-2:] == [0, 0]:
        del around[-2:]
    return n.emit("pad.default", self=n[0], pad=around, mode=modes[mode])


def _shuffled(n: Operator) -> Ref:
    if n.attribute("mode", "DCR") != "CRD":
        raise n.refused("puts depth before channels", "mode CRD, as pixel_shuffle has it")
    return n.emit("pixel_shuffle.default", self=n[0], upscale_factor=n.attribute("blocksize"))


def _resized(n: Operator) -> Ref:
    scales = n.numbers(2) if n.has(2) else []
    how = [
        n.attribute(k, d)
        for k, d in (("mode", "nearest"), ("coordinate_transformation_mode", ""), ("nearest_mode", ""))
    ]
    if how != ["nearest", "asymmetric", "floor"] or len(scales) != 4 or scales[:2] != [1, 1]:
        raise n.refused(
            "is no nearest upsampling of a grid", "nearest, asymmetric, floor, with scales (1, 1, a, b)"
        )
    return n.emit("upsample_nearest2d.vec", input=n[0], scale_factors=[float(each) for each in scales[2:]])


SHAPES: Mapping[str, Rule] = {
    "Flatten": _flatten,
    "Reshape": _reshape,
    "Transpose": _transposed,
    "Squeeze": _squeezed,
    "Unsqueeze": _unsqueezed,
    "Split": _split,
    "Slice": _sliced,
    "Gather": _gathered,
    "Pad": _padded,
    "DepthToSpace": _shuffled,
    "Resize": _resized,
    "Concat": lambda n: n.emit("cat.default", tensors=n.inputs, dim=n.attribute("axis")),
    "Expand": lambda n: n.emit("expand.default", self=n[0], size=n.numbers(1)),
    "Tile": lambda n: n.emit("repeat.default", self=n[0], repeats=n.numbers(1)),
}
"""By ONNX's name."""
