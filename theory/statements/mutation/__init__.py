"""Wrong variants of expressions and statements."""
