"""jacspec: an executable referee for the theory of deep Jacobian spectra.

``jacspec.theory`` derives, ``jacspec.numerics`` computes, ``jacspec.proofs_check`` decides. What a user needs
is here; each name is loaded when it is first used (they stand in ``__init__.pyi``), so that
``import jacspec`` costs next to nothing.
"""

from pathlib import Path

import lazy_loader

__version__ = "0.2.0.dev0"

# In a checkout the three packages are links to the folders at its top. Where the file system has no links
# (Windows, by default), they are text files, and the folders are found through the package's path.
if not Path(__path__[0], "theory").is_dir():
    __path__.append(str(Path(__file__).parents[1]))

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
