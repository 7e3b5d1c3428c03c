"""Plain text for IPython's console and for notebooks that cannot show HTML: what ``print`` would show."""

from __future__ import annotations

from typing import Any

__all__ = ["as_printed"]


def as_printed(self: Any, printer: Any, cycle: bool) -> None:  # noqa: ARG001 -- IPython's signature
    """``_repr_pretty_`` of a result whose ``repr`` would be pages of numbers.

    IPython looks for it in the class itself, not in its bases, where a dataclass has a ``repr`` of its own.
    """
    printer.text(str(self))
