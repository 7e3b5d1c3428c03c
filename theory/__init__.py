"""theory: what is claimed of deep Jacobian spectra and why, derived with SymPy.

>>> from jacspec.theory.results.dynamics import general
>>> print(general.general())          # the derivation, step by step
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
