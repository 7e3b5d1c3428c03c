"""jacspec: an executable referee for the theory of deep Jacobian spectra.

``jacspec.theory`` derives, ``jacspec.numerics`` computes, ``jacspec.proofs_check`` decides. What a user needs
is here; each name is loaded when it is first used (they stand in ``__init__.pyi``), so that
``import jacspec`` costs next to nothing.
"""

import os.path

__version__ = "0.2.0.dev0"

# In a checkout the three packages are links to the folders at its top. Where the file system has no links
# (Windows, by default), they are text files, and the folders are found through the package's path.
if not os.path.isdir(os.path.join(__path__[0], "theory")):  # noqa: PTH112, PTH118 -- pathlib takes time
    __path__.append(os.path.dirname(os.path.dirname(__file__)))  # noqa: PTH120


def __getattr__(name: str) -> object:
    """What the stub names; the stub is read when the first is asked for, as that takes time too."""
    import lazy_loader

    attribute, listed, public = lazy_loader.attach_stub(__name__, __file__)
    globals().update(__getattr__=attribute, __dir__=listed, __all__=public)
    return public if name == "__all__" else attribute(name)


def __dir__() -> list[str]:
    return [*__getattr__("__all__")]
