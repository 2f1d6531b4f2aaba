"""Three-order service (点单 派单 接单). Ids, codes and times."""
