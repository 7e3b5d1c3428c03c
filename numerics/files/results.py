"""What every result can do: be shown, compared, pickled, copied, saved, tabled, drawn."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Callable, Hashable
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

from jacspec.documents.displayable import Displayable
from jacspec.numerics.files.encoding import Data, decoded, encoded
from jacspec.numerics.files.kinds import check_kinds
from jacspec.numerics.files.reading import contents, json_of, parsing
from jacspec.numerics.files.writing import write_text
from jacspec.numerics.support.errors import InputError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BOUNDS = {"digits": (1, 2**16), "precision_bits": (2, 2**30)}
"""Far beyond what any result has: a file must not be able to ask for all time."""
_EXPECTED = "a result as its save() writes it (.json)"


class Result(Displayable):
    """A frozen dataclass of numbers, balls and arrays, which one form takes everywhere: :meth:`to_data`.

    It pickles, copies and saves in that form, in which a ball is its exact midpoint and radius; two results
    are equal if their data are. Fields with ``compare=False``, the seconds, say nothing of what was found.
    """

    units: ClassVar[dict[str, str]] = {}
    """The unit of each column of the records that has one."""

    _kinds: ClassVar[dict[str, type[Result]]] = {}

    def __init_subclass__(cls, **given: Any) -> None:
        super().__init_subclass__(**given)
        Result._kinds[cls.__name__] = cls

    @abstractmethod
    def array(self) -> NDArray[np.float64]:
        """What ``numpy.asarray`` gives: midpoints in float64; ``len`` is the length of it."""

    @abstractmethod
    def to_records(self) -> list[dict[str, Any]]:
        """Rows of a long table, as pandas and polars read them; :attr:`units` has their units."""

    @abstractmethod
    def draw(self, axes: Axes) -> None:
        """Draw the result."""

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the result on the axes, or on new ones; returns them."""
        if ax is None:
            import matplotlib.pyplot as plt

            _, ax = plt.subplots(layout="constrained")
        from matplotlib.ticker import MaxNLocator

        self.draw(ax)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))  # all are drawn against modes or layers
        ax.grid(visible=True, linewidth=0.4, alpha=0.5)
        ax.spines[["top", "right"]].set_visible(False)
        return ax

    def to_frame(self) -> Any:
        """The records as a pandas DataFrame, units in its ``attrs``; raises InputError without pandas."""
        try:
            import pandas as pd
        except ImportError as error:
            remedy = "pip install 'jacspec[frames]', or to_records()"
            message = f"pandas is not installed; expected it for a frame: {remedy}"
            raise InputError(message) from error
        frame = pd.DataFrame.from_records(self.to_records())
        frame.attrs["units"] = dict(self.units)
        return frame

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        if copy is False:
            message = "the array of a result is made when it is asked for: leave copy=False out"
            raise ValueError(message)
        return np.array(self.array(), dtype=dtype)

    def __len__(self) -> int:
        return len(self.array())

    # --- data ------------------------------------------------------------------------------------

    def to_data(self) -> Data:
        """The result as data that JSON holds, exactly."""
        return {"result": type(self).__name__, **_fields_of(self)}

    @classmethod
    def from_data(cls, data: Data) -> Self:
        """The result of which these are the data; raises ValueError and its like for other data."""
        name, values = data["result"], {key: value for key, value in data.items() if key != "result"}
        kind = Result._kinds.get(name)
        if kind is None or not issubclass(kind, cls):
            message = (
                f"the data are of a result {name!r:.60}; expected a {cls.__name__}: read it as what it is"
            )
            raise InputError(message)
        found = {key: _value(part) for key, part in values.items()}
        check_kinds(kind, found)
        for key, (least, most) in _BOUNDS.items():
            if not least <= found.get(key, least) <= most:
                message = f"{key} is {found[key]!r:.60}; expected {least} to {most}"
                raise ValueError(message)
        return kind(**found)

    def save(self, path: str | Path) -> None:
        """Write the result, exactly, as JSON."""
        write_text(Path(path), json.dumps(self.to_data()) + "\n")

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read what :meth:`save` wrote, running no code; raises InputError for anything else."""
        data = contents(Path(path), _EXPECTED)
        with parsing(partial(_damaged, Path(path))):
            found = cls.from_data(json_of(data))
            for use in (str, len, type(found).to_records):  # fields of the right kinds may not fit each other
                use(found)
            return found

    def __reduce__(self) -> tuple[Callable[[Data], Result], tuple[Data]]:
        # By the method of the class, so that a process that unpickles it imports the class.
        return type(self).from_data, (self.to_data(),)

    def __deepcopy__(self, _memo: Any) -> Self:
        return self.from_data(self.to_data())

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return bool(self._found() == other._found())

    def __hash__(self) -> int:
        return hash((type(self), _hashable(self._found())))

    def _found(self) -> Data:
        return _fields_of(self, compared=True)


def _fields_of(result: Result, *, compared: bool = False) -> dict[str, Data]:
    given = [field.name for field in fields(result) if field.compare or not compared]  # type: ignore[arg-type]
    return {name: _data(getattr(result, name), compared) for name in given}


def _data(value: Any, compared: bool) -> Data:
    if isinstance(value, Result):
        return value._found() if compared else value.to_data()
    if isinstance(value, tuple):
        return [_data(part, compared) for part in value]
    return encoded(value)


def _hashable(data: Data) -> Hashable:
    """Equal for equal data, so also for 0.0 and -0.0, for 1 and 1.0."""
    if isinstance(data, dict):
        return frozenset((name, _hashable(part)) for name, part in data.items())
    return tuple(map(_hashable, data)) if isinstance(data, list) else data


def _value(data: Data) -> Any:
    if isinstance(data, list):
        return tuple(_value(part) for part in data)
    return Result.from_data(data) if isinstance(data, dict) and "result" in data else decoded(data)


def _damaged(path: Path, reason: str) -> InputError:
    return InputError(f"{str(path)!r} cannot be read ({reason}); expected {_EXPECTED}: save it again")
