"""What everybody may read: released petitions, projects, statistics."""

from services.gateway.public.routes import ROUTES

__all__ = ["ROUTES"]
