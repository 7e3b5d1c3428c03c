"""Documents as data: blocks that say what stands in a document, and one writer for each way to show it.

Whoever has something to show makes blocks; the writers know nothing of claims, derivations or spectra. Prose
is a string with mathematics between dollar signs, in the Unicode notation of the ledger: ``for $N ≥ 2$``;
see :mod:`jacspec.documents.prose`.
"""
