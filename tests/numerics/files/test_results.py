"""Results travel: pickled, copied, saved, sent from worker processes, they arrive equal, ball by ball."""

import copy
import json
import math
import multiprocessing
import pickle
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from flint import arb
from hypothesis import given, strategies as st

from jacspec.numerics import (
    Chain,
    InputError,
    Spectrum,
    depth_scaling,
    gradient_flow,
    leading_modes,
    left_overlap,
    partial_spectra,
    principal_angles,
    spectrum,
    strong_alignment,
    velocities,
)
from jacspec.numerics.files.encoding import decoded, encoded
from jacspec.numerics.files.results import Result
from jacspec.numerics.measures.sweeps import spectra
from jacspec.numerics.support.precision import balls

CHAIN = Chain.gaussian(depth=4, width=3, seed=0)


def moved(chain):
    return velocities(chain, gradient_flow(chain, np.eye(3)))


def angles(chain):
    return principal_angles(left_overlap(chain, layer=2), 2)


MEASURES = {
    "spectrum": spectrum,
    "with vectors": partial(spectrum, vectors=True),
    "float64": partial(spectrum, engine="float64"),
    "mpmath": partial(spectrum, engine="mpmath", vectors=True),
    "overlap": partial(left_overlap, layer=2),
    "angles": angles,
    "alignment": strong_alignment,
    "depth scaling": depth_scaling,
    "partial spectra": partial_spectra,
    "partial vectors": partial(partial_spectra, vectors=True),
    "leading modes": partial(leading_modes, top=2),
    "velocities": moved,
}
KINDS = Result.__subclasses__()


@pytest.fixture(scope="module")
def results():
    singular = Chain([[[1, 0], [0, 0]], [[2, 1], [0, 3]]])
    # Zero singular values, infinities, clusters, balls that are not determined.
    odd = [
        spectrum(singular, vectors=True),
        spectrum(Chain([np.eye(3)]), vectors=True),
        depth_scaling(singular),
        strong_alignment(Chain([np.eye(2), np.diag([1.0, 2.0])])),
        spectra(lambda _: CHAIN, np.eye(3)),
    ]
    return [*(measure(CHAIN) for measure in MEASURES.values()), *odd]


def test_every_kind_of_result_is_tried(results):
    assert {type(result) for result in results} == set(KINDS)


def test_pickled_and_copied_results_are_equal(results):
    for result in results:
        for other in (pickle.loads(pickle.dumps(result)), copy.copy(result), copy.deepcopy(result)):  # noqa: S301
            assert other == result
            assert hash(other) == hash(result)
            assert str(other) == str(result)
            assert json.dumps(other.to_data()) == json.dumps(result.to_data())
    assert len({hash(result) for result in results}) == len(results)


def test_saved_results_are_read_as_they_were(results, tmp_path):
    for result in results:
        result.save(tmp_path / "result.json")
        assert type(result).load(tmp_path / "result.json") == result


def test_seconds_say_nothing_of_what_was_found():
    assert spectrum(CHAIN) == spectrum(CHAIN)
    assert partial_spectra(CHAIN) == partial_spectra(CHAIN)
    assert spectrum(CHAIN) != spectrum(CHAIN, digits=31)
    assert spectrum(CHAIN) != depth_scaling(CHAIN)


@pytest.fixture(scope="module")
def pool():
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as executor:
        yield executor


@pytest.mark.parametrize("name", MEASURES)
def test_a_worker_process_sends_what_this_one_finds(pool, name):
    assert pool.submit(MEASURES[name], CHAIN).result() == MEASURES[name](CHAIN)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # joblib's own, under newer versions of Python
def test_joblib_sends_what_this_process_finds():
    joblib = pytest.importorskip("joblib")
    names = [name for name in MEASURES if name not in ("angles", "velocities")]
    found = joblib.Parallel(2)(joblib.delayed(MEASURES[name])(CHAIN) for name in names)
    assert found == [MEASURES[name](CHAIN) for name in names]


numbers = st.one_of(st.just(0), st.integers(-(2**200), 2**200))


@given(numbers, st.integers(0, 2**80), st.integers(-300, 300), st.integers(2, 300))
def test_a_ball_is_written_with_its_very_midpoint_and_radius(middle, radius, exponent, bits):
    with balls(bits):
        ball = arb(middle, arb((radius, exponent))) / 3
    with balls(2):  # reading asks for no precision
        again = decoded(json.loads(json.dumps(encoded(ball))))
    assert again.mid().man_exp() == ball.mid().man_exp()
    assert again.rad().man_exp() == ball.rad().man_exp()


@pytest.mark.parametrize("ball", [arb("nan"), arb("inf"), -arb("inf"), arb(0, math.inf), arb(0)])
def test_infinite_and_undetermined_balls_are_written_too(ball):
    again = decoded(encoded(ball))
    assert str(again) == str(ball)
    assert again.is_exact() == ball.is_exact()


def test_a_file_that_is_no_such_result_is_refused_in_one_line(tmp_path):
    file = tmp_path / "result.json"
    depth_scaling(CHAIN).save(file)
    with pytest.raises(InputError, match="'DepthScaling'; expected a Spectrum"):
        Spectrum.load(file)
    data = spectrum(CHAIN).to_data()
    wrong_ball = {**data, "enclosures": [{"ball": "1"}]}
    others = (wrong_ball, {**data, "more": 1}, {"result": "Spectrum"}, {"result": "Result"})
    for wrong in ("{", "[]", "{}", *map(json.dumps, others)):
        file.write_text(wrong)
        with pytest.raises(InputError) as caught:
            Spectrum.load(file)
        assert "\n" not in str(caught.value)


