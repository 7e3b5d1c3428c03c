"""Steps, chains of steps, derivations, lemmas, induction and transposition."""
