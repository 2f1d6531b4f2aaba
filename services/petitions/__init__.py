"""Petitions (诉求): what residents raise, who answers it, and by when."""
