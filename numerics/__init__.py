"""numerics: chains of matrices, their products, spectra, overlaps and flows; it knows no claim."""

from numerics.chain import Chain
from numerics.errors import InputError, PrecisionError
from numerics.rank import rank
from numerics.sources import open_source
from numerics.spectrum import Spectrum, spectrum

__all__ = ["Chain", "InputError", "PrecisionError", "Spectrum", "open_source", "rank", "spectrum"]
