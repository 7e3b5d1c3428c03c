"""Pictures of experiments, to be held by the page itself."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path

__all__ = ["found_pictures", "pictures_html"]

_MOST_BYTES = 3_000_000
"""Of all pictures together, so that the page stays below 5 MB."""


def found_pictures(folders: Iterable[Path]) -> list[Path]:
    """The PNG pictures in folders that exist, in order of name; of two with one name, the first."""
    found: dict[str, Path] = {}
    for folder in folders:
        for file in sorted(folder.glob("*.png")):
            found.setdefault(file.name, file)
    return list(found.values())


def pictures_html(files: Iterable[Path]) -> str:
    """Figures that hold their pictures; those for which there is no room are named instead."""
    return "".join(_figures(files))


def _figures(files: Iterable[Path]) -> Iterator[str]:
    room = _MOST_BYTES
    for file in files:
        name = escape(file.stem.replace("_", " ").replace("-", " "))
        data = file.read_bytes()
        if len(data) > room:
            size = f"{len(data) / 1e6:.1f} MB"
            yield f"<p>{name}: {size}, too large to be held here; see {escape(file.name)}.</p>"
            continue
        room -= len(data)
        source = f"data:image/png;base64,{b64encode(data).decode('ascii')}"
        yield f'<figure><img src="{source}" alt="Figure: {name}"><figcaption>{name}</figcaption></figure>'
