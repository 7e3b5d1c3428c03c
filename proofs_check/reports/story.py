"""The loop that the ledger is about, as arrows: who claims each, what holds, what fails, what mends it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jacspec.proofs_check.claims.report import Report
from jacspec.proofs_check.reports.run import Run


@dataclass(frozen=True)
class Arrow:
    """From one state to the next; ``claims``: label, part in the story, and what it says in short."""

    start: str
    end: str
    claims: tuple[tuple[str, str, str], ...]


STORY = (
    Arrow(
        "Gaussian initialisation",
        "separation",
        (
            ("lyapunov-gaussian", "claimed", "$s_k(J)$ grows like $e^{N γ_k}$"),
            ("lyapunov-distinct", "claimed", "no two $γ_k$ are equal"),
            ("depth-intercept", "to a constant", "$E log s_k - N γ_k$ tends to $δ_k$"),
        ),
    ),
    Arrow(
        "separation",
        "alignment",
        (
            ("alignment-as-stated", "claimed", "if the singular values of $A_l$ separate, its vectors align"),
            ("alignment", "mended", "with $B_l$ nonsingular: $|R_{ik}| ≤ κ(B_l) min(s_i,s_k)/max(s_i,s_k)$"),
            ("alignment-rank-r", "mended", "the same of the first $r$ modes where only these are seen"),
        ),
    ),
    Arrow(
        "alignment",
        "decoupling",
        (
            (
                "general-dynamics",
                "claimed",
                "with depth scaling, each $s_k$ obeys an equation of its own as $ε → 0$",
            ),
            (
                "alignment-forces-zero-intercept",
                "but",
                "exact alignment and depth scaling leave only $δ_k = 0$",
            ),
            ("loop-closes-all-modes", "but", "at initialisation the modes decouple as $N → ∞$"),
            ("loop-closes-top-mode", "what is left", "the first mode does ($n = 3$)"),
            ("deep-linear-dynamics", "mended", "balanced factors of full rank decouple exactly"),
        ),
    ),
    Arrow(
        "decoupling",
        "more separation",
        (
            (
                "separation-dynamics-any-depth",
                "without N",
                "modes with a common drive separate at every depth",
            ),
            ("separation-dynamics", "claimed", "with a common drive they separate if and only if $N ≥ 3$"),
        ),
    ),
)
"""What is claimed stands first, then what becomes of it; the verdicts are those of the run."""


def told(run: Run) -> Iterator[tuple[Arrow, list[tuple[Report, str, str]]]]:
    """The arrows with the reports of their claims; nothing where the run leaves out one of them."""
    reports = {report.label: report for report in run.reports if report.whose is not None}
    if all(label in reports for arrow in STORY for label, _, _ in arrow.claims):
        for arrow in STORY:
            yield arrow, [(reports[label], role, words) for label, role, words in arrow.claims]
