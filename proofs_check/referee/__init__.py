"""From a claim to a verdict: search, refutation, weighing, sharpness, means and limits."""
