"""proofs_check: claims, the search for counterexamples, evidence, verdicts, and the command line."""

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
