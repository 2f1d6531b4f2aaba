"""Queries over the stored states and their indexes, a module per chapter."""

from services.notifications.views import alarms, broadcasts, inbox
from shared.runtime.journal import Kind

KINDS = (*inbox.KINDS, *broadcasts.KINDS, *alarms.KINDS, Kind("place"))
