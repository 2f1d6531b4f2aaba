"""mediation: disputes, who mediates them, what was said, shown and agreed."""
