"""One's own data over HTTP: what mediation holds about the caller, in one document."""

from services.mediation.api import (
    agreements,
    disputes,
    evidence,
    panels,
    sessions,
)
from shared.runtime.own_data import Held, own_data
from shared.runtime.queries import Queries

HELD: tuple[Held, ...] = (
    *disputes.HELD,
    *panels.HELD,
    *sessions.HELD,
    *evidence.HELD,
    *agreements.HELD,
)
"""Where something about a person lies, chapter by chapter."""

QUERIES: tuple[Queries, ...] = (own_data(HELD),)
