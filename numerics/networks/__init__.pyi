from . import storage as storage
from .blocks import block_factors as block_factors
from .exported import exported_factors as exported_factors
from .inputs import read_input as read_input
from .linearise import KINKS as KINKS, Origin as Origin
from .torch_modules import torch_factors as torch_factors, torch_factors_at_each as torch_factors_at_each
from .weights import weight_factors as weight_factors
