"""Zip archives, read without trust."""

from __future__ import annotations

import zipfile
from collections import Counter
from typing import BinaryIO

from jacspec.numerics.support.budget import demand

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What NumPy and PyTorch write; the others unpack without a bound on what they take."""


class Zipped:
    """The members of a zip archive, by name.

    Raises ValueError, or what :mod:`zipfile` raises, for what is no intact archive or holds a name twice
    (which is meant?); InputError for one whose members, unpacked, memory does not hold.
    """

    def __init__(self, file: BinaryIO, shown: str) -> None:
        self._archive = zipfile.ZipFile(file)
        members = self._archive.infolist()
        self.names = [member.filename for member in members]
        for name, count in Counter(self.names).items():
            if count > 1:
                message = f"it holds {name!r} {count} times"
                raise ValueError(message)
        demand(f"{shown}, unpacked,", sum(member.file_size for member in members))

    def read(self, name: str) -> bytes:
        """A member, unpacked: as many bytes as the archive says, and intact."""
        member = self._archive.getinfo(name)
        if member.compress_type not in _METHODS:
            message = f"{name!r} is packed by method {member.compress_type}, not stored or deflated"
            raise ValueError(message)
        data = self._archive.read(member)
        if len(data) != member.file_size:
            message = f"{name!r} has {len(data)} bytes, not {member.file_size}"
            raise ValueError(message)
        return data
