"""Queries over the stored states and their indexes, a module per chapter."""

from services.notifications.views import inbox
from shared.runtime.journal import Kind

KINDS = (*inbox.KINDS, Kind("place"))
