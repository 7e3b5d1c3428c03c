"""Whatever stands in a file, or instead of one: one line at once, and next to no memory."""

import errno
import io
import json
import os
import socket
import struct
import time
import tracemalloc
import zipfile
import zlib

import numpy as np
import pytest

from jacspec.numerics import Chain, InputError
from jacspec.numerics.files.npy import PickledError, array_of
from jacspec.numerics.files.reading import contents, json_of, what_is_there
from jacspec.numerics.networks import read_input
from jacspec.numerics.support.budget import max_memory
from jacspec.proofs_check.referee.counterexample_files import load

READERS = {
    "x.npz": Chain.load,
    "x.safetensors": Chain.load,
    "x.npy": read_input,
    "x.json": load,
    "x.pt2": lambda path: Chain.from_exported(path, [1.0]),
}


def npy(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def header(text):
    """An ``.npy`` whose header is the text, with eight bytes of data."""
    packed = text.encode("latin1").ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(packed)) + packed + bytes(8)


def zip_of(members, method=zipfile.ZIP_STORED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return buffer.getvalue()


def refused(read, path):
    """The line with which a file is refused, within a second of CPU and 64 MB."""
    tracemalloc.start()
    start = time.process_time()
    try:
        with pytest.raises(InputError) as caught:
            read(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert time.process_time() - start < 1
    assert peak < 64e6
    line = str(caught.value)
    assert "\n" not in line
    return line


# --- what is no regular file -------------------------------------------------------------------


@pytest.mark.parametrize(("name", "read"), READERS.items())
def test_what_is_no_regular_file_is_refused_at_once(tmp_path, name, read):
    path = tmp_path / name
    assert "is not there" in refused(read, path)
    os.mkfifo(path)
    assert "is a pipe" in refused(read, path)
    path.unlink()
    path.symlink_to("/dev/zero")
    assert "is a device" in refused(read, path)
    path.unlink()
    path.mkdir()
    assert "is a folder" in refused(read, path)
    path.rmdir()
    path.symlink_to(path)
    assert "no path that can be used" in refused(read, path)
    assert "is not there" in refused(read, tmp_path / "none" / name)
    assert "File name too long" in refused(read, tmp_path / f"{'x' * 300}{name}")
    assert "null byte" in refused(read, tmp_path / f"\0{name}")


def test_a_socket_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the name of a socket is short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("s")
        assert what_is_there(tmp_path / "s") == "a socket"


def test_what_may_not_be_read_is_said(tmp_path, monkeypatch):
    def refuses(*_):  # as the system does: root may read everything
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    (tmp_path / "x.npy").write_bytes(npy(np.ones(2)))
    monkeypatch.setattr(os, "open", refuses)
    assert "Permission denied" in refused(read_input, tmp_path / "x.npy")


@pytest.mark.parametrize(("name", "read"), READERS.items())
def test_a_file_that_memory_does_not_hold_is_not_read(tmp_path, name, read):
    path = tmp_path / name
    with path.open("wb") as file:
        file.truncate(10**12)
    with max_memory("1 GB"):
        line = refused(read, path)
    assert "takes about 1 TB of memory" in line or "is 1000000000000 bytes long" in line


def test_a_file_is_read_as_it_stands(tmp_path):
    (tmp_path / "x").write_bytes(b"abc")
    assert contents(tmp_path / "x", "three letters", most=3) == b"abc"
    with pytest.raises(InputError, match="3 bytes long; expected two letters, of at most 2"):
        contents(tmp_path / "x", "two letters", most=2)


# --- .npy --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "array",
    [np.arange(6.0).reshape(2, 3), np.asfortranarray(np.eye(3, 2)), np.array([["1/3"]]), np.zeros((0, 2))],
)
def test_an_array_is_read_as_numpy_reads_it(array):
    mine, theirs = array_of(npy(array)), np.load(io.BytesIO(npy(array)))
    assert mine.dtype == theirs.dtype
    assert np.array_equal(mine, theirs)


@pytest.mark.parametrize(
    "text",
    [
        "{'descr': '<f8', 'fortran_order': False, 'shape': (9999999999, 9999999999)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (-1, -1)}",
        "{'descr': '<U999999999', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<U0', 'fortran_order': False, 'shape': (9999999999,)}",
        "{'descr': [('a', '<f8')] * 9, 'fortran_order': False, 'shape': ()}",
        "{'descr': '<f8'}",
        "(" * 100,
        "\0",
    ],
)
def test_a_header_that_lies_costs_nothing(tmp_path, text):
    (tmp_path / "x.npy").write_bytes(header(text))
    assert "cannot be read" in refused(read_input, tmp_path / "x.npy")
    (tmp_path / "x.npz").write_bytes(zip_of([("M_1.npy", header(text))]))
    assert "M_1 is not an array" in refused(Chain.load, tmp_path / "x.npz")


def test_python_objects_are_told_from_damage():
    with pytest.raises(PickledError):
        array_of(npy(np.array([None])))


# --- archives ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ([("M_9999999999.npy", npy(np.eye(2)))], "holds M_9999999999 but no M_1"),
        ([("M_" + "9" * 5000 + ".npy", npy(np.eye(2)))], "a name of 5002 letters; expected at most 255"),
        ([("M_1.npy", npy(np.eye(2))), ("M_1", b"")], "M_1 is not an array"),
        ([("M_1.npy", npy(np.eye(2))), ("M_01.npy", npy(np.eye(2)))], "holds both M_1 and M_01"),
    ],
)
def test_hostile_names(tmp_path, members, said):
    (tmp_path / "x.npz").write_bytes(zip_of(members))
    assert said in refused(Chain.load, tmp_path / "x.npz")


