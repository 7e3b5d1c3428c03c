"""The user's Python sources on which a verdict rests: what a process had imported when it was reached.

A claim's functions may import a module only when they run, from any folder: so this is asked afterwards.
"""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jacspec.numerics.files.reading import what_is_there

_PROGRAM = ("__main__", "__mp_main__", "jacspec")
_INSTALLED = frozenset({"site-packages", "dist-packages"})
_CLAIMS = "jacspec_claims_"
"""What files of claims are called as modules: one rests on another only if it imports it by its own name."""


def imported_sources() -> Iterator[Path]:
    """The files of all modules imported by now, apart from ours, installed ones, and files of claims."""
    for name, module in list(sys.modules.items()):
        source = getattr(module, "__file__", None)
        ours = name.partition(".")[0] in _PROGRAM or name.startswith(_CLAIMS)
        if ours or not isinstance(source, str) or _installed(source):
            continue
        file = Path(source).resolve()
        if not what_is_there(file):
            yield file


@cache
def _installed(source: str) -> bool:
    """Whether a module's file is of Python or of an installed package; asked once: there are thousands."""
    standard = {Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib")}
    path = Path(source)
    return not _INSTALLED.isdisjoint(path.resolve().parts) or not standard.isdisjoint(path.parents)
