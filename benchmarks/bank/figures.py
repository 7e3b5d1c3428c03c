"""Figures of the search for counterexamples to statements, on the bank: misses, times, examples per second.

    .venv/bin/python -m benchmarks.bank.figures [--seeds 20]

Every false statement is searched at every seed at standard effort, every true one at seed 0, by the search of
statements; and by Hypothesis on NumPy's float64, for its examples per second. Times are of CPU; the
time to a counterexample is that until it is found and certified, before it is shrunk.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from statistics import median
from time import process_time
from typing import Any

from benchmarks.bank import BANK
from benchmarks.bank.__main__ import TOLERANCE, float64
from benchmarks.bank.arithmetic import Arithmetic
from benchmarks.bank.entry import Entry
from benchmarks.bank.statements import STATEMENTS
from jacspec.proofs_check.referee.statements.search_effort import SEARCH_EFFORTS
from jacspec.proofs_check.referee.statements.statement_search import StatementSearch, search_statement

_STANDARD = SEARCH_EFFORTS["standard"]


def searched(label: str, seed: int) -> StatementSearch:
    """What the search of one statement finds."""
    return search_statement(STATEMENTS[label], seed=seed, effort=_STANDARD, shrink=False)


def misses(seeds: int) -> None:
    """Print how often a false statement is missed, and how soon one is refuted."""
    times, missed = [], []
    false = [entry.label for entry in BANK if not entry.true]
    searched(false[0], 0)  # imports
    for label in false:
        for seed in range(seeds):
            start = process_time()
            hit = searched(label, seed).hit
            times.append(process_time() - start)
            missed += [f"{label} at seed {seed}"] * (hit is None)
    print(f"{len(false)} false statements at {seeds} seeds: {len(missed)} of {len(times)} missed", *missed)
    print(f"a counterexample after {1e3 * median(times):.1f} ms (median), {max(times):.2f} s (worst)")


def rates() -> None:
    """Print the examples per second of both, on the true statements."""
    true = [entry for entry in BANK if entry.true]
    start, proposed, refuted = process_time(), 0, 0
    for entry in true:
        found = searched(entry.label, 0)
        proposed += found.tally.proposed
        refuted += found.hit is not None
    ours = proposed / (process_time() - start)
    plain = counted(true)
    print(f"{len(true)} true statements: {refuted} refuted")
    for tolerance in (0.0, TOLERANCE):
        referee = float64(tolerance)
        wrong = [entry.true for entry in BANK if referee(entry, "standard", 0).refuted is entry.true]
        print(
            f"Hypothesis, to {tolerance:g}: {sum(wrong)} true refuted, {len(wrong) - sum(wrong)} false missed"
        )
    print(
        f"{ours:.0f} examples a second, Hypothesis on float64 {plain:.0f}: {ours / plain:.0f} times as many"
    )


def counted(entries: list[Entry]) -> float:
    """Hypothesis's examples per second; premises that fail count as examples too."""
    count = 0

    def counting(entry: Entry) -> Entry:
        first = next(iter(entry.hypotheses.values()), None) or entry.conclusion

        def look(on: Arithmetic, **example: Any) -> Any:
            nonlocal count
            count += 1
            return first(on, **example)

        if not entry.hypotheses:
            return replace(entry, conclusion=look)
        name, *_ = entry.hypotheses
        return replace(entry, hypotheses={**entry.hypotheses, name: look})

    referee = float64(TOLERANCE)
    seconds = sum(referee(counting(entry), "standard", 0).seconds for entry in entries)
    return count / seconds


def main() -> None:
    """Print all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=20)
    misses(parser.parse_args().seeds)
    rates()


if __name__ == "__main__":
    main()
