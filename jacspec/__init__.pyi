from . import (
    numerics as numerics,
    proofs_check as proofs_check,
    theory as theory,
)
from .numerics import (
    Chain as Chain,
    DepthScaling as DepthScaling,
    InputError as InputError,
    Overlap as Overlap,
    PartialSpectra as PartialSpectra,
    PrecisionError as PrecisionError,
    PrincipalAngles as PrincipalAngles,
    Spectrum as Spectrum,
    StrongAlignment as StrongAlignment,
    Velocities as Velocities,
    depth_scaling as depth_scaling,
    gradient_flow as gradient_flow,
    left_overlap as left_overlap,
    open_source as open_source,
    partial_spectra as partial_spectra,
    principal_angles as principal_angles,
    rank as rank,
    right_overlap as right_overlap,
    spectrum as spectrum,
    strong_alignment as strong_alignment,
    velocities as velocities,
)
from .proofs_check import (
    Claim as Claim,
    Expectation as Expectation,
    Limit as Limit,
    Prediction as Prediction,
    Report as Report,
    Statistics as Statistics,
    Verdict as Verdict,
    at_most as at_most,
    equal as equal,
    exactly as exactly,
    strategies as strategies,
    verify as verify,
)
from .theory import (
    Assumption as Assumption,
    Calculation as Calculation,
    Derivation as Derivation,
    Formula as Formula,
    Relation as Relation,
    Step as Step,
)

__version__: str
