"""One's own data over HTTP: what volunteering holds about the caller, in one document."""

from services.volunteering.api import teams, wishes
from shared.runtime.own_data import own_data

HELD = (*teams.HELD, *wishes.HELD)
"""Where something about a person lies, chapter by chapter."""

QUERIES = (own_data(HELD),)
