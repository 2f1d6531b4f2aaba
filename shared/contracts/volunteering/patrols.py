"""Patrols (三重巡防). Ids, codes and times."""
