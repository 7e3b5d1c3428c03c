"""A run is kept as it goes, and can be taken up again; never mixed with one of other settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.measure import Measurement
from benchmarks.store import Store

SETTINGS = {
    "digits": 50,
    "limit": 300.0,
    "threads": 1,
    "machine": "a machine",
    "libraries": ["one 1.0"],
    "eigen": "",
}
DONE = Measurement("jacspec values", 16, 20, seconds=0.125, digits=69.0, certified=True, logs=("1.5", "-2.5"))
KILLED = Measurement("mpmath values", 16, 1000, "over limit")
SKIPPED = Measurement("mpmath vectors", 16, 1000, "not tried", note="over the limit at n=16, N=1000")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    store = Store(SETTINGS, tmp_path / "new" / "run.json")
    for one in (DONE, KILLED, SKIPPED):
        store.add(one)
    return tmp_path / "new" / "run.json"


def test_what_was_measured_comes_back(path: Path) -> None:
    resumed = Store.resume(SETTINGS, path)
    assert resumed.measurements == {DONE.key: DONE, KILLED.key: KILLED}
    assert len(resumed.days) == 1
    assert list(path.parent.iterdir()) == [path]


def test_a_larger_limit_tries_again(path: Path) -> None:
    assert list(Store.resume({**SETTINGS, "limit": 600.0}, path).measurements) == [DONE.key]


def test_a_first_run_begins_empty(tmp_path: Path) -> None:
    assert Store.resume(SETTINGS, tmp_path / "run.json").measurements == {}


def test_other_settings_are_not_mixed_in(path: Path) -> None:
    with pytest.raises(ValueError, match=r"other settings \(digits, threads\); give --json another name"):
        Store.resume({**SETTINGS, "digits": 30, "threads": 2}, path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"measurements": [{}]}'])
def test_a_file_that_is_none_of_ours(path: Path, text: str) -> None:
    path.write_text(text)
    with pytest.raises(ValueError, match="no file of measurements"):
        Store.resume(SETTINGS, path)
