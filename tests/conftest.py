"""Profiles of Hypothesis, chosen by the environment variable HYPOTHESIS_PROFILE; and whether a test may skip.

``ci`` draws the same modest number of examples every time; ``dev``, the default, is the same;
``deep`` draws many, afresh on every run. Where JACSPEC_NO_SKIPS is set, a test that skips fails:
what is not installed there was not tested.
"""

import os
import signal
import threading
from collections.abc import Generator
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings

# Exact chains are slow to draw compared with what Hypothesis is used to.
_SLOW_DRAWS = [HealthCheck.too_slow, HealthCheck.data_too_large]

settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=25,
    suppress_health_check=_SLOW_DRAWS,
)
settings.register_profile("dev", settings.get_profile("ci"))
settings.register_profile(
    "deep", deadline=None, database=None, max_examples=1000, suppress_health_check=_SLOW_DRAWS
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


@pytest.fixture(autouse=True)
def _interrupts_are_heard() -> None:
    """A script's ``&`` starts the tests with SIGINT ignored, which children would inherit."""
    here = threading.current_thread() is threading.main_thread()
    if here and signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


def _unless_skipped(report: Report) -> Report:
    if os.environ.get("JACSPEC_NO_SKIPS") and report.skipped and not hasattr(report, "wasxfail"):
        *_, reason = report.longrepr if isinstance(report.longrepr, tuple) else (report.longrepr,)
        report.outcome = "failed"
        report.longrepr = f"{reason}; JACSPEC_NO_SKIPS is set, and nothing may be skipped"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _unless_skipped((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _unless_skipped((yield))
