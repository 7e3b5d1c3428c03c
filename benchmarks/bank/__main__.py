"""The bank of statements under its referees: jacspec, and Hypothesis on NumPy's float64.

    .venv/bin/python -m benchmarks.bank [--effort standard] [--seed 0] [--each]

Every statement is written once as functions, and evaluated by both; and once in the vocabulary of statements,
for the referee of these (the search alone). Under float64 the matrices are drawn
by ``hypothesis.extra.numpy`` with floats from -10 to 10, as many examples as jacspec draws, and ``≤`` is
tested as it stands and with the customary tolerance of 1e-9. Prints how many true statements each refutes,
how many false ones it misses, and the seconds; ``--each`` adds a line per statement.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from time import process_time

import hypothesis
import numpy as np
from hypothesis import HealthCheck, Phase, Verbosity, given, settings, strategies as st
from hypothesis.errors import Unsatisfiable
from rich.console import Console
from rich.table import Table

from benchmarks.bank import BANK
from benchmarks.bank.arithmetic import FLOATS
from benchmarks.bank.entry import Entry
from benchmarks.bank.statements import STATEMENTS
from jacspec.proofs_check import Verdict, verify
from jacspec.proofs_check.claims.effort import EFFORTS
from jacspec.proofs_check.referee.statements.search_effort import SEARCH_EFFORTS
from jacspec.proofs_check.referee.statements.statement_search import search_statement

TOLERANCE = 1e-9
WIDTH = 100


@dataclass(frozen=True)
class Outcome:
    """What a referee made of one statement: whether it refuted it, and the processor seconds."""

    refuted: bool
    seconds: float
    crashed: bool = False

    def right(self, entry: Entry) -> bool:
        """Whether that is the truth."""
        return self.refuted is not entry.true


class _Refuted(Exception):  # noqa: N818 -- a signal to Hypothesis, not an error
    """Raised at a counterexample."""


def jacspec(entry: Entry, effort: str, seed: int) -> Outcome:
    """Exact examples, balls; the mutants of a true statement are searched as well."""
    start = process_time()
    report = verify(entry.claim(), effort=effort, seed=seed)
    return Outcome(report.verdict is Verdict.REFUTED, process_time() - start)


def stated(entry: Entry, effort: str, seed: int) -> Outcome:
    """The same in the vocabulary of statements: floats propose, balls decide."""
    start = process_time()
    found = search_statement(STATEMENTS[entry.label], seed=seed, effort=SEARCH_EFFORTS[effort], shrink=False)
    return Outcome(found.hit is not None, process_time() - start)


def float64(tolerance: float) -> Callable[[Entry, str, int], Outcome]:
    """Hypothesis as one would first use it; an exception of LAPACK's discards the example."""

    def referee(entry: Entry, effort: str, seed: int) -> Outcome:
        @hypothesis.seed(seed)
        @settings(
            max_examples=EFFORTS[effort].examples,
            database=None,
            deadline=None,
            print_blob=False,
            verbosity=Verbosity.quiet,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        )
        @given(st.fixed_dictionaries({name: domain.floats for name, domain in entry.given.items()}))
        def attempt(example: dict[str, object]) -> None:
            try:
                hypothesis.assume(
                    all(condition(FLOATS, **example) > 0 for condition in entry.hypotheses.values())
                )
                holds = all(r.in_floats(tolerance) for r in entry.conclusion(FLOATS, **example))
            except (np.linalg.LinAlgError, ZeroDivisionError):
                hypothesis.reject()
            if not holds:
                raise _Refuted

        start = process_time()
        refuted = False
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                attempt()
        except _Refuted:
            refuted = True
        except Unsatisfiable:
            pass
        return Outcome(refuted, process_time() - start)

    return referee


REFEREES = {
    "jacspec": jacspec,
    "jacspec, in a line": stated,
    "float64, exact ≤": float64(0.0),
    f"float64, to {TOLERANCE:.0e}": float64(TOLERANCE),
}


def summary(outcomes: dict[str, list[Outcome]]) -> Table:
    """One row per referee."""
    true, false = (sum(entry.true is truth for entry in BANK) for truth in (True, False))
    table = Table("referee", title=f"{true} true statements, {false} false ones")
    for heading in ("true refuted", "false missed", "wrong", "seconds", "slowest"):
        table.add_column(heading, justify="right")
    for name, results in outcomes.items():
        wrong = [entry for entry, result in zip(BANK, results, strict=True) if not result.right(entry)]
        refuted = sum(entry.true for entry in wrong)
        seconds = [result.seconds for result in results]
        table.add_row(
            name,
            f"{refuted}/{true}",
            f"{len(wrong) - refuted}/{false}",
            str(len(wrong)),
            f"{sum(seconds):.1f}",
            f"{max(seconds):.2f}",
        )
    return table


def each(outcomes: dict[str, list[Outcome]]) -> Table:
    """One row per statement: the seconds of each referee, starred where it is wrong."""
    table = Table("statement", "is")
    for name in outcomes:
        table.add_column(name, justify="right")
    for position, entry in enumerate(BANK):
        cells = [results[position] for results in outcomes.values()]
        table.add_row(
            entry.label,
            "true" if entry.true else "false",
            *(f"{cell.seconds:.2f}{' ' if cell.right(entry) else '*'}" for cell in cells),
        )
    table.caption = "processor seconds; * wrong: a true statement refuted, or a false one missed"
    return table


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--effort", choices=EFFORTS, default="standard")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--each", action="store_true", help="a line per statement")
    options = parser.parse_args()
    outcomes = {
        name: [referee(entry, options.effort, options.seed) for entry in BANK]
        for name, referee in REFEREES.items()
    }
    console = Console(width=WIDTH)
    if options.each:
        console.print(each(outcomes))
    console.print(summary(outcomes))


if __name__ == "__main__":
    main()
