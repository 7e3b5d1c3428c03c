"""The versions of Python, of jacspec and of what it computes with: results say what made them."""

from __future__ import annotations

import platform
from importlib.metadata import version

from jacspec import __version__

__all__ = ["versions"]


def versions(*packages: str) -> dict[str, str]:
    """Version by name, Python and jacspec first; a checkout that is not installed knows its own."""
    installed = {name: version(name) for name in packages}
    return {"python": platform.python_version(), "jacspec": __version__, **installed}
