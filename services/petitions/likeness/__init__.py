"""How alike petitions are: reckoned from their words, without keeping the words."""
