"""The versions of Python, of jacspec and of what it computes with: results say what made them."""

from __future__ import annotations

import platform
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from jacspec import __version__


def versions(*packages: str) -> dict[str, str]:
    """Version by name, Python and jacspec first, of those that are installed; a checkout knows its own."""
    found = {"python": platform.python_version(), "jacspec": __version__}
    for name in packages:
        with suppress(PackageNotFoundError):
            found[name] = _version(name)
    return found


_version = cache(version)
"""What is imported stays as it is while the process runs."""
