"""Queries over the door's own states, and their indexes."""

from services.gateway.views import api_keys
from shared.runtime.journal import Kind

KINDS: tuple[Kind, ...] = (*api_keys.KINDS,)
