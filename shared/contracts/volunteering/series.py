"""Series of activities. Ids, codes and times."""
