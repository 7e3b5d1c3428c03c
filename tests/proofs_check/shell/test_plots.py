"""Pictures: written where asked, refused where they cannot be, and showing what they should."""

import re

import pytest

from jacspec.numerics import Chain, InputError, spectrum
from jacspec.proofs_check.shell.plots import check_picture, plot_spectrum

SIGNATURES = {".png": b"\x89PNG\r\n", ".svg": b"<?xml", ".pdf": b"%PDF-"}


@pytest.fixture(scope="module")
def deep():
    return spectrum(Chain.gaussian(depth=60, width=4, seed=0))


@pytest.mark.parametrize("suffix", SIGNATURES)
def test_every_format_is_written(deep, tmp_path, suffix):
    file = tmp_path / f"spectrum{suffix}"
    plot_spectrum(deep, "gaussian", file)
    assert file.read_bytes().startswith(SIGNATURES[suffix])


def test_the_picture_shows_every_mode(deep, tmp_path):
    file = tmp_path / "spectrum.svg"
    plot_spectrum(deep, "gaussian", file)
    drawing = file.read_text()
    curves = re.findall(r'<path d="(M[^"]*)" clip-path', drawing)
    assert any(len(re.findall(r"[ML] ", curve)) == 4 for curve in curves)


@pytest.mark.parametrize("source", ["$\\frac.npz", "caf\udce9.npz", "λ.npz"])
def test_any_source_may_be_the_title(deep, tmp_path, source):
    plot_spectrum(deep, source, tmp_path / "spectrum.png")
    assert (tmp_path / "spectrum.png").stat().st_size > 0


@pytest.mark.parametrize("factors", [[[[1, 0], [0, 0]]], [[[0, 0], [0, 0]]], [[[2]]]])
def test_zero_singular_values_and_single_modes_are_drawn_too(factors, tmp_path):
    file = tmp_path / "spectrum.png"
    plot_spectrum(spectrum(Chain(factors)), "a small chain", file)
    assert file.stat().st_size > 0


@pytest.mark.parametrize("name", ["picture.gif", "picture", "-"])
def test_an_unknown_format_is_refused(tmp_path, name):
    with pytest.raises(InputError, match=r"expected a file that ends in \.png, \.svg, \.pdf"):
        check_picture(tmp_path / name)


def test_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(InputError, match="expected an existing folder"):
        check_picture(tmp_path / "nowhere" / "picture.png")


def test_a_file_that_cannot_be_written_is_named(deep, tmp_path):
    (tmp_path / "picture.png").mkdir()
    with pytest.raises(InputError, match=r"cannot write .*picture\.png"):
        plot_spectrum(deep, "gaussian", tmp_path / "picture.png")


@pytest.mark.parametrize(
    ("top", "title"),
    [
        (None, "depth 1, rank 1 and 2 exact zeros"),
        (1, "depth 1, rank 1 and 2 exact zeros; the largest 1 of 3"),
        (2, "depth 1, rank 1 and 2 exact zeros; the largest 2 of 3"),
    ],
)
def test_the_title_counts_the_zeros_of_the_whole_spectrum(tmp_path, top, title):
    file = tmp_path / "spectrum.svg"
    plot_spectrum(spectrum(Chain([[[2, 0, 0], [0, 0, 0], [0, 0, 0]]]), top=top), "a chain", file)
    assert f"<!-- {title} -->" in file.read_text()
