"""How long a browser takes to show a page, beside a page of one word: ``make docs`` first.

python -m benchmarks.first_paint [PAGE.html ...]
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.proofs_check.reports.browser import browser

__all__ = ["main"]

SITE = Path(__file__).parent.parent / "build" / "site"
FRONTS = ("index.html", "report/index.html", "report/single.html")


def main(pages: Sequence[Path]) -> None:
    """Print the median first paint of every page, in milliseconds, and how many times that of one word."""
    with TemporaryDirectory() as folder, browser(Path(folder) / "profile") as opened:
        word = Path(folder) / "word.html"
        word.write_text("<!doctype html><title>word</title>word", encoding="utf-8")
        paints: dict[Path, list[float]] = {page: [] for page in (word, *pages)}
        for _ in range(9):
            for page, times in paints.items():  # in turn: all meet what else the machine does
                opened.open(page)
                times.append(opened.first_paint())
    peer = sorted(paints.pop(word))[4]
    print(f"{'one word':40} {peer:7.0f} ms")
    for page, times in paints.items():
        name, median = f"{page.parent.name}/{page.name}", sorted(times)[4]
        print(f"{name:40} {median:7.0f} ms  {median / peer:6.1f} times")


if __name__ == "__main__":
    main([Path(page).resolve() for page in sys.argv[1:]] or [SITE / page for page in FRONTS])
