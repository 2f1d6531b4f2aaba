"""The services behind the door: how they are asked, and what they list."""

from services.gateway.upstream.answer import Answer, ServiceAway, ServiceFull
from services.gateway.upstream.listings import Listings
from services.gateway.upstream.upstreams import Upstreams

__all__ = ["Answer", "Listings", "ServiceAway", "ServiceFull", "Upstreams"]
