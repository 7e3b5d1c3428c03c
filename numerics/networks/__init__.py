"""The Jacobian of a piecewise-linear network at an input, as the factors of a chain."""

from numerics.networks.exported import exported_factors
from numerics.networks.inputs import read_input
from numerics.networks.linearise import KINKS
from numerics.networks.torch_modules import torch_factors
from numerics.networks.weights import weight_factors

__all__ = ["KINKS", "exported_factors", "read_input", "torch_factors", "weight_factors"]
