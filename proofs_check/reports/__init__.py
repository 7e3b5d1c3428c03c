"""Reports of a run: Markdown, a web page of its own, and an appendix in LaTeX."""

from jacspec.proofs_check.reports.files import make_folder, write_report
from jacspec.proofs_check.reports.html import report_page
from jacspec.proofs_check.reports.latex import report_appendix
from jacspec.proofs_check.reports.markdown import report_markdown, report_section
from jacspec.proofs_check.reports.pictures import experiments_in, found_experiments
from jacspec.proofs_check.reports.run import Run

__all__ = [
    "Run",
    "experiments_in",
    "found_experiments",
    "make_folder",
    "report_appendix",
    "report_markdown",
    "report_page",
    "report_section",
    "write_report",
]
