"""One's own data over HTTP: what ledger holds about the caller, in one document."""

from services.ledger.api import credentials, log
from shared.runtime.own_data import own_data

HELD = (*log.HELD, *credentials.HELD)
"""Where something about a person lies, chapter by chapter."""

QUERIES = (own_data(HELD),)
