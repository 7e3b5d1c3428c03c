"""numerics: chains of matrices, their products, spectra, overlaps and flows; it knows no claim."""

from numerics.chain import Chain
from numerics.errors import InputError, PrecisionError
from numerics.flows import gradient_flow
from numerics.overlap import Overlap
from numerics.overlaps import left_overlap, right_overlap
from numerics.rank import rank
from numerics.sources import open_source
from numerics.spectrum import Spectrum, spectrum
from numerics.velocities import Velocities, velocities

__all__ = [
    "Chain",
    "InputError",
    "Overlap",
    "PrecisionError",
    "Spectrum",
    "Velocities",
    "gradient_flow",
    "left_overlap",
    "open_source",
    "rank",
    "right_overlap",
    "spectrum",
    "velocities",
]
