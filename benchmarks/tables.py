"""The tables of a run, for the terminal and in Markdown, from the same rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from rich import box
from rich.table import Table

from benchmarks.measure import Key, Measurement
from benchmarks.peers import JACSPEC, JACSPEC_VECTORS
from benchmarks.plan import BATCHES, FLOAT64, Plan

__all__ = ["Grid", "float64_grid", "grids", "log_log_slope", "ratio_text", "slope_grid", "spectra_grid"]

Made = Mapping[Key, Measurement]

_NAMES = {
    JACSPEC: "jacspec values",
    JACSPEC_VECTORS: "jacspec vectors",
    "float64": "jacspec float64",
    "graded": "graded product",
    "bare sweep": "bare QR sweep",
    "bare sweep, batch": "bare QR sweep, batch",
    "graded, batch": "graded product, batch",
    "graded stream": "graded, streamed",
    "exponents stream": "sweep, streamed",
    "numpy": "NumPy",
    "flint values": "FLINT eig values",
    "flint vectors": "FLINT eig vectors",
    "mpmath values": "mpmath values",
    "mpmath vectors": "mpmath vectors",
    "eigen values": "Eigen values",
    "eigen vectors": "Eigen vectors",
}

_ALGORITHMS = {"eigen-bdc": "BDCSVD", "eigen-jacobi": "JacobiSVD"}


@dataclass(frozen=True)
class Grid:
    """A table as text: a title, headings, rows; ``left`` are the columns that are words, not numbers."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: tuple[int, ...]
    remarks: tuple[str, ...] = ()

    def table(self) -> Table:
        """For the terminal."""
        made = Table(box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False, show_edge=False)
        for position, heading in enumerate(self.headings):
            words = position in self.left
            made.add_column(
                heading, justify="left" if words else "right", overflow="fold", no_wrap=heading != "note"
            )
        for row in self.rows:
            made.add_row(*row)
        return made

    def markdown(self) -> str:
        """For a document."""
        rules = [":--" if position in self.left else "--:" for position in range(len(self.headings))]
        lines = [_line(self.headings), _line(rules), *map(_line, self.rows)]
        return "\n".join([f"## {self.title}", "", *lines, *(f"\n{remark}" for remark in self.remarks)])


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def grids(plan: Plan, made: Made, limit: float) -> list[Grid]:
    """The tables of all parts of a run that were asked for."""
    found = []
    if plan.cells:
        found.append(spectra_grid(plan, made, limit))
    if plan.slope_depths:
        found.append(slope_grid(plan, made))
    if plan.float64_cells or plan.batch_cell or plan.stream_depths:
        found.append(float64_grid(plan, made))
    return found


# --- the main table ------------------------------------------------------------------------------


def spectra_grid(plan: Plan, made: Made, limit: float) -> Grid:
    """Every method on every chain; the ratio is the method's time over that of the certified engine."""
    rows = []
    absent = {one.note for one in made.values() if one.status == "absent"}
    for width, depth in plan.cells:
        cell = {key[0]: one for key, one in made.items() if key[1:] == (width, depth)}
        for method in _NAMES:
            one = _quicker_eigen(cell, method) if method.startswith("eigen ") else cell.get(method)
            if one is None:
                continue
            if method in ("graded", "bare sweep", "graded stream", "exponents stream"):
                continue
            ours = cell.get(JACSPEC_VECTORS if method.endswith("vectors") else JACSPEC)
            rows.append(
                (
                    str(width),
                    str(depth),
                    _NAMES[method],
                    *_figures(one, limit),
                    _digits(one),
                    _right(one),
                    _ratio(one, ours, limit),
                    _note(one),
                )
            )
    return Grid(
        "Spectra",
        ("n", "N", "method", "s", "first", "CPU s", "MiB", "digits", "right", "ratio", "note"),
        tuple(rows),
        left=(2, 10),
        remarks=tuple(f"Eigen is not present: {why}." for why in sorted(absent)),
    )


def _quicker_eigen(cell: Mapping[str, Measurement], method: str) -> Measurement | None:
    """Of Eigen's two algorithms the quicker; if neither is done, what there is to say about the first."""
    wanted = method.removeprefix("eigen ")
    tried = [cell[name] for head in _ALGORITHMS if (name := f"{head} {wanted}") in cell]
    done = [one for one in tried if one.seconds is not None]
    if done:
        return min(done, key=lambda one: one.seconds or 0.0)
    return tried[0] if tried else None


def _figures(one: Measurement, limit: float) -> tuple[str, str, str, str]:
    if one.seconds is None:
        shown = {"over limit": f"> {limit:g}", "failed": "fails", "absent": "–"}.get(one.status, "not tried")
        return shown, "–", "–", "–"
    best, first, cpu = map(_seconds, (one.seconds, one.first_seconds, one.cpu_seconds))
    return best, first, cpu, _number(one.peak_mib, "{:.0f}")


