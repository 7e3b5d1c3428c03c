"""Frozen dataclasses as JSON data and back, by their fields and the types of these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Self, Union, get_args, get_origin, get_type_hints

_LEFT_OUT = "left out at its default"


def left_out(default: Any) -> Any:
    """A field that the JSON data leave out while it has this value."""
    return field(default=default, metadata={_LEFT_OUT: True})


@dataclass(frozen=True)
class Record:
    """A dataclass whose fields are JSON data, enumerations, records, or tuples of them."""

    def to_json(self) -> dict[str, Any]:
        """The record as JSON data."""
        values = {each.name: (getattr(self, each.name), each) for each in fields(self)}
        return {
            name: _to_data(value)
            for name, (value, each) in values.items()
            if _LEFT_OUT not in each.metadata or value != each.default
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The record of which ``to_json`` made the data; raises KeyError where a field is missing."""
        types = get_type_hints(cls)
        return cls(
            **{
                each.name: _from_data(data[each.name], types[each.name])
                for each in fields(cls)
                if each.name in data or _LEFT_OUT not in each.metadata
            }
        )


def _to_data(value: Any) -> Any:
    if isinstance(value, Record):
        return value.to_json()
    if isinstance(value, Enum):
        return value.value
    return [_to_data(each) for each in value] if isinstance(value, tuple) else value


def _from_data(data: Any, kind: Any) -> Any:
    if get_origin(kind) in (Union, UnionType):
        if data is None:
            return None
        (kind,) = (each for each in get_args(kind) if each is not NoneType)
    if get_origin(kind) is tuple:
        part, *_ = get_args(kind)
        return tuple(_from_data(each, part) for each in data)
    if isinstance(kind, type) and issubclass(kind, Record):
        return kind.from_json(data)
    return kind(data) if isinstance(kind, type) and issubclass(kind, Enum) else data
