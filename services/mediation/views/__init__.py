"""Queries over the stored states and their indexes, a module per chapter."""

from services.mediation.views import (
    agreements,
    disputes,
    evidence,
    panels,
    sessions,
)
from shared.runtime.journal import Kind

KINDS: tuple[Kind, ...] = (
    Kind("home"),
    *disputes.KINDS,
    *panels.KINDS,
    *sessions.KINDS,
    *evidence.KINDS,
    *agreements.KINDS,
)
