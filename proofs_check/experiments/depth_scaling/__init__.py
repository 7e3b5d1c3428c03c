"""The experiment: depth scaling along training."""
