"""Examples for the search: what the premises allow, families at every scale, and small exact numbers."""
