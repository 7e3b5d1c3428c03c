"""How much each hypothesis of a claim carries, and how sharp its bounds are."""
