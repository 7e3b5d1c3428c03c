"""numerics: chains of matrices, their products, spectra, overlaps and flows; it knows no claim."""

from numerics.angles import PrincipalAngles, principal_angles
from numerics.chain import Chain
from numerics.depth_scaling import DepthScaling, depth_scaling
from numerics.errors import InputError, PrecisionError
from numerics.flows import gradient_flow
from numerics.overlap import Overlap
from numerics.overlaps import left_overlap, right_overlap
from numerics.partial_spectra import PartialSpectra, partial_spectra
from numerics.rank import rank
from numerics.sources import open_source
from numerics.spectrum import Spectrum, spectrum
from numerics.strong_alignment import StrongAlignment, strong_alignment
from numerics.velocities import Velocities, velocities

__all__ = [
    "Chain",
    "DepthScaling",
    "InputError",
    "Overlap",
    "PartialSpectra",
    "PrecisionError",
    "PrincipalAngles",
    "Spectrum",
    "StrongAlignment",
    "Velocities",
    "depth_scaling",
    "gradient_flow",
    "left_overlap",
    "open_source",
    "partial_spectra",
    "principal_angles",
    "rank",
    "right_overlap",
    "spectrum",
    "strong_alignment",
    "velocities",
]
