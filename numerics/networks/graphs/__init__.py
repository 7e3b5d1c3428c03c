"""Networks as graphs of operators: branches, sums, and what is smooth."""
