"""Wishes (微心愿). Ids, codes and times."""
