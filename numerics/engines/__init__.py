"""The spectrum engines: one file each, one signature; ``ENGINES`` names them."""

from collections.abc import Mapping
from types import MappingProxyType

from numerics.engines.certified import certified
from numerics.engines.contract import Engine, EngineResult
from numerics.engines.float64 import float64
from numerics.engines.reference import reference

__all__ = ["ENGINES", "Engine", "EngineResult"]

ENGINES: Mapping[str, Engine] = MappingProxyType(
    {"certified": certified, "mpmath": reference, "float64": float64}
)
"""Every engine by the name that ``spectrum`` and the command line use."""
