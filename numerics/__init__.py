"""numerics: chains of matrices, their products, spectra, overlaps and flows; it knows no claim."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
