"""The three lists (三张清单). Ids, codes and times."""
