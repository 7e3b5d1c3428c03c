"""Rules, words, normal forms and mutants of expressions."""
