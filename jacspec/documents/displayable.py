"""What shows itself: it says of which blocks it consists, and leaves it to the writers to set them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from jacspec.documents.blocks import Block


class Displayable(ABC):
    """A result with :meth:`blocks`; ``print`` and notebooks show these.

    A class may have a ``__str__`` of its own, which is then what a console shows too.
    """

    def __init_subclass__(cls, **given: Any) -> None:
        super().__init_subclass__(**given)
        # IPython takes what a class itself has, this or a repr; that of a dataclass is pages of numbers.
        cls._repr_pretty_ = cls._repr_pretty_  # type: ignore[method-assign]

    @abstractmethod
    def blocks(self) -> Sequence[Block]:
        """What there is to show."""

    def __str__(self) -> str:
        from jacspec.documents import text

        return text.write(self.blocks())

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ARG002 -- IPython's signature
        printer.text(str(self))

    def _repr_html_(self) -> str:
        from jacspec.documents import html

        return html.notebook(self.blocks())

    def _repr_markdown_(self) -> str:
        from jacspec.documents import markdown

        return markdown.write(self.blocks())

    def _repr_latex_(self) -> str:
        from jacspec.documents import latex

        return latex.notebook(self.blocks())
