"""Queries over the stored states and their indexes, a module per chapter."""

from services.subscriptions.views import feed, webhooks
from shared.runtime.journal import Kind

KINDS = (*feed.KINDS, *webhooks.KINDS, Kind("place"))
