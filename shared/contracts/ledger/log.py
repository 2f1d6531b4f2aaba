"""The log: what was sealed, and its signed heads. Digests, ids and times."""
