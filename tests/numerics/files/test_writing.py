"""Files are whole or not there, whatever fails while they are written."""

import errno
import os
import stat
import threading
from pathlib import Path

import pytest

from jacspec.numerics import InputError
from jacspec.numerics.files import writing
from jacspec.numerics.files.writing import made_folder, refuse_unwritable, replacing, write_text


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_text_replaces_what_was_there_and_keeps_its_permissions(tmp_path):
    path = tmp_path / "x.txt"
    write_text(path, "s_1 ≥ s_2\n")
    path.chmod(0o640)
    write_text(path, "new\n")
    assert path.read_text(encoding="utf-8") == "new\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert names(tmp_path) == ["x.txt"]


def test_a_new_file_is_as_readable_as_others(tmp_path):
    (tmp_path / "usual").touch()
    write_text(tmp_path / "x", "")
    assert (tmp_path / "x").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "x").symlink_to("folder/y")
    write_text(tmp_path / "x", "through it")
    assert (tmp_path / "x").is_symlink()
    assert (tmp_path / "folder" / "y").read_text() == "through it"


def test_a_pipe_is_written_as_it_comes(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    found = []
    reader = threading.Thread(target=lambda: found.append((tmp_path / "pipe").read_text()))
    reader.start()
    refuse_unwritable(tmp_path / "pipe")
    write_text(tmp_path / "pipe", "flows")
    reader.join(5)
    assert found == ["flows"]


def test_a_pipe_under_a_name_that_nobody_chose_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match=r"pipe': it is a pipe; remove it"):
        write_text(tmp_path / "pipe", "flows", streams=False)


def test_the_file_that_takes_our_output_is_not_replaced(tmp_path, monkeypatch):
    path = tmp_path / "out"
    path.touch()
    monkeypatch.setattr(os, "fstat", lambda _number: path.stat())
    before = path.stat().st_ino
    write_text(path, "text")
    assert path.stat().st_ino == before


def test_what_utf8_cannot_hold_is_escaped(tmp_path):
    write_text(tmp_path / "x", os.fsdecode(b"caf\xe9"))
    assert (tmp_path / "x").read_bytes() == b"caf\\udce9"


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), KeyboardInterrupt(), ValueError("no")]
)
@pytest.mark.parametrize("place", ["block", "fsync", "replace"])
def test_whatever_fails_leaves_what_was_there(tmp_path, monkeypatch, error, place):
    path = tmp_path / "x"
    path.write_text("old")

    def fail(*_):
        raise error

    if place == "fsync":
        monkeypatch.setattr(writing.os, "fsync", fail)
    if place == "replace":
        monkeypatch.setattr(writing.Path, "replace", fail)
    expected = KeyboardInterrupt if isinstance(error, KeyboardInterrupt) else InputError
    with pytest.raises(expected) as caught, replacing(path) as file:  # noqa: PT012 -- where it fails varies
        file.write(b"half of it")
        if place == "block":
            fail()
    if expected is InputError:
        assert f"cannot write {str(path)!r}: " in str(caught.value)
        assert "make room, or choose another place" in str(caught.value)
    assert path.read_text() == "old"
    assert names(tmp_path) == ["x"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("none/x", "expected an existing folder; make it first"),
        ("folder", "it is a folder; name a file in it"),
        ("file/x", "expected an existing folder"),
        ("\0", "null"),
        ("n" * 300, "File name too long"),
    ],
)
def test_a_place_that_cannot_be_written_is_refused_before_and_when_it_is(tmp_path, name, said):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    for attempt in (refuse_unwritable, lambda path: write_text(path, "")):
        with pytest.raises(InputError, match="cannot write") as caught:
            attempt(tmp_path / name)
        assert said in str(caught.value)
    assert names(tmp_path) == ["file", "folder"]


def test_the_check_changes_nothing(tmp_path):
    refuse_unwritable(tmp_path / "new")
    (tmp_path / "old").write_text("mine")
    refuse_unwritable(tmp_path / "old")
    assert names(tmp_path) == ["old"]
    assert (tmp_path / "old").read_text() == "mine"


def test_a_folder_is_made_or_refused(tmp_path):
    assert made_folder(tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").touch()
    for wrong in (tmp_path / "file", tmp_path / "file" / "x", tmp_path / "\0"):
        with pytest.raises(InputError, match=r"cannot make the folder .*choose another"):
            made_folder(wrong)


def test_a_folder_in_which_nothing_can_be_written_is_refused_too(tmp_path, monkeypatch):
    def denied(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)  # nothing is denied to the user who is root
    with pytest.raises(InputError, match=r"cannot write in the folder .*: Permission denied; choose another"):
        made_folder(tmp_path)
    assert names(tmp_path) == []