def _seconds(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}" if value >= 0.001 else f"{value:.2g}"


def _number(value: float | None, form: str) -> str:
    return "–" if value is None else form.format(value)


def _digits(one: Measurement) -> str:
    if one.digits is None:
        return "–"
    return f"{max(one.digits, 0):.0f} {'cert.' if one.certified else 'meas.'}"


def _right(one: Measurement) -> str:
    return "–" if one.right is None else f"{one.right}/{one.width}"


def ratio_text(peer: float, ours: float) -> str:
    """``peer / ours`` with two or three significant figures, such as 0.0042, 1.3, 17 and 240."""
    ratio = peer / ours
    if ratio >= 10:
        return f"{ratio:.0f}"
    return f"{ratio:.1f}" if ratio >= 1 else f"{ratio:.2g}"


def _ratio(one: Measurement, ours: Measurement | None, limit: float) -> str:
    if ours is None or ours.seconds is None:
        return "–"
    if one.seconds is not None:
        return ratio_text(one.seconds, ours.seconds)
    return f"> {ratio_text(limit, ours.seconds)}" if one.status == "over limit" else "–"


def _note(one: Measurement) -> str:
    if one.status == "done":
        return _ALGORITHMS.get(one.method.split()[0], one.note)
    return {"over limit": "", "absent": "not present"}.get(one.status, one.note)


# --- cost against depth --------------------------------------------------------------------------


def log_log_slope(depths: Sequence[int], seconds: Sequence[float]) -> float:
    """The slope of ln(seconds) against ln(depth), by least squares."""
    return float(np.polyfit(np.log(depths), np.log(seconds), 1)[0])


def slope_grid(plan: Plan, made: Made) -> Grid:
    """The cost of the certified engine for each factor, and how it grows with the depth."""
    found = [made.get((JACSPEC, plan.slope_width, depth)) for depth in plan.slope_depths]
    done = {one.depth: one.seconds for one in found if one is not None and one.seconds is not None}
    rows = tuple(
        (
            str(one.depth),
            _seconds(one.seconds) if one.seconds is not None else one.status,
            _number(1e6 * one.seconds / one.depth if one.seconds is not None else None, "{:.0f}"),
            _number(one.peak_mib, "{:.0f}"),
            _digits(one),
        )
        for one in found
        if one is not None
    )
    remarks = []
    if len(done) > 1:
        slope = log_log_slope(list(done), list(done.values()))
        remarks.append(
            f"Log-log slope of the time against the depth, by least squares: {slope:.2f} (1 is linear)."
        )
    for long, short in ((8000, 1000),):
        if long in done and short in done:
            growth = (done[long] / long) / (done[short] / short)
            remarks.append(f"A factor costs {growth:.2f} times as much at N = {long} as at N = {short}.")
    return Grid(
        f"Cost against depth: certified engine, values, n = {plan.slope_width}",
        ("N", "s", "µs per factor", "MiB", "digits"),
        rows,
        left=(),
        remarks=tuple(remarks),
    )


# --- float64 -------------------------------------------------------------------------------------


def float64_grid(plan: Plan, made: Made) -> Grid:
    """The float64 engine against the bare QR sweep, and streams in constant memory."""
    groups: list[tuple[tuple[str, ...], tuple[int, int]]] = [(FLOAT64, cell) for cell in plan.float64_cells]
    groups += [(BATCHES, plan.batch_cell)] if plan.batch_cell else []
    streams = ("exponents stream", "graded stream")
    groups += [(streams, (plan.stream_width, depth)) for depth in plan.stream_depths]
    rows = []
    for key, first in (((method, *cell), methods[0]) for methods, cell in groups for method in methods):
        one = made.get(key)
        if one is None:
            continue
        yardstick = made.get((first, *key[1:]))
        above = None if one.peak_mib is None or one.idle_mib is None else one.peak_mib - one.idle_mib
        rows.append(
            (
                str(one.width),
                str(one.depth),
                _NAMES[one.method],
                _seconds(one.seconds) if one.seconds is not None else one.status,
                _number(one.cpu_seconds, "{:.3g}"),
                _number(one.peak_mib, "{:.0f}"),
                _number(above, "{:.1f}"),
                _digits(one),
                _right(one),
                _over(one, yardstick),
            )
        )
    return Grid(
        "Float64",
        ("n", "N", "method", "s", "CPU s", "MiB", "MiB used", "digits", "right", "over sweep"),
        tuple(rows),
        left=(2,),
        remarks=("*over sweep*: CPU time over that of the sweep; *batch*: 10 000 chains at once.",),
    )


def _over(one: Measurement, yardstick: Measurement | None) -> str:
    if yardstick is None or one is yardstick or not one.cpu_seconds or not yardstick.cpu_seconds:
        return "–"
    return f"{one.cpu_seconds / yardstick.cpu_seconds:.2f}"
