"""What all experiments share: the bar, the estimate, interrupts, and the files they leave."""

import io
import json
import math

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from rich.console import Console

from jacspec.numerics import Chain
from jacspec.numerics.support.errors import InputError
from jacspec.proofs_check.experiments.frame.outcome import Outcome, prepared, written
from jacspec.proofs_check.experiments.frame.pictures import new_figure, palette, reference_line, tidy
from jacspec.proofs_check.experiments.frame.progress import Progress, about
from jacspec.proofs_check.experiments.overlap import figure as overlap
from jacspec.proofs_check.experiments.velocities import figure as velocities

DISTINGUISHED = {"overlap": overlap._COLOURS, "velocities": (velocities._DECOUPLED, velocities._CLOSED)}
"""Colours that tell curves of one panel apart."""


def lightness(colour):
    """CIE L*, from 0 to 100: what is left of a colour in grey."""
    light = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in to_rgb(colour)]
    luminance = np.dot((0.2126, 0.7152, 0.0722), light)
    return 116 * luminance ** (1 / 3) - 16


@pytest.mark.parametrize("experiment", DISTINGUISHED)
def test_colours_are_told_apart_in_grey_and_on_white(experiment):
    found = sorted(map(lightness, DISTINGUISHED[experiment]))
    assert min(np.diff([*found, 100])) > 20


def outcome(**changes):
    values = {
        "experiment": "toy",
        "seed": 7,
        "parameters": {"width": np.int64(3), "sizes": (1, 2)},
        "arrays": {"squares": np.arange(4) ** 2},
        "summary": {"missing": math.nan, "log of zero": -math.inf, "rows": np.array([[0.5, math.nan]])},
        "findings": ("one is one",),
        "seconds": 1.23456,
    }
    return Outcome(**(values | changes))


def picture():
    figure = new_figure(3, 2)
    axes = figure.add_axes((0.2, 0.2, 0.7, 0.7))
    axes.plot([0, 1], [0, 1], color=palette(2)(0))
    reference_line(axes, 0.5, "half")
    tidy(axes)
    return figure


@pytest.mark.parametrize("modes", [2, 3, 4, 9, 15])
def test_colours_of_modes_are_told_apart_in_grey(modes):
    """CIE lightness, of which a step of 2.3 is just noticed, rises from one mode to the next."""
    encoded = palette(modes)(range(modes))[:, :3]
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    lightness = 116 * np.cbrt(linear @ (0.2126, 0.7152, 0.0722)) - 16
    assert np.diff(lightness).min() > 2.3
    assert lightness.max() < 90  # not lost on white


# --- progress ------------------------------------------------------------------------------------


def progress(console=None, *, total=10, estimate=0.0):
    return Progress("toy", total=total, unit="step", estimate=estimate, console=console)


def test_work_that_is_done_is_complete():
    with progress() as running:
        for _ in range(10):
            running.advance()
    assert running.complete
    assert running.interruption is None
    assert running.seconds >= 0


def test_an_interrupt_after_the_first_step_ends_the_block_and_says_where():
    with progress() as running:
        running.reached(4)
        raise KeyboardInterrupt
    assert not running.complete
    assert running.interruption.startswith("interrupted at step 4 of 10: ")


def test_an_interrupt_before_anything_was_kept_goes_on():
    with pytest.raises(KeyboardInterrupt), progress():
        raise KeyboardInterrupt


def test_no_other_exception_is_swallowed():
    running = progress()
    running.reached(1)
    with pytest.raises(ZeroDivisionError), running:
        raise ZeroDivisionError


@pytest.mark.parametrize(("seconds", "said"), [(40, "toy: about 40 s\n"), (1, "")])
def test_the_estimate_is_said_beforehand_where_it_matters(seconds, said):
    stream = io.StringIO()
    progress(Console(file=stream), estimate=seconds)
    assert stream.getvalue() == said


def test_the_bar_counts_and_shows_the_note():
    stream = io.StringIO()
    with progress(Console(file=stream, force_terminal=True, width=100)) as running:
        running.reached(7, "loss 0.25")
    assert "step 7 of 10" in stream.getvalue()
    assert "loss 0.25" in stream.getvalue()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1.2, "about 2 s"), (38, "about 40 s"), (94, "about 90 s"), (100, "about 2 min"), (290, "about 5 min")],
)
def test_estimates_are_round(seconds, words):
    assert about(seconds) == words


# --- files ---------------------------------------------------------------------------------------


def test_everything_is_written_under_the_experiments_name(tmp_path):
    chain = Chain.gaussian(depth=2, width=2, seed=0)
    figures = {"": picture(), "-close": picture()}
    report = written(prepared(tmp_path / "a" / "b"), outcome(), figures, {"toy-chain.npz": chain})
    assert [file.name for file in report.files] == [
        "toy.npz", "toy.json", "toy-chain.npz", "toy.svg", "toy.png", "toy-close.svg", "toy-close.png"
    ]  # fmt: skip
    assert {file.parent for file in report.files} == {tmp_path / "a" / "b"}
    with np.load(report.files[0]) as data:
        assert data["squares"].tolist() == [0, 1, 4, 9]
    kept = json.loads(report.files[1].read_text())
    assert list(kept) == [
        "experiment", "seed", "parameters", "complete", "findings", "summary", "seconds", "versions"
    ]  # fmt: skip
    assert kept["parameters"] == {"width": 3, "sizes": [1, 2]}
    assert kept["summary"] == {"missing": None, "log of zero": "-inf", "rows": [[0.5, None]]}
    assert kept["seconds"] == 1.235
    assert Chain.load(report.files[2]).exact == chain.exact
    assert report.complete


def test_the_same_outcome_is_the_same_bytes(tmp_path):
    first, second = (written(prepared(tmp_path / place), outcome(), {"": picture()}) for place in "ab")
    for one, other in zip(first.files, second.files, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


def test_an_interrupted_run_says_so_in_the_report_and_the_file(tmp_path):
    report = written(tmp_path, outcome(interruption="interrupted at step 1 of 2"), {})
    assert not report.complete
    assert str(report).splitlines()[:3] == [
        "toy (1.2 s, interrupted)", "  * one is one", "  * interrupted at step 1 of 2"
    ]  # fmt: skip
    kept = json.loads((tmp_path / "toy.json").read_text())
    assert kept["complete"] is False
    assert kept["findings"] == ["one is one", "interrupted at step 1 of 2"]


def test_a_directory_that_cannot_be_made_or_written_is_refused(tmp_path):
    (tmp_path / "file").touch()
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(InputError, match=r"cannot be used \(.*\): expected a directory"):
            prepared(place)


def test_a_file_in_the_way_is_named(tmp_path):
    (tmp_path / "toy.json").mkdir()
    with pytest.raises(InputError, match=r"cannot write '.*toy\.json': it is a folder"):
        written(tmp_path, outcome(), {})
