"""The spectrum engines: one file each, one signature; ``ENGINES`` names them."""

from collections.abc import Mapping
from types import MappingProxyType

from numerics.engines.contract import Engine, EngineResult
from numerics.engines.reference import reference

__all__ = ["ENGINES", "Engine", "EngineResult"]

ENGINES: Mapping[str, Engine] = MappingProxyType({"mpmath": reference})
"""Every engine by the name that ``spectrum`` and the command line use."""
