"""Passing on what is meant for the services, and their answers."""

from services.gateway.passing.passing import Passing, allowed

__all__ = ["Passing", "allowed"]
