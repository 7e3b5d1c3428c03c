"""Amounts of memory: read, compared, and refused in figures."""

import pytest

from jacspec.numerics import InputError
from jacspec.numerics.support.budget import allowed, demand, max_memory


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (5000, 5000),
        ("8 GB", 8 * 10**9),
        ("512MiB", 2**29),
        ("1.5k", 1500),
        ("2t", 2 * 10**12),
        ("1KiB", 1024),
    ],
)
def test_amounts(said, meant):
    with max_memory(said):
        assert allowed() == meant


@pytest.mark.parametrize(
    "said", ["", "much", "-1 GB", "0", "1e9", "9" * 30, "9" * 400, 1.5e300, "1 XB", True]
)
def test_what_is_no_amount_is_refused(said):
    with pytest.raises(InputError, match="expected an amount of memory, such as '8 GB'"), max_memory(said):
        pass


def test_blocks_are_left_as_they_were():
    outside = allowed()
    assert outside > 10**8
    with max_memory("1 GB"):
        with max_memory("2 GB"):
            assert allowed() == 2 * 10**9
        with max_memory(None):
            assert allowed() == 10**9
    assert allowed() == outside


def test_more_than_is_allowed_is_refused_with_both_figures():
    with max_memory("1 GB"):
        demand("this", 10**9)
        with pytest.raises(
            InputError, match=r"this takes about 2.5 TB of memory; expected at most 1 GB: .*--max-"
        ):
            demand("this", 2.5e12)
