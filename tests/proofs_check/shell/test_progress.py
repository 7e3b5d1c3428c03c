"""Those who see no bar are told what goes on, now and then."""

from __future__ import annotations

import time

import pytest

from jacspec.proofs_check.shell.commands import shared


def test_off_a_terminal_there_is_a_line_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shared, "_EVERY", 0.05)
    with shared.counting("multiplying", 2, then="refining") as step:
        time.sleep(0.2)
        step()
        time.sleep(0.2)
        step()
        time.sleep(0.2)
    said = [line.rpartition(" (")[0] for line in capsys.readouterr().err.splitlines()]
    assert [*dict.fromkeys(said)] == ["multiplying, 0 of 2", "multiplying, 1 of 2", "refining"]
    with shared.counting("reading"):
        time.sleep(0.2)
    assert capsys.readouterr().err.startswith("reading (0 s)\n")


def test_a_step_may_say_how_many_there_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shared, "_EVERY", 0.05)
    with shared.counting("reading", then="joining") as step:
        step(3)
        time.sleep(0.2)
        step(3)
        step(3)
        time.sleep(0.2)
    said = [line.rpartition(" (")[0] for line in capsys.readouterr().err.splitlines()]
    assert [*dict.fromkeys(said)] == ["reading, 1 of 3", "joining"]


def test_what_is_soon_over_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with shared.counting("multiplying", 2, then="refining") as step:
        step()
    assert capsys.readouterr().err == ""
