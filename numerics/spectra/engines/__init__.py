"""The spectrum engines: one file each, one signature; ``ENGINES`` names them."""

from collections.abc import Mapping
from types import MappingProxyType

from jacspec.numerics.spectra.engines.certified import certified
from jacspec.numerics.spectra.engines.contract import Engine, EngineResult
from jacspec.numerics.spectra.engines.float64 import float64
from jacspec.numerics.spectra.engines.reference import reference

__all__ = ["ENGINES", "Engine", "EngineResult"]

ENGINES: Mapping[str, Engine] = MappingProxyType(
    {"certified": certified, "mpmath": reference, "float64": float64}
)
"""Every engine by the name that ``spectrum`` and the command line use."""
