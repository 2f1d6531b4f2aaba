"""One's own data over HTTP: what subscriptions holds about the caller, in one document."""

from services.subscriptions.api import feed, webhooks
from shared.runtime.own_data import own_data

HELD = (*feed.HELD, *webhooks.HELD)
"""Where something about a person lies, chapter by chapter."""

QUERIES = (own_data(HELD),)