def loaded(file, data):
    """What becomes of the data as a file: refused in one line."""
    file.write_text(json.dumps(data))
    with pytest.raises(InputError, match="expected a result as its save") as caught:
        Result.load(file)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("kind", ["balls", "reals"])
@pytest.mark.parametrize("shape", [[10**6, 10**6], [-1, -1], [10**15, 0], [1, 2]])
def test_a_matrix_is_as_large_as_its_entries_say_before_it_is_allocated(tmp_path, kind, shape):
    entries = [] if 0 in shape or shape[0] == 10**6 else ["1p0 0p0" if kind == "balls" else "1p0"]
    matrix = {kind: entries, "shape": shape, **({"bits": 53} if kind == "reals" else {})}
    name = "left_enclosures" if kind == "balls" else "left_estimates"
    file = tmp_path / "result.json"
    file.write_text(json.dumps({**spectrum(CHAIN).to_data(), name: matrix}))
    with pytest.raises(InputError, match="a matrix of"):
        Spectrum.load(file)


def test_a_field_of_another_kind_is_refused_and_named(results, tmp_path):
    file = tmp_path / "result.json"
    for result in results:
        data = result.to_data()
        for name in data.keys() - {"result"}:
            assert f"{name} is a tuple" in loaded(file, {**data, name: [True, [[[]]]]})
        loaded(file, {"result": data["result"], **dict.fromkeys(data.keys() - {"result"})})
    data = spectrum(CHAIN).to_data()
    for name, wrong in {"depth": "abc", "shape": 7, "rank": True, "engine": 1, "estimates": ["1"]}.items():
        assert f"{name} is " in loaded(file, {**data, name: wrong})
    assert "without logs" in loaded(file, {**data, "enclosures": None})
    assert "side is 'up'" in loaded(file, {**left_overlap(CHAIN, 2).to_data(), "side": "up"})


def test_fields_that_do_not_fit_each_other_or_ask_for_all_time_are_refused(tmp_path):
    file = tmp_path / "result.json"
    found, overlap, scaling = (
        each(CHAIN).to_data() for each in (spectrum, MEASURES["overlap"], depth_scaling)
    )
    for name, wrong in (("digits", 0), ("digits", 10**9), ("precision_bits", 1), ("precision_bits", 10**20)):
        assert f"{name} is {wrong}" in loaded(file, {**found, name: wrong})
        assert f"{name} is {wrong}" in loaded(file, {**overlap, name: wrong})
    loaded(file, {**found, "shape": [1]})
    loaded(file, {**found, "enclosures": [{"ball": "1p99999 0p0"}]})  # no logarithm is as large
    for entries, shape in (([], [0]), ([1.0], []), ([1.0] * 6, [3, 2])):
        loaded(file, {**scaling, "delta": {"array": entries, "shape": shape}})


def test_equal_results_have_one_hash():
    found = spectrum(CHAIN, engine="float64")
    zero, whole = (replace(found, estimates=numbers) for numbers in ((0.0, 1.0), (-0.0, 1)))
    assert zero == whole
    assert hash(zero) == hash(whole)
    flat = depth_scaling(CHAIN)
    other = replace(flat, gamma=flat.gamma * 0.0)
    assert other == replace(other, gamma=-other.gamma)
    assert hash(other) == hash(replace(other, gamma=-other.gamma))


def test_every_result_has_rows_an_array_and_a_picture(results):
    pyplot = pytest.importorskip("matplotlib.pyplot")
    for result in results:
        array, rows = np.asarray(result), result.to_records()
        assert array.dtype == np.float64
        assert len(result) == len(array)
        assert rows
        assert all(row.keys() == rows[0].keys() for row in rows)
        assert set(result.units) <= set(rows[0])
        json.dumps(rows)
        figure, axes = pyplot.subplots()
        assert result.plot(axes) is axes
        assert axes.has_data()
        figure.canvas.draw()
        pyplot.close(figure)
    pyplot.close(spectrum(CHAIN).plot().figure)


def test_rows_say_what_was_found():
    found = spectrum(CHAIN)
    assert [row["log_singular_value"] for row in found.to_records()] == found.log_singular_values.tolist()
    assert all(0 < row["radius"] < 1e-30 for row in found.to_records())
    assert all(row["radius"] is None for row in spectrum(CHAIN, engine="float64").to_records())
    parts = partial_spectra(CHAIN)
    layer = [row for row in parts.to_records() if row["layer"] == 2 and row["side"] == "right"]
    assert [row["log_singular_value"] for row in layer] == parts.right[1].log_singular_values.tolist()
    np.testing.assert_array_equal(np.asarray(parts)[1, 1], parts.right[1].log_singular_values)
    overlap = left_overlap(CHAIN, 2)
    np.testing.assert_array_equal(np.asarray(overlap), overlap.values)
    assert overlap.to_records()[1]["value"] == overlap.values[0, 1]


def test_rows_are_a_frame_with_units():
    pandas = pytest.importorskip("pandas")
    frame = depth_scaling(CHAIN).to_frame()
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame["gamma"]) == depth_scaling(CHAIN).gamma.tolist()
    assert frame.attrs["units"]["gamma"] == "nats per factor"
