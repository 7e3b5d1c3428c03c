"""Measured comparisons with the libraries a user would otherwise pick; nothing here is installed."""
