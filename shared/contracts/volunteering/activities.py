"""Activities. Ids, codes and times."""
