"""The comparison with PyTorch runs, and all find the same."""

import pytest

pytest.importorskip("torch")

from benchmarks.checkpoints import METHODS, compare, main


def test_all_methods_find_the_same(capsys):
    found = compare(2, 8, runs=1)
    assert list(found) == list(METHODS)
    assert all(seconds > 0 and lines in (1, 2) and apart < 1e-12 for seconds, lines, apart in found.values())
    main(1, 2)
    assert len(capsys.readouterr().out.splitlines()) == 4
