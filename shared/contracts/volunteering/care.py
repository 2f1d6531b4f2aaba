"""Care plans. Ids, codes and times."""
