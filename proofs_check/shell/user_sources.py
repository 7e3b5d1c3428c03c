"""The user's Python sources on which a verdict rests: what a process had imported when it was reached.

A claim's functions may import a module only when they run, from any folder: so this is asked afterwards.
"""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Collection, Iterator
from functools import cache
from importlib.machinery import PathFinder
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
        file = Path(source).absolute()  # of a link, which may lead elsewhere tomorrow
        if not what_is_there(file):
            yield file


def others_are_meant(sources: Collection[Path]) -> bool:
    """Whether the name of one of these modules leads to another file now, of which they are none."""
    for file in sources:
        module = file.parent if file.name == "__init__.py" else file
        inside = module.parent / "__init__.py" in sources
        spec = PathFinder.find_spec(module.stem, [str(module.parent)] if inside else None)
        found = None if spec is None or spec.origin is None else Path(spec.origin).absolute()
        if found is not None and found not in sources and not _installed(str(found)):
            return True
    return False


@cache
def _installed(source: str) -> bool:
    """Whether a module's file is of Python or of an installed package; asked once: there are thousands."""
    standard = {Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib")}
    path = Path(source)
    return not _INSTALLED.isdisjoint(path.resolve().parts) or not standard.isdisjoint(path.parents)