def test_a_name_that_stands_twice_is_refused(tmp_path):
    """NumPy gives the last of them twice."""
    with pytest.warns(UserWarning, match="Duplicate"):
        (tmp_path / "x.npz").write_bytes(zip_of([("M_1.npy", npy(np.eye(2)))] * 2))
    assert "holds 'M_1.npy' 2 times" in refused(Chain.load, tmp_path / "x.npz")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_to_pack_are_refused(tmp_path, method):
    (tmp_path / "x.npz").write_bytes(zip_of([("M_1.npy", npy(np.eye(2)))], method))
    assert f"packed by method {method}" in refused(Chain.load, tmp_path / "x.npz")


def test_what_unpacks_to_more_than_memory_holds_is_not_unpacked(tmp_path):
    data = bytearray(zip_of([("M_1.npy", zlib.compress(bytes(99)))]))
    central = data.index(b"PK\x01\x02")
    data[central + 24 : central + 28] = struct.pack("<I", 2**32 - 2)  # what it says it holds
    (tmp_path / "x.npz").write_bytes(data)
    with max_memory("1 GB"):
        assert "unpacked, takes about 4.29 GB of memory; expected at most 1 GB" in refused(
            Chain.load, tmp_path / "x.npz"
        )
    assert "cannot be read" in refused(Chain.load, tmp_path / "x.npz")


def test_many_entries_in_few_bytes_are_counted_before_they_are_made(tmp_path):
    """Text becomes fractions, of a hundred times as many bytes."""
    path = tmp_path / "x.npz"
    np.savez_compressed(path, M_1=np.full((1000, 1000), "1"))
    assert path.stat().st_size < 10_000
    with max_memory("100 MB"):
        assert "takes about 404 MB" in refused(Chain.load, path)


# --- order -------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["layer_", "W", "Dense_"])
def test_numbers_in_names_say_the_order_whatever_the_order_of_the_file(tmp_path, prefix):
    factors = [[[float(k)]] for k in range(12)]
    named = {f"{prefix}{k}": np.array(factor) for k, factor in enumerate(factors)}
    np.savez(tmp_path / "x.npz", **{name: named[name] for name in sorted(named)})
    assert Chain.load(tmp_path / "x.npz") == Chain(factors)


def test_a_safetensors_without_numbers_has_no_order(tmp_path):
    head = {name: {"dtype": "U8", "shape": [1, 1], "data_offsets": [k, k + 1]} for k, name in enumerate("ba")}
    text = json.dumps(head).encode()
    (tmp_path / "x.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + b"\1\2")
    assert "holds a, b, whose order is not known" in refused(Chain.load, tmp_path / "x.safetensors")


# --- JSON --------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["[" * 100_000, "[" * 100 + "]" * 100, '{"a":' * 100 + "1" + "}" * 100])
def test_json_within_json_within_json_is_refused(text):
    with pytest.raises(ValueError, match="nested more than 64 levels deep"):
        json_of(text.encode())


def test_json_of_usual_depth_is_read():
    assert json_of(b'{"a": [[1, 2.5], {}]}') == {"a": [[1, 2.5], {}]}
    with pytest.raises(ValueError, match="4300 digits"):
        json_of(b"1" * 5000)
