"""The errors a caller can do something about; each message is one line with a remedy."""

from __future__ import annotations


class InputError(ValueError):
    """A value that cannot be used: the message names it, what was expected, and a remedy."""


class TooLargeError(InputError):
    """What would take more memory than is allowed."""


class PrecisionError(ArithmeticError):
    """A request that could not be met below the precision cap: the message says how far it got."""
