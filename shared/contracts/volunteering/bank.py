"""The points bank (爱心银行). Ids, codes and times."""
