"""A checker of what a normal form did: plain arithmetic of words, with none of its code."""
