"""Where nothing may be skipped, a test or a file that skips fails; elsewhere it is skipped."""

from __future__ import annotations

from pathlib import Path

import pytest

HOOKS = Path(__file__).with_name("conftest.py").read_text(encoding="utf-8")
ONE_TEST = """
import pytest

@pytest.mark.skipif(True, reason="no such device")
def test_of_a_device(): pass

def test_of_a_package(): pytest.importorskip("no_such_package")

@pytest.mark.xfail(strict=True)
def test_of_a_fault(): assert False

def test_of_nothing(): pass
"""
A_FILE = """
import pytest

pytest.importorskip("no_such_package")

def test_of_a_package(): pass
"""


@pytest.fixture
def outcomes(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makeconftest(HOOKS)
    pytester.makepyfile(test_one=ONE_TEST, test_file=A_FILE)
    return pytester


def test_what_is_skipped_is_a_failure_if_nothing_may_be(
    outcomes: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JACSPEC_NO_SKIPS", "1")
    ended = outcomes.runpytest_inprocess("--continue-on-collection-errors")
    ended.assert_outcomes(passed=1, failed=1, errors=2, xfailed=1)
    ended.stdout.fnmatch_lines(
        ["*no such device; JACSPEC_NO_SKIPS is set*", "*could not import 'no_such_package'*"]
    )
    assert ended.ret == pytest.ExitCode.TESTS_FAILED


def test_elsewhere_it_is_skipped(outcomes: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JACSPEC_NO_SKIPS", raising=False)
    ended = outcomes.runpytest_inprocess()
    ended.assert_outcomes(passed=1, skipped=3, xfailed=1)
    assert ended.ret == pytest.ExitCode.OK
