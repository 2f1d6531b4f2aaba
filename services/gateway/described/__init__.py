"""What the door offers to programs: one OpenAPI document, and a page to read it by."""

from services.gateway.described.described import ROUTES, Described

__all__ = ["ROUTES", "Described"]
