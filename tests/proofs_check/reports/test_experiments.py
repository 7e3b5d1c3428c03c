"""What experiments left, found in folders and in documents."""

import pytest

from jacspec.documents import text
from jacspec.numerics import InputError
from jacspec.proofs_check.reports import experiments_in, found_experiments
from jacspec.proofs_check.reports.experiments import ShownExperiment, described, experiments_blocks
from tests.proofs_check.reports.results import ONE_PIXEL, results


def test_experiments_are_found_with_their_findings_and_pictures(tmp_path):
    results(tmp_path, "depth-scaling")
    results(tmp_path, "depth", complete=False)
    (tmp_path / "other.json").write_text("[1", encoding="utf-8")
    (tmp_path / "package.json").write_text('{"experiment": "another"}', encoding="utf-8")
    for name in ("depth.png", "depth-relu.png", "depth-scaling.png", "depth-scaling.svg", "lone_one.png"):
        (tmp_path / name).write_bytes(ONE_PIXEL)
    depth, scaling, lone = found_experiments([tmp_path])
    assert (depth.name, depth.findings, depth.complete) == ("depth", ("s_1 <b>grows",), False)
    assert [[file.name for file in files] for files in depth.pictures] == [["depth-relu.png"], ["depth.png"]]
    assert [[file.name for file in files] for files in scaling.pictures] == [
        ["depth-scaling.png", "depth-scaling.svg"]
    ]
    assert (lone.title, lone.findings) == ("Lone one", ())


def test_of_two_folders_the_first_is_shown(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
    results(first, "depth")
    for name in ("depth.png", "depth-old.png", "more.png"):
        (second / name).write_bytes(ONE_PIXEL)
    assert [each.name for each in found_experiments([first, second])] == ["depth", "more"]
    assert found_experiments([tmp_path / "none"]) == []


def test_pictures_of_a_document_say_what_it_says_of_them(tmp_path):
    (tmp_path / "depth.png").write_bytes(ONE_PIXEL)
    document = tmp_path / "findings.md"
    document.write_text("# Found\n\n![Two\nlines](depth.png) and ![none](missing.png)", encoding="utf-8")
    (shown,) = described(document)
    assert (shown.name, shown.findings, shown.seed) == ("depth", ("Two lines",), None)
    assert described(tmp_path / "none.md") == []


def test_a_folder_without_results_is_refused(tmp_path):
    with pytest.raises(InputError, match="holds no results of experiments: make them by 'jacspec reproduce"):
        experiments_in(tmp_path)
    with pytest.raises(InputError, match="is no folder"):
        experiments_in(tmp_path / "none")


def test_a_picture_that_cannot_be_read_is_named_in_its_place(tmp_path):
    (tmp_path / "depth.png").mkdir()
    shown = ShownExperiment("depth", (), ((tmp_path / "depth.png",),))
    written = text.write(list(experiments_blocks([shown])))  # wrapped as the folder's name is long
    assert "depth.png' is a folder; expected a picture" in " ".join(written.split())
