"""proofs_check: claims, the search for counterexamples, evidence, verdicts, and the command line.

The public names are loaded when they are first used: pytest imports this package in every run of whoever
has it installed, and ``jacspec --help`` should not wait for SymPy.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from proofs_check.claim import Claim, Expectation, Verdict
    from proofs_check.engine import verify
    from proofs_check.evidence import Report
    from proofs_check.limits import Limit
    from proofs_check.margin import at_most, equal, exactly
    from proofs_check.statistics import Prediction, Statistics

__all__ = [
    "Claim",
    "Expectation",
    "Limit",
    "Prediction",
    "Report",
    "Statistics",
    "Verdict",
    "at_most",
    "equal",
    "exactly",
    "verify",
]

_HOMES = {
    "Claim": "claim",
    "Expectation": "claim",
    "Limit": "limits",
    "Prediction": "statistics",
    "Report": "evidence",
    "Statistics": "statistics",
    "Verdict": "claim",
    "at_most": "margin",
    "equal": "margin",
    "exactly": "margin",
    "verify": "engine",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
