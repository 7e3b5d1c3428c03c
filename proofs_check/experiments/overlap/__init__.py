"""The experiment: overlaps at initialisation."""
