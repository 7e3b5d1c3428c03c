"""Linear indices, ``N - l + 1`` say, and whether one surely lies between two others."""

from __future__ import annotations

from collections.abc import Mapping

Index = tuple[tuple[str, int], ...]
"""Names with whole multiples, in order; the constant has the name ''."""

Ranges = Mapping[str, tuple[Index, Index | None]]
"""Of every name the first and the last value; an end may hold names that stand before it."""

_SIZES = ("r", "n", "N")
"""They stand in the ends of the others, and the later in those of the earlier."""


def index_sum(*parts: tuple[Index, int]) -> Index:
    """The sum of indices, each with a multiple."""
    total: dict[str, int] = {}
    for index, times in parts:
        for name, count in index:
            total[name] = total.get(name, 0) + times * count
    return tuple(sorted((name, count) for name, count in total.items() if count))


def number(value: int) -> Index:
    """A number as an index."""
    return (("", value),) if value else ()


def shifted(index: Index, by: int) -> Index:
    """The index with a whole number added."""
    return index_sum((index, 1), (number(by), 1))


def index_text(index: Index) -> str:
    """An index as it is written."""
    signed = [f"{'-' if count < 0 else '+'} {_multiple(name, abs(count))}" for name, count in reversed(index)]
    return " ".join(signed).removeprefix("+ ") or "0"


def _multiple(name: str, count: int) -> str:
    return str(count) if not name else name if count == 1 else f"{count} {name}"


def index_at(index: Index, values: Mapping[str, Index]) -> Index:
    """Values put for names, all at once."""
    if not any(name in values for name, _ in index):
        return index
    return index_sum(*((values.get(name, ((name, 1),)), count) for name, count in index))


def at_most(low: Index, high: Index, ranges: Ranges) -> bool:
    """Whether low ≤ high for all values of the names: each is put at the end at which it is tightest."""
    gap = index_sum((high, 1), (low, -1))
    # Later names have earlier ones in their ends; sizes come last.
    order = [name for name in reversed([*ranges]) if name not in _SIZES]
    for name in (*order, *_SIZES):
        multiple = dict(gap).get(name, 0)
        if not multiple or name not in ranges:
            continue
        first, last = ranges[name]
        end = first if multiple > 0 else last
        if end is None:
            return False
        gap = index_sum((gap, 1), (((name, 1),), -multiple), (end, multiple))
    return gap == () or (gap[0][0] == "" and len(gap) == 1 and gap[0][1] > 0)


def within(index: Index, ends: tuple[Index, Index | None], ranges: Ranges) -> bool:
    """Whether an index surely lies between two ends."""
    first, last = ends
    return at_most(first, index, ranges) and (last is None or at_most(index, last, ranges))
