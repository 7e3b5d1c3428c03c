from .chains.chain import Chain as Chain
from .chains.flows import gradient_flow as gradient_flow
from .chains.sources import open_source as open_source
from .measures.angles import PrincipalAngles as PrincipalAngles, principal_angles as principal_angles
from .measures.depth_scaling import DepthScaling as DepthScaling, depth_scaling as depth_scaling
from .measures.overlap_matrix import Overlap as Overlap
from .measures.overlaps import left_overlap as left_overlap, right_overlap as right_overlap
from .measures.strong_alignment import (
    StrongAlignment as StrongAlignment,
    strong_alignment as strong_alignment,
)
from .measures.sweeps import Spectra as Spectra, SpectraAlong as SpectraAlong
from .measures.velocities import Velocities as Velocities, velocities as velocities
from .networks import Origin as Origin
from .spectra.compute import spectrum as spectrum
from .spectra.leading_modes import LeadingModes as LeadingModes, leading_modes as leading_modes
from .spectra.partial_spectra import PartialSpectra as PartialSpectra, partial_spectra as partial_spectra
from .spectra.rank import rank as rank
from .spectra.spectrum import Spectrum as Spectrum
from .support.budget import max_memory as max_memory
from .support.errors import InputError as InputError, PrecisionError as PrecisionError
from .support.matrix_free import MatrixFree as MatrixFree
