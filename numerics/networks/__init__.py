"""The Jacobian of a piecewise-linear network at an input, as the factors of a chain."""

from jacspec.numerics.networks.exported import exported_factors
from jacspec.numerics.networks.inputs import read_input
from jacspec.numerics.networks.linearise import KINKS
from jacspec.numerics.networks.torch_modules import torch_factors
from jacspec.numerics.networks.weights import weight_factors

__all__ = ["KINKS", "exported_factors", "read_input", "torch_factors", "weight_factors"]
