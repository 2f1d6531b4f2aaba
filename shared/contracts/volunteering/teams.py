"""Teams and volunteers. Ids, codes and times."""
