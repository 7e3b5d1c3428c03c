"""Fully connected networks from their weights: NumPy's, JAX's, or plain lists."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from numbers import Real
from typing import Any

import numpy as np

from jacspec.numerics.networks.inputs import as_array, as_row, example_array
from jacspec.numerics.networks.layers import Dense, Layer
from jacspec.numerics.networks.linearise import Factors
from jacspec.numerics.networks.many import factors_at_each
from jacspec.numerics.networks.pointwise import Gate
from jacspec.numerics.support.errors import InputError
from jacspec.numerics.support.factors import Factor, as_factor

ACTIVATIONS = ("relu", "leaky", "linear")


def weight_factors(
    weights: Iterable[Any],
    x: Any,
    *,
    biases: Iterable[Any] | None = None,
    activation: str = "relu",
    slope: Real | float = 0.01,
    transposed: bool = False,
    kinks: str = "refuse",
) -> Factors:
    """The factors of the Jacobian at x of ``h_l = φ(W_l h_{l-1} + b_l)``, without φ after the last layer.

    ``weights[0]`` is applied first, shape (outputs, inputs); with ``transposed``, (inputs, outputs), as
    the kernels of JAX's libraries are. ``biases`` may hold None for a layer without. ``activation`` is
    'relu', 'leaky' (with ``slope`` below zero) or 'linear'. Raises InputError for shapes that do not
    compose, an unknown activation, and an input on a kink
    (see :func:`~jacspec.numerics.networks.linearise.factors_at`).
    """
    if activation not in ACTIVATIONS:
        message = f"activation {activation!r}: expected one of {', '.join(ACTIVATIONS)}"
        raise InputError(message)
    below = {"relu": Fraction(0), "leaky": as_slope(slope, "slope"), "linear": Fraction(1)}[activation]
    array = example_array(x)
    dense = _dense(weights, biases, transposed)
    inputs = dense[0].weight.shape[1]
    if array.shape not in ((inputs,), (1, inputs)):
        message = (
            f"the input x has shape {array.shape}; expected ({inputs},), the columns of W_1: give one "
            f"example, and transposed=True if the weights are (inputs, outputs)"
        )
        raise InputError(message)
    layers: list[Layer] = []
    for number, layer in enumerate(dense, 1):
        layers += [layer, Gate(f"the activation after W_{number}", below)]
    return next(factors_at_each(layers[:-1], array[None], kinks=kinks))


def as_slope(slope: Any, name: str) -> Fraction:
    """The slope of a leaky ReLU, exactly; raises InputError for what is no finite real number."""
    return Fraction(*as_factor(np.array([[slope]], dtype=object), name).item().as_integer_ratio())


def _dense(weights: Iterable[Any], biases: Iterable[Any] | None, transposed: bool) -> list[Dense]:
    if isinstance(weights, str | bytes | dict) or not isinstance(weights, Iterable):
        message = f"weights is a {type(weights).__name__}; expected a list of matrices [W1, W2, …]"
        raise InputError(message)
    matrices = [_matrix(weight, f"W_{number}", transposed) for number, weight in enumerate(weights, 1)]
    if not matrices:
        message = "weights is empty; expected at least one matrix: give [W1, W2, …]"
        raise InputError(message)
    given = [None] * len(matrices) if biases is None else list(biases)
    if len(given) != len(matrices):
        message = (
            f"{len(given)} biases for {len(matrices)} weights; expected one each: give None for a layer "
            f"without a bias"
        )
        raise InputError(message)
    layers: list[Dense] = []
    for number, (matrix, bias) in enumerate(zip(matrices, given, strict=True), 1):
        if layers and matrix.shape[1] != layers[-1].weight.shape[0]:
            message = (
                f"W_{number} takes {matrix.shape[1]} inputs, but W_{number - 1} gives "
                f"{layers[-1].weight.shape[0]} outputs; expected these to agree: check the order (first "
                f"applied first), and {'leave out' if transposed else 'say'} transposed=True if the weights "
                f"are ({'outputs, inputs' if transposed else 'inputs, outputs'})"
            )
            raise InputError(message)
        row = None if bias is None else as_row(bias, f"b_{number}", matrix.shape[0])
        layers.append(Dense(f"W_{number}", matrix, row))
    return layers


def _matrix(weight: Any, name: str, transposed: bool) -> Factor:
    matrix = as_factor(as_array(weight, name), name)
    return as_factor(matrix.T, name) if transposed else matrix
