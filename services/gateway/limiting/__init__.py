"""How often somebody may come: by who they are or where they come from, and what they want."""

from services.gateway.limiting.limiting import Group, Limiting
from services.gateway.limiting.origin import Origins

__all__ = ["Group", "Limiting", "Origins"]
