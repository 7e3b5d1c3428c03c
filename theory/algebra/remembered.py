"""What is computed of an immutable object once: its hash."""

from __future__ import annotations

from typing import Any, TypeVar

_Class = TypeVar("_Class", bound=type)


def hashed_once(made: _Class) -> _Class:
    """A frozen dataclass whose objects are hashed once; they are keys of what is remembered of them.

    The hash is no part of a pickle: in another process it is another.
    """
    own: Any = made
    computed = own.__hash__

    def hashed(self: Any) -> int:
        if "_hashed" not in self.__dict__:
            self.__dict__["_hashed"] = computed(self)
        return self.__dict__["_hashed"]  # type: ignore[no-any-return]

    def state(self: Any) -> dict[str, Any]:
        return {name: each for name, each in self.__dict__.items() if name != "_hashed"}

    own.__hash__, own.__getstate__ = hashed, state
    return made
