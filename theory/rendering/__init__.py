"""The theory as a document."""
