"""Over HTTP: sessions (调解会) and the rooms they are held in."""

from services.mediation.api.sessions.calendars import queries as calendars
from services.mediation.api.sessions.reading import queries as reading
from services.mediation.api.sessions.rooms import queries as of_rooms
from services.mediation.api.sessions.rooms import rooms_api
from services.mediation.api.sessions.table import part_of_their_own, sessions_api
from shared.runtime.api import AggregateApi
from shared.runtime.own_data import Held
from shared.runtime.queries import Queries

APIS: tuple[AggregateApi, ...] = (sessions_api, rooms_api)
QUERIES: tuple[Queries, ...] = (reading, calendars, of_rooms)
HELD: tuple[Held, ...] = (Held(sessions_api, "people", part_of_their_own),)
"""Where something about a person lies."""
