"""Open311 GeoReport v2, mapped onto petitions."""

from services.gateway.open311.routes import ROUTES

__all__ = ["ROUTES"]
