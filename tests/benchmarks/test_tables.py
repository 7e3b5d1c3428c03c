"""Tables: slopes of known power laws, ratios, what a row says of each way to end."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from benchmarks.measure import Measurement
from benchmarks.peers import JACSPEC, JACSPEC_VECTORS
from benchmarks.plan import Plan
from benchmarks.tables import float64_grid, log_log_slope, ratio_text, slope_grid, spectra_grid

PLAN = Plan(widths=(16,), depths=(20,))
OURS = Measurement(
    JACSPEC, 16, 20, seconds=0.5, cpu_seconds=0.4, peak_mib=60.0, digits=69.2, certified=True, right=16
)


def _made(*measurements: Measurement) -> dict[tuple[str, int, int], Measurement]:
    return {one.key: one for one in measurements}


def _row(one: Measurement, *others: Measurement, limit: float = 300.0) -> dict[str, str]:
    grid = spectra_grid(PLAN, _made(OURS, *others, one), limit)
    return dict(zip(grid.headings, grid.rows[-1], strict=True))


@pytest.mark.parametrize("power", [0.5, 1.0, 2.0])
def test_slope_of_a_power_law_is_its_power(power: float) -> None:
    depths = (250, 500, 1000, 8000)
    # Rounding of the logarithms alone: a few units in the last place of ln 8000.
    assert log_log_slope(depths, [3e-4 * depth**power for depth in depths]) == pytest.approx(power, abs=1e-13)


@pytest.mark.parametrize(
    ("peer", "ours", "shown"),
    [(1.0, 1.0, "1.0"), (17.2, 1.0, "17"), (0.021, 5.0, "0.0042"), (720.0, 3.0, "240"), (4.0, 3.0, "1.3")],
)
def test_ratios(peer: float, ours: float, shown: str) -> None:
    assert ratio_text(peer, ours) == shown


def test_ratio_is_to_the_same_task() -> None:
    vectors = Measurement(JACSPEC_VECTORS, 16, 20, seconds=2.0)
    assert _row(Measurement("mpmath values", 16, 20, seconds=8.0), vectors)["ratio"] == "16"
    assert _row(Measurement("mpmath vectors", 16, 20, seconds=8.0), vectors)["ratio"] == "4.0"


def test_over_the_limit_gives_lower_bounds() -> None:
    row = _row(Measurement("mpmath values", 16, 20, "over limit"))
    assert (row["s"], row["ratio"], row["MiB"], row["digits"]) == ("> 300", "> 600", "–", "–")


def test_failure_names_the_exception() -> None:
    row = _row(Measurement("flint values", 16, 20, "failed", note="ValueError"))
    assert (row["s"], row["note"], row["ratio"]) == ("fails", "ValueError", "–")


def test_absence_says_how_to_install() -> None:
    absent = Measurement(
        "eigen-bdc values", 16, 20, "absent", note="no C++ compiler found; apt-get install g++"
    )
    assert _row(absent)["note"] == "not present"
    (remark,) = spectra_grid(PLAN, _made(OURS, absent), 300.0).remarks
    assert "apt-get install g++" in remark


def test_the_quicker_algorithm_of_eigen_is_shown() -> None:
    slow = Measurement("eigen-bdc values", 16, 20, seconds=2.0)
    row = _row(Measurement("eigen-jacobi values", 16, 20, seconds=1.0), slow)
    assert (row["method"], row["note"], row["s"]) == ("Eigen values", "JacobiSVD", "1")
    row = _row(Measurement("eigen-jacobi values", 16, 20, "over limit"), slow)
    assert (row["note"], row["s"]) == ("BDCSVD", "2")


def test_certified_and_measured_digits_are_told_apart() -> None:
    assert _row(OURS)["digits"] == "69 cert."
    assert _row(Measurement("float64", 16, 20, seconds=0.1, digits=12.7, right=16))["digits"] == "13 meas."


def test_widest_rows_fit_a_hundred_columns() -> None:
    plan = Plan(widths=(128,), depths=(1000,))
    rows = (
        Measurement(JACSPEC, 128, 1000, "done", 0.000123, 0.000123, 1266.0, 50.0, 1859.0, True, 128),
        Measurement(
            "flint vectors", 128, 1000, "done", 0.00123, 299.0, 1266.0, 50.0, 1859.0, True, 128, "2× bits"
        ),
        Measurement("mpmath vectors", 128, 1000, "not tried", note="over the limit at n=128, N=100"),
    )
    out = StringIO()
    Console(file=out, width=100, color_system=None).print(spectra_grid(plan, _made(*rows), 300.0).table())
    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    assert max(map(len, lines)) <= 100
    assert sum("mpmath vectors" in line for line in lines) == 1
    assert "…" not in out.getvalue()


def test_cost_against_depth() -> None:
    depths = (500, 1000, 8000)
    made = _made(*(Measurement(JACSPEC, 16, depth, seconds=1e-3 * depth**1.5) for depth in depths))
    grid = slope_grid(Plan(slope_depths=depths), made)
    slope, growth = grid.remarks
    assert "1.50 (1 is linear)" in slope
    assert f"{8**0.5:.2f} times" in growth
    assert [row[0] for row in grid.rows] == ["500", "1000", "8000"]


def test_no_slope_from_one_depth() -> None:
    made = _made(Measurement(JACSPEC, 16, 500, seconds=1.0), Measurement(JACSPEC, 16, 1000, "over limit"))
    grid = slope_grid(Plan(slope_depths=(500, 1000)), made)
    assert grid.remarks == ()
    assert grid.rows[1][:3] == ("1000", "over limit", "–")


def test_float64_is_measured_against_the_sweep() -> None:
    made = _made(
        Measurement("bare sweep", 128, 1000, seconds=0.7, cpu_seconds=0.5, peak_mib=60.0, idle_mib=58.5),
        Measurement(
            "graded", 128, 1000, seconds=1.5, cpu_seconds=1.5, peak_mib=60.0, idle_mib=58.0, digits=12.0
        ),
        Measurement("bare sweep, batch", 8, 50, cpu_seconds=2.0),
        Measurement("graded, batch", 8, 50, cpu_seconds=3.0),
    )
    plan = Plan(float64_cells=((128, 1000),), batch_cell=(8, 50))
    sweep, graded, _, batch = float64_grid(plan, made).rows
    assert (sweep[6], sweep[-1]) == ("1.5", "–")
    assert (graded[6], graded[-1]) == ("2.0", "3.00")
    assert batch[-1] == "1.50"


def test_markdown_has_one_cell_for_every_heading() -> None:
    lines = spectra_grid(PLAN, _made(OURS), 300.0).markdown().splitlines()
    assert lines[0] == "## Spectra"
    assert {line.count("|") for line in lines[2:]} == {12}
    assert lines[3].split("|")[1:4] == [" --: ", " --: ", " :-- "]
