"""Convolutions and poolings of ONNX: their windows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jacspec.numerics.networks.graphs.program import Ref
from jacspec.numerics.networks.onnx.nodes import Operator, Rule

_AXES = (1, 2, 3)


def _kernel(n: Operator, weight: int | None) -> list[int]:
    """The sizes of the window, of which an attribute tells or the weight."""
    array = None if weight is None else n.array(weight)
    kernel = n.attribute("kernel_shape") or ([] if array is None else list(array.shape[2:]))
    if len(kernel) not in _AXES:
        raise n.refused(f"has windows of {len(kernel)} axes", "1, 2 or 3")
    return list(kernel)


def _pads(
    n: Operator, kernel: list[int], stride: list[int], dilation: list[int]
) -> tuple[list[int], list[int]]:
    """The padding before and after, axis by axis."""
    axes, how = len(kernel), n.attribute("auto_pad", "NOTSET")
    if how in ("SAME_UPPER", "SAME_LOWER"):
        if any(step != 1 for step in stride):
            raise n.refused(f"pads by {how} and strides", "paddings in numbers")
        total = [apart * (size - 1) for size, apart in zip(kernel, dilation, strict=True)]
        less, more = [each // 2 for each in total], [each - each // 2 for each in total]
        return (less, more) if how == "SAME_UPPER" else (more, less)
    pads = n.attribute("pads") if how == "NOTSET" else None
    pads = pads or [0] * 2 * axes
    return pads[:axes], pads[axes:]


def _common(n: Operator, weight: int | None) -> tuple[list[int], dict[str, Any], list[int]]:
    """The kernel, the other arguments that all have, and the padding after."""
    kernel = _kernel(n, weight)
    ones = [1] * len(kernel)
    stride, dilation = n.attribute("strides", ones), n.attribute("dilations", ones)
    before, after = _pads(n, kernel, stride, dilation)
    return kernel, {"stride": stride, "padding": before, "dilation": dilation}, after


def _convolution(n: Operator) -> Ref:
    kernel, shared, after = _common(n, 1)
    given, before = n[0], shared["padding"]
    if before != after:
        around = [size for pair in zip(reversed(before), reversed(after), strict=True) for size in pair]
        given, shared["padding"] = (
            n.emit("constant_pad_nd.default", self=given, pad=around),
            [0] * len(kernel),
        )
    return n.emit(
        f"conv{len(kernel)}d.default", input=given, weight=n[1], bias=n[2] if n.has(2) else None,
        groups=n.attribute("group", 1), **shared,
    )  # fmt: skip


def _transposed(n: Operator) -> Ref:
    kernel, shared, after = _common(n, 1)
    if (
        shared["padding"] != after
        or n.attribute("output_shape")
        or n.attribute("auto_pad", "NOTSET") != "NOTSET"
    ):
        raise n.refused("is padded unevenly", "as much before as after, in numbers")
    kind = "default" if len(kernel) == 1 else "input"
    return n.emit(
        f"conv_transpose{len(kernel)}d.{kind}", input=n[0], weight=n[1], bias=n[2] if n.has(2) else None,
        output_padding=n.attribute("output_padding", [0] * len(kernel)),
        groups=n.attribute("group", 1), **shared,
    )  # fmt: skip


def _pool(kind: str) -> Rule:
    def rule(n: Operator) -> Ref:
        kernel, shared, after = _common(n, None)
        if shared["padding"] != after:
            raise n.refused("is padded unevenly", "as much before as after")
        if kind == "avg":
            if any(apart != 1 for apart in shared.pop("dilation")):
                raise n.refused("is dilated", "windows without gaps")
            shared["count_include_pad"] = bool(n.attribute("count_include_pad", 0))
        ceil = bool(n.attribute("ceil_mode", 0))
        return n.emit(
            f"{kind}_pool{len(kernel)}d.default", self=n[0], kernel_size=kernel, ceil_mode=ceil, **shared
        )

    return rule


def _whole(operator: str) -> Rule:
    """Over all positions of the grid."""
    return lambda n: n.emit(operator, self=n[0], dim=list(range(2, n.rank())), keepdim=True)


WINDOWS: Mapping[str, Rule] = {
    "Conv": _convolution,
    "ConvTranspose": _transposed,
    "AveragePool": _pool("avg"),
    "MaxPool": _pool("max"),
    "GlobalAveragePool": _whole("mean.dim"),
    "GlobalMaxPool": _whole("amax.default"),
}
"""By ONNX's name."""
