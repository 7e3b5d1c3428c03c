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
            (
                "alignment-rank-r",
                "mended",
                "the first $r$ modes too, up to a factor 2, if the first $r$ rows of $V_{A_l}ᵀ B_l$ are "
                "independent",
            ),
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
            ("loop-closes-all-modes", "asked", "at initialisation the modes decouple as $N → ∞$"),
            ("loop-closes-top-mode", "what is left", "the first mode does ($n = 3$)"),
            ("deep-linear-dynamics", "mended", "balanced factors of full rank decouple exactly"),
        ),
    ),
    Arrow(
        "decoupling",
        "more separation",
        (
            ("separation-dynamics", "claimed", "modes with a common drive separate if and only if $N ≥ 3$"),
            ("separation-dynamics-any-depth", "asked", "they do at every depth"),
        ),
    ),
)
"""What is claimed stands first, then what becomes of it; the verdicts are those of the run."""

NOTATION = (
    "$J = M_N ⋯ M_1$ has singular values $s_1 ≥ s_2 ≥ …$; $A_l = M_N ⋯ M_l$ and $B_l = M_{l-1} ⋯ M_1$, so "
    "that $J = A_l B_l$. Separated: $s_{k+1}/s_k$ is small. Aligned: the singular vectors of $A_l$ and $B_l$ "
    "are those of $J$, their overlap $R_l = U_{A_l}ᵀ U_J$ the identity up to signs. Decoupled: $ṡ_k$ depends "
    "on mode $k$ alone. Depth scaling: $s_k(A_l) = e^{(N-l+1)γ_k + δ_k}$, $s_k(B_l) = e^{(l-1)γ_k + δ_k}$; "
    "$κ = s_1/s_n$."
)
"""What the arrows speak of."""


def arrows_with_reports(run: Run) -> Iterator[tuple[Arrow, list[tuple[Report, str, str]]]]:
    """The arrows with the reports of their claims; nothing where the run leaves out one of them."""
    reports = {report.label: report for report in run.reports if report.whose is not None}
    if all(label in reports for arrow in STORY for label, _, _ in arrow.claims):
        for arrow in STORY:
            yield arrow, [(reports[label], role, words) for label, role, words in arrow.claims]
