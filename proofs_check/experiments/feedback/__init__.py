"""The experiment: the feedback loop along training."""
