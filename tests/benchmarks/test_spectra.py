"""The command: one tiny chain end to end, its document, a second run that measures nothing, bad input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from benchmarks import spectra
from benchmarks.measure import Key, Measurement, Runner

TINY = ["--parts", "spectra", "--widths", "4", "--depths", "5", "--peers", "numpy,flint", "--digits", "20"]


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(spectra.main, arguments)


def test_a_tiny_chain_end_to_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, document = tmp_path / "run.json", tmp_path / "benchmarks.md"
    made = _run(*TINY, "--json", str(kept), "--markdown", str(document))
    assert made.exit_code == 0, made.output
    for shown in ("jacspec values", "jacspec vectors", "NumPy", "FLINT eig vectors", "4/4"):
        assert shown in made.stdout
    assert "[5/5] n=4 N=5 flint vectors" in made.stderr
    text = document.read_text()
    for shown in ("one thread", "python-flint", "GiB of memory", "benchmarks/spectra.py", "## How to read"):
        assert shown in text
    assert len(json.loads(kept.read_text())["measurements"]) == 5

    def unexpected(runner: Runner, key: Key, reference: Measurement | None) -> Measurement:
        raise AssertionError(key)

    monkeypatch.setattr(Runner, "run", unexpected)
    again = _run(*TINY, "--json", str(kept), "--resume")
    assert again.exit_code == 0, again.output
    assert again.stdout == made.stdout
    assert "[1/5]" not in again.stderr


def test_ctrl_c_prints_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(runner: Runner, key: Key, reference: Measurement | None) -> Measurement:
        if key[0] != "jacspec values":
            raise KeyboardInterrupt
        return Measurement(*key, seconds=0.125, digits=31.0, certified=True, right=4)

    monkeypatch.setattr(Runner, "run", interrupted)
    made = _run(*TINY)
    assert made.exit_code == 130
    assert "31 cert." in made.stdout
    assert "interrupted" in made.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--widths", "16,x"], "'16,x': expected positive integers"),
        (["--depths", "0"], "'0': expected positive integers"),
        (["--peers", "numpy,matlab"], "'matlab': expected some of float64,numpy"),
        (["--parts", "all"], "'all': expected some of spectra,slope,float64"),
        (["--resume"], "--resume: expected --json FILE"),
    ],
)
def test_bad_input(arguments: list[str], said: str) -> None:
    made = _run(*arguments)
    assert made.exit_code == 2
    assert said in made.stderr


def test_a_run_with_other_settings_is_refused(tmp_path: Path) -> None:
    kept = tmp_path / "run.json"
    kept.write_text("{}")
    made = _run(*TINY, "--json", str(kept), "--resume")
    assert made.exit_code == 2
    assert "no file of measurements" in made.stderr
