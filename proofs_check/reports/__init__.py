"""Reports of a run: Markdown, a web page of its own, and an appendix in LaTeX."""

from jacspec.proofs_check.reports.appendix import report_appendix
from jacspec.proofs_check.reports.document import report_markdown
from jacspec.proofs_check.reports.experiments import experiments_in, found_experiments
from jacspec.proofs_check.reports.files import write_report
from jacspec.proofs_check.reports.page import report_page
from jacspec.proofs_check.reports.run import Run

__all__ = [
    "Run",
    "experiments_in",
    "found_experiments",
    "report_appendix",
    "report_markdown",
    "report_page",
    "write_report",
]
