"""Verdicts on all of them at several seeds: what was missed, what was refuted though it is true.

.venv/bin/python -m benchmarks.bank.afterwards [--seeds 5] [--effort standard]
"""

from __future__ import annotations

import argparse
from collections import Counter
from time import process_time

from benchmarks.bank.afterwards.statements import FALSE, TRUE, Said
from jacspec import Verdict, claim, verify


def verdicts(statements: Said, seeds: int, effort: str, *, true: bool) -> int:
    """Print the verdicts that are wrong or open, and return how many statements have one."""
    wrong = 0
    for label, (relation, given) in statements.items():
        start = process_time()
        found = Counter(
            verify(claim(label, relation, given), effort=effort, seed=seed).verdict for seed in range(seeds)
        )
        right = Verdict.SUPPORTED if true else Verdict.REFUTED
        if found[right] < seeds:
            wrong += 1
            said = ", ".join(f"{verdict.value} {count}" for verdict, count in found.items())
            print(f"{label}: {said} of {seeds} ({process_time() - start:.1f} s)", flush=True)
    return wrong


def main() -> None:
    """Print all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--effort", default="standard")
    options = parser.parse_args()
    for statements, true in ((FALSE, False), (TRUE, True)):
        wrong = verdicts(statements, options.seeds, options.effort, true=true)
        print(
            f"{len(statements)} {'true' if true else 'false'} statements: {wrong} without the right verdict"
        )


if __name__ == "__main__":
    main()
