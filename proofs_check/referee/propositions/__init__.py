"""The referee of propositions: what they say of examples, and every single-site variant of that."""
